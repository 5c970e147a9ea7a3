import { unitText } from "@hm/ui";
import { useTranslation } from "react-i18next";
import { DeltaMark, FlagChip } from "../../parts/lab/Flag";
import { rangeText } from "../../parts/lab/ranges";
import type { Cell, Move } from "./cells";
import type { Line } from "./entry";
import css from "./EntryBlock.module.css";
import type { Entry } from "./useEntry";
import { ValueCell } from "./ValueCell";

/** The values of a test, one below the other: what is typed, then what it is weighed against. */
export function EntryLines({ item, patient, entry, onMove }: { item: string; patient: string; entry: Entry; onMove: (from: Cell, move: Move) => void }) {
  return (
    <div className={css.lines}>
      {entry.lines.map((line) => (
        <EntryLine key={line.analyte.code} item={item} patient={patient} line={line} entry={entry} onMove={onMove} />
      ))}
    </div>
  );
}

function EntryLine({ item, patient, line, entry, onMove }: { item: string; patient: string; line: Line; entry: Entry; onMove: (from: Cell, move: Move) => void }) {
  const { t } = useTranslation();
  const { analyte, saved, dirty } = line;
  const fault = entry.faultOf(analyte.code);
  const range = rangeText(analyte);
  const noteId = `note-${item}-${analyte.code}`;
  const note = fault ?? (line.doubted ? t("lab.entry.doubted", { value: line.text.trim() }) : undefined);
  const judged = !dirty && saved;
  return (
    <div className={css.line} data-kind={analyte.kind}>
      <bdi className={css.analyte}>{analyte.name}</bdi>
      {analyte.calculated ? (
        <output className={css.calculated} aria-label={analyte.name}>
          {saved ? <bdi dir="ltr">{saved.display}</bdi> : <span className={css.none}>{t("lab.entry.calculated")}</span>}
        </output>
      ) : (
        <ValueCell item={item} line={line} label={t("lab.entry.value", { name: analyte.name, patient })} invalid={fault !== undefined} describedBy={note ? noteId : undefined} onType={entry.type} onMean={entry.mean} onMove={onMove} />
      )}
      <Unit line={line} onChange={(unit) => entry.chooseUnit(analyte.code, unit)} />
      <span className={css.flags}>
        {judged ? saved.flag ? <FlagChip flag={saved.flag} quiet /> : null : line.guess ? <FlagChip flag={line.guess} guessed quiet /> : null}
        {judged && saved.delta_flag ? <DeltaMark delta={saved.delta_flag} /> : null}
      </span>
      <span className={css.range} data-empty={!range || undefined}>
        <span className={css.label}>{t("lab.entry.range")}</span> <bdi dir="ltr">{range}</bdi>
        {/* beside a value in another unit the range must not be read as if it were in that one */}
        {range && line.unit !== analyte.unit && analyte.unit ? <bdi dir="ltr"> {unitText(analyte.unit)}</bdi> : null}
      </span>
      <span className={css.former} data-empty={!analyte.former || undefined}>
        {analyte.former ? (
          <>
            <span className={css.label}>{t("lab.entry.former")}</span> <bdi>{analyte.former.display}</bdi>
            {analyte.former.unit && analyte.former.unit !== analyte.unit ? <bdi dir="ltr"> {unitText(analyte.former.unit)}</bdi> : null}
          </>
        ) : null}
      </span>
      {note ? (
        <span id={noteId} className={css.note} data-tone={fault ? "critical" : "warn"} role="alert">
          {note}
        </span>
      ) : null}
    </div>
  );
}

/** The unit, lighter than the value; where the analyte allows others, one may be chosen. */
function Unit({ line, onChange }: { line: Line; onChange: (unit: string) => void }) {
  const { t } = useTranslation();
  const { analyte, unit } = line;
  if (!unit) return <span className={css.unit} />;
  if (analyte.calculated || analyte.units.length < 2) {
    return (
      <span className={css.unit}>
        <bdi dir="ltr">{unitText(unit)}</bdi>
      </span>
    );
  }
  return (
    <select className={css.unitChoice} tabIndex={-1} dir="ltr" aria-label={t("lab.entry.unit", { name: analyte.name })} value={unit} onChange={(event) => onChange(event.currentTarget.value)}>
      {analyte.units.map((one) => (
        <option key={one} value={one}>
          {unitText(one)}
        </option>
      ))}
    </select>
  );
}
