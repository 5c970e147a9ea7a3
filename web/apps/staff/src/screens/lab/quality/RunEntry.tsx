import { Button } from "@mantine/core";
import { type ControlLot, type ControlRun, qualitycontrol } from "@hm/client";
import { EmptyState, Quantity, dayIn, timeIn, unitText, useErrorText, useKeys } from "@hm/ui";
import { useNavigate } from "@tanstack/react-router";
import { Fragment, type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { changed } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import { lineValue } from "./chart";
import { type Line, isDoubtful, linesOf, numberOf } from "./typing";
import { Verdict } from "./Verdict";
import css from "./Quality.module.css";
import own from "./RunEntry.module.css";

/** What is said below a field: a fault, a doubt, a save that goes on or went wrong. */
type Note = { kind: "fault" | "doubt" | "failed"; text: string } | { kind: "saving" };

/** Today's controls, typed one below the other: Enter saves a value and goes to the next. */
export function RunEntry({ lots }: { lots: ControlLot[] }) {
  const { t } = useTranslation();
  const { can, timeZone, today } = useWorkplace();
  const navigate = useNavigate();
  const error = useErrorText();
  const fields = useRef(new Map<string, HTMLInputElement>());
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [notes, setNotes] = useState<Record<string, Note | undefined>>({});
  const [fresh, setFresh] = useState<Record<string, ControlRun>>({});
  const [said, setSaid] = useState("");
  const lines = linesOf(lots);
  const focusOn = (index: number) => {
    const field = lines[index] ? fields.current.get(lines[index].key) : undefined;
    field?.focus();
    field?.select();
  };
  useKeys(lines.length > 0 ? [{ keys: "e", label: t("quality.run.begin"), run: (event) => { event.preventDefault(); focusOn(0); } }] : []);

  async function save({ key, lot, target }: Line, value: number) {
    setNotes((all) => ({ ...all, [key]: { kind: "saving" } }));
    try {
      const run = await qualitycontrol.record(lot.id, { analyte: target.analyte, value });
      setFresh((all) => ({ ...all, [key]: run }));
      setTyped((all) => ({ ...all, [key]: "" }));
      setNotes((all) => ({ ...all, [key]: undefined }));
      const facts = { name: target.name, level: lot.level, value: run.value, unit: unitText(target.unit), rules: run.rules.join(" ") };
      setSaid(t(`quality.run.said.${run.status}`, facts));
    } catch (failure) {
      setNotes((all) => ({ ...all, [key]: { kind: "failed", text: error(failure) } }));
      setSaid(t("quality.run.notSaved", { name: target.name, level: lot.level }));
    } finally {
      void changed("qualitycontrol", "lab");
    }
  }

  function enter(line: Line, index: number) {
    const text = typed[line.key]?.trim() ?? "";
    if (text === "") return focusOn(index + 1);
    if (notes[line.key]?.kind === "saving") return;
    const value = numberOf(text);
    if (value === null) return setNotes({ ...notes, [line.key]: { kind: "fault", text: t("quality.run.notANumber") } });
    if (isDoubtful(value, line.target) && notes[line.key]?.kind !== "doubt") return setNotes({ ...notes, [line.key]: { kind: "doubt", text: t("quality.run.doubted", { value: text }) } });
    focusOn(index + 1);
    return void save(line, value);
  }

  function onKeyDown(event: KeyboardEvent, line: Line, index: number) {
    const moves: Record<string, number> = { ArrowDown: index + 1, ArrowUp: index - 1 };
    if (event.key === "Enter") {
      event.preventDefault();
      enter(line, index);
    } else if (moves[event.key] !== undefined) {
      event.preventDefault();
      focusOn(moves[event.key]!);
    }
  }

  if (lines.length === 0) {
    const toLots = (
      <Button variant="default" onClick={() => void navigate({ to: "/lab/quality", search: { part: "lots" } })}>
        {t("quality.part.lots")}
      </Button>
    );
    return <EmptyState action={can("qualitycontrol.can_manage") ? toLots : undefined}>{t("quality.run.none")}</EmptyState>;
  }
  return (
    <div className={own.entry}>
      <p className={own.hint}>{t("quality.run.hint")}</p>
      <table className={own.grid} aria-label={t("quality.part.runs")}>
        <thead>
          <tr>
            <th scope="col">{t("quality.analyte")}</th>
            <th scope="col" className={own.figures} data-hide="tiny">
              {t("quality.target")}
            </th>
            <th scope="col">{t("quality.value")}</th>
            <th scope="col">{t("quality.newest")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, index) => {
            const { key, lot, target } = line;
            const run = fresh[key] ?? target.latest;
            const note = notes[key];
            const begins = lines[index - 1]?.lot.id !== lot.id;
            return (
              <Fragment key={key}>
                {begins ? (
                  <tr className={own.group}>
                    <th colSpan={4} scope="rowgroup">
                      <bdi>{t("quality.levelOf", { material: lot.material, level: lot.level })}</bdi> <bdi className={css.quiet}>{lot.lot_number}</bdi>
                    </th>
                  </tr>
                ) : null}
                <tr>
                  <th scope="row">
                    <bdi>{target.name}</bdi>
                    {target.is_held ? <span className={css.heldMark}>{t("quality.hold.OPEN")}</span> : null}
                  </th>
                  <td className={own.figures} data-hide="tiny">
                    <bdi dir="ltr">{`${lineValue(target.mean, target.sd, 0)} ± ${target.sd}`}</bdi>
                  </td>
                  <td>
                    <span className={own.typed}>
                      <input
                        ref={(element) => {
                          if (element) fields.current.set(key, element);
                          else fields.current.delete(key);
                        }}
                        inputMode="decimal"
                        autoComplete="off"
                        aria-label={t("quality.run.valueOf", { name: target.name, level: lot.level, lot: lot.lot_number })}
                        aria-invalid={note?.kind === "fault" || note?.kind === "failed" || undefined}
                        aria-describedby={note && note.kind !== "saving" ? `note ${key}`.replaceAll(" ", "-") : undefined}
                        value={typed[key] ?? ""}
                        onChange={(event) => {
                          const text = event.currentTarget.value;
                          setTyped((all) => ({ ...all, [key]: text }));
                          setNotes((all) => ({ ...all, [key]: undefined }));
                        }}
                        onKeyDown={(event) => onKeyDown(event, line, index)}
                      />
                      <span className={css.unit}>{unitText(target.unit)}</span>
                    </span>
                    {note && note.kind !== "saving" ? (
                      <span id={`note ${key}`.replaceAll(" ", "-")} className={own.note} data-kind={note.kind}>
                        {note.text}
                      </span>
                    ) : null}
                  </td>
                  <td>
                    {note?.kind === "saving" ? (
                      <span className={css.quiet}>{t("quality.run.saving")}</span>
                    ) : run ? (
                      <span className={own.newest}>
                        <Quantity value={run.value} /> <Verdict run={run} />
                        <time dateTime={run.at} className={css.quiet}>
                          {dayIn(timeZone, run.at) === today ? timeIn(timeZone, run.at) : t("quality.run.notToday")}
                        </time>
                      </span>
                    ) : (
                      <span className={css.quiet}>{t("quality.run.never")}</span>
                    )}
                  </td>
                </tr>
              </Fragment>
            );
          })}
        </tbody>
      </table>
      <p className="hm-visually-hidden" role="status">
        {said}
      </p>
    </div>
  );
}
