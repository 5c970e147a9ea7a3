import { Button, UnstyledButton } from "@mantine/core";
import { ToneMark } from "@hm/ui";
import { CornerDownLeft } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useState } from "react";
import css from "./Form.module.css";
import { useFrame } from "./frame";
import { plain } from "./plain";
import { resultTitle, resultUnit } from "./results";
import { type FieldSchema, type Form, type Payload, labelOf, titleOf, unitText } from "./schema";

/** Brings a field under the hand, wherever it stands in the form. */
export function focusField(form: HTMLElement | null, path: string): void {
  let place: Element | null | undefined;
  for (let at = path; !place && at !== ""; at = at.split(".").slice(0, -1).join(".")) {
    place = form?.querySelector(`[data-path="${CSS.escape(at)}"]`);
  }
  const control = place?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? place?.querySelector<HTMLElement>("input, textarea, select, button, [tabindex]");
  control?.focus({ preventScroll: true });
  (place ?? control)?.scrollIntoView({ block: "center" });
}

/** All that is at fault, each leading to its field. */
export function FaultSummary({ schema, form }: { schema: FieldSchema; form: RefObject<HTMLElement | null> }) {
  const { faults, words } = useFrame();
  const places = Object.keys(faults);
  if (places.length === 0) return null;
  return (
    <div className={css.summary} role="alert">
      <div className={css.summaryHead}>
        <ToneMark tone="critical" />
        {words.faults(places.length)}
      </div>
      <ul>
        {places.map((path) => (
          <li key={path}>
            <UnstyledButton className={css.link} data-skip onClick={() => focusField(form.current, path)}>
              <bdi>{labelOf(schema, path, words)}</bdi>
            </UnstyledButton>
            {": "}
            <bdi>{faults[path]}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A result as it stands now. */
export function Result({ name, value, form, words }: { name: string; value: unknown; form: Form; words: { yes: string; no: string } }) {
  const unit = resultUnit(form, name);
  const known = value !== null && value !== undefined;
  return (
    <div className={css.result} data-known={known || undefined}>
      <span className={css.resultLabel}>{resultTitle(form, name)}</span>
      <output>
        <bdi>{known ? plain(value, undefined, words) : "–"}</bdi>
        {known && unit ? <span className={css.unit}>{`\u202f${unitText(unit)}`}</span> : null}
      </output>
    </div>
  );
}

/** Under an empty field: what it was at the last visit. */
export function CarryOffer({ schema, value, onTake }: { schema: FieldSchema; value: unknown; onTake: () => void }) {
  const { words, timeZone } = useFrame();
  return (
    <UnstyledButton className={css.carry} data-skip onClick={onTake}>
      <span>
        {words.lastTime}
        {": "}
        <bdi className={css.carried}>
          {plain(value, schema, words, timeZone)}
          {schema["x-unit"] ? <span className={css.unit}>{`\u202f${unitText(schema["x-unit"])}`}</span> : null}
        </bdi>
      </span>
      <span className={css.take}>
        <CornerDownLeft size={12} aria-hidden />
        {words.takeOver}
      </span>
    </UnstyledButton>
  );
}

/** So many values are told before they are taken over at once; the others are counted. */
const told = 5;

/** What was recorded at the last visit, to be taken over at once. */
export function CarryAll({ schema, offered, when, onTake }: { schema: FieldSchema; offered: [string, unknown][]; when?: string; onTake: () => void }) {
  const { words, timeZone } = useFrame();
  if (offered.length < 2) return null;
  return (
    <div className={css.carryAll} data-skip>
      <span>
        {words.lastTime}
        {when ? <bdi>{` (${when})`}</bdi> : null}
        {": "}
        {offered.slice(0, told).map(([name, value], at) => {
          const one = schema.properties![name]!;
          return (
            <bdi key={name}>
              {at > 0 ? ", " : ""}
              {titleOf(name, one)} <b>{plain(value, one, words, timeZone)}</b>
              {one["x-unit"] ? <span className={css.unit}>{unitText(one["x-unit"])}</span> : null}
            </bdi>
          );
        })}
        {offered.length > told ? ` + ${offered.length - told}` : null}
      </span>
      <Button size="compact-xs" variant="default" onClick={onTake}>
        {words.takeOverAll}
      </Button>
    </div>
  );
}

/** The pages of a long form, and the one that is read now. */
export function PageRail({ titles, faulty, form }: { titles: string[]; faulty: ReadonlySet<number>; form: RefObject<HTMLElement | null> }) {
  const { words, id } = useFrame();
  const [current, setCurrent] = useState(0);
  useEffect(() => {
    if (typeof IntersectionObserver === "undefined") return;
    const seen = new Map<number, boolean>();
    const observer = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) seen.set(Number((entry.target as HTMLElement).dataset.page), entry.isIntersecting);
        const first = [...seen].filter(([, visible]) => visible).map(([page]) => page).sort((a, b) => a - b)[0];
        if (first !== undefined) setCurrent(first);
      },
      { rootMargin: "-10% 0px -60% 0px" },
    );
    for (const page of form.current?.querySelectorAll("[data-page]") ?? []) observer.observe(page);
    return () => observer.disconnect();
  }, [form, titles.length]);
  const goTo = (page: number) => {
    setCurrent(page);
    const section = form.current?.querySelector<HTMLElement>(`[data-page="${page}"]`);
    section?.scrollIntoView({ block: "start" });
    section?.querySelector<HTMLElement>("input, textarea, select, button")?.focus({ preventScroll: true });
  };
  return (
    <nav className={css.rail} aria-label={words.pages} data-skip>
      <ol>
        {titles.map((title, page) => (
          <li key={title + page}>
            <UnstyledButton id={`${id}-page-${page}`} aria-current={page === current ? "step" : undefined} onClick={() => goTo(page)}>
              <span className={css.railNumber}>{page + 1}</span>
              <span>{title}</span>
              {faulty.has(page) ? <ToneMark tone="critical" /> : null}
            </UnstyledButton>
          </li>
        ))}
      </ol>
    </nav>
  );
}

export function Section({ title, page, children }: { title: string | null; page: number; children: ReactNode }) {
  return (
    <fieldset className={css.page} data-page={page}>
      {title === null ? null : <legend>{title}</legend>}
      {children}
    </fieldset>
  );
}

/** The results that no page shows, after the last one. */
export function ResultStrip({ names, computed, form, words }: { names: string[]; computed: Payload; form: Form; words: { computed: string; yes: string; no: string } }) {
  if (names.length === 0) return null;
  return (
    <div className={css.results} role="group" aria-label={words.computed} aria-live="polite">
      <div className={css.resultsHead}>{words.computed}</div>
      <div className={css.resultLine}>
        {names.map((name) => (
          <Result key={name} name={name} value={computed[name]} form={form} words={words} />
        ))}
      </div>
    </div>
  );
}
