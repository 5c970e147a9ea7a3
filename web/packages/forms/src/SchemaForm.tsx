import { type FormEvent, type ReactNode, useId, useMemo, useRef } from "react";
import { type About, evaluator } from "./evaluator";
import { Field } from "./Field";
import css from "./Form.module.css";
import { FrameProvider, Question, type ToolSlot } from "./frame";
import { enterMovesOn } from "./keys";
import { CarryAll, CarryOffer, FaultSummary, PageRail, Result, ResultStrip, Section } from "./parts";
import { SchemaView } from "./SchemaView";
import { shownResults } from "./results";
import { type FieldSchema, type Form, type Payload, type Template, formOf, pagesOf, scoresOf, titleOf, withField } from "./schema";
import { fieldOfTool, pageOfTool, slotOf } from "./tools";
import type { Faults } from "./validate";
import { ScoreGrid } from "./widgets/ScoreGrid";
import type { FormWords } from "./words";

export interface SchemaFormProps {
  /** As GET /api/templates answers it. Give the same object at every drawing: it is compiled once. */
  template: Template;
  value: Payload;
  onChange: (value: Payload) => void;
  faults?: Faults;
  /** What computed fields and conditions know beside the form. */
  about?: About;
  readOnly?: boolean;
  /** The field to start in. */
  autoFocus?: boolean;
  /** Whose clock times are told and typed by, IANA; the browser's own without one. */
  timeZone?: string;
  words: FormWords;
  /** Values of the last visit, and when that was, in words. */
  carry?: { values: Payload; when?: string } | null;
  /** Draws a signature tool in its place; nothing where it gives null. */
  renderTool?: (slot: ToolSlot) => ReactNode;
}

const noFaults: Faults = {};

/**
 * A form drawn from a template. Its results stand live where the pages name them, else in a
 * strip at the end. Enter never submits it: saving is the caller's act.
 */
export function SchemaForm(props: SchemaFormProps) {
  const { template, value, onChange, faults = noFaults, about, readOnly = false, autoFocus = false, timeZone, words, carry, renderTool } = props;
  const id = useId();
  const frame = useRef<HTMLFormElement>(null);
  const form = useMemo(() => formOf(template), [template]);
  const evaluate = useMemo(() => evaluator(template, words), [template, words]);
  const { computed, hidden } = useMemo(() => evaluate(value, about), [evaluate, value, about]);
  const { schema, ui } = form;
  const results = shownResults(form, computed, evaluate.lists);

  if (readOnly) return <SchemaView template={template} value={value} computed={computed} words={words} timeZone={timeZone} renderTool={renderTool} />;

  const set = (name: string, next: unknown) => onChange(withField(value, name, next));
  const pages = pagesOf(schema, ui, results).map((page) => ({
    ...page,
    rows: page.rows.map((row) => row.filter((name) => !hidden.has(name))).filter((row) => row.length > 0),
  }));
  const placed = new Set(pages.flatMap((page) => page.rows.flat()));
  const tools = form.tools.map((tool) => ({ tool, field: fieldOfTool(tool, form), page: pageOfTool(tool, pages) }));
  const firstName = pages.flatMap((page) => page.rows.flat()).find((name) => schema.properties?.[name]);
  const offered = Object.entries(carry?.values ?? {}).filter(([name]) => schema.properties?.[name] && !hidden.has(name) && value[name] === undefined);
  const offers = new Map(offered);
  const faulty = new Set(pages.flatMap(({ rows }, page) => (Object.keys(faults).some((path) => rows.flat().includes(path.split(".")[0]!)) ? [page] : [])));
  const paged = pages.filter((page) => page.title !== null).length > 3;

  const drawTool = (tool: (typeof tools)[number]["tool"]) => renderTool?.(slotOf(tool, form, value, computed, readOnly, set)) ?? null;

  const field = (name: string) => {
    const one = schema.properties?.[name];
    if (!one) return <Result key={name} name={name} value={computed[name]} form={form} words={words} />;
    const fieldProps = {
      name,
      path: name,
      schema: one,
      ui: ui.fields?.[name],
      required: schema.required?.includes(name) ?? false,
      value: value[name],
      onChange: (next: unknown) => set(name, next),
      autoFocus: autoFocus && name === firstName,
    };
    const tool = tools.find((placedTool) => placedTool.field === name);
    const drawn = tool && drawTool(tool.tool);
    return (
      <div key={name} className={css.field}>
        {drawn ? (
          <div data-path={name}>
            <Question props={fieldProps} title={titleOf(name, one)}>
              {() => drawn}
            </Question>
          </div>
        ) : (
          <Field {...fieldProps} />
        )}
        {offers.has(name) ? <CarryOffer schema={one} value={offers.get(name)} onTake={() => set(name, offers.get(name))} /> : null}
      </div>
    );
  };

  return (
    <FrameProvider value={{ id, faults, words, timeZone }}>
      <form ref={frame} className={css.form} onSubmit={stay} onKeyDown={enterMovesOn} noValidate>
        <div className={css.body} data-paged={paged || undefined}>
        {paged ? <PageRail titles={pages.map((page, at) => page.title ?? String(at + 1))} faulty={faulty} form={frame} /> : null}
        <div className={css.pages}>
          <FaultSummary schema={schema} form={frame} />
          <CarryAll schema={schema} offered={offered} when={carry?.when} onTake={() => onChange({ ...value, ...Object.fromEntries(offered) })} />
          {pages.map((page, at) => {
            const atPage = tools.filter((tool) => tool.field === null && tool.page === at);
            if (page.rows.length === 0 && atPage.length === 0) return null;
            return (
              <Section key={at} title={page.title} page={at}>
                {blocksOf(page.rows, form).map((block) =>
                  block.questions ? (
                    <Questionnaire key={block.names.join(" ")} names={block.names} form={form} value={value} set={set} />
                  ) : (
                    <div key={block.names.join(" ")} className={css.row}>
                      {block.names.map(field)}
                    </div>
                  ),
                )}
                {atPage.map(({ tool }, nth) => {
                  const drawn = drawTool(tool);
                  return drawn ? (
                    <div key={tool.tool + nth} className={css.tool}>
                      {drawn}
                    </div>
                  ) : null;
                })}
              </Section>
            );
          })}
          <ResultStrip names={results.filter((name) => !placed.has(name))} computed={computed} form={form} words={words} />
        </div>
        </div>
      </form>
    </FrameProvider>
  );
}

const stay = (event: FormEvent) => event.preventDefault();

interface Block {
  names: string[];
  questions: boolean;
}

/** Rows as they are drawn: questions with the same answers that follow one another are one grid. */
function blocksOf(rows: string[][], form: Form): Block[] {
  const blocks: (Block & { answers?: string })[] = [];
  for (const names of rows) {
    const answers = names.map((name) => answersOf(form.schema.properties?.[name], form.ui.fields?.[name]?.widget));
    const same = answers[0] !== undefined && answers.every((one) => one === answers[0]) ? answers[0] : undefined;
    const last = blocks.at(-1);
    if (same !== undefined && last?.answers === same) last.names.push(...names);
    else blocks.push({ names: [...names], questions: same !== undefined, answers: same });
  }
  return blocks;
}

function answersOf(schema: FieldSchema | undefined, widget: string | undefined): string | undefined {
  if (!schema || widget !== "score_grid" || schema.type === "object" || schema.type === "array") return undefined;
  const scores = scoresOf(schema);
  return scores ? JSON.stringify(scores) : undefined;
}

function Questionnaire({ names, form, value, set }: { names: string[]; form: Form; value: Payload; set: (name: string, next: unknown) => void }) {
  const properties = form.schema.properties!;
  return (
    <ScoreGrid
      path={`${names[0]!}.questions`}
      title={null}
      options={scoresOf(properties[names[0]!]!)!}
      total={names.length > 1 && names.every((name) => form.ui.fields?.[name]?.config?.total !== false)}
      items={names.map((name) => ({
        name,
        path: name,
        schema: properties[name]!,
        required: form.schema.required?.includes(name) ?? false,
        value: value[name],
        onChange: (next: unknown) => set(name, next),
      }))}
    />
  );
}
