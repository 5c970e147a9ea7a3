import type { BenchAnalyte, LabResult, LabValue, NewLabResult, WorklistRow } from "@hm/client";
import { type Guess, type Typed, guessFlag, isUnlikely, lacksPoint, readTyped } from "./typed";

/** What somebody typed into a test and has not saved. */
export interface EntryDraft {
  /** By analyte; absent is as saved, empty is taken away. */
  values: Record<string, string>;
  units: Record<string, string>;
  comment?: string;
  correction?: string;
  /** Values beyond belief that were looked at again, by analyte. */
  meant: Record<string, string>;
  /** The version that stood here when typing began; 0 where there was none. */
  seen?: number;
}

export const emptyDraft: EntryDraft = { values: {}, units: {}, meant: {} };

export const savedValue = (result: LabResult | null, code: string): LabValue | undefined => result?.values.find((value) => value.code === code);

/** A saved value as it would be typed: in the digits and the unit in which it was. */
export function savedText(analyte: Pick<BenchAnalyte, "kind">, value: LabValue | undefined): string {
  if (!value) return "";
  if (value.entered_value) return value.entered_value;
  if (analyte.kind === "number" && typeof value.value === "number") return value.display;
  return value.value === null || value.value === undefined ? "" : String(value.value);
}

export interface Line {
  analyte: BenchAnalyte;
  text: string;
  unit: string | null;
  typed: Typed;
  /** Differs from what is saved. */
  dirty: boolean;
  guess: Guess | null;
  /** Beyond belief, and nobody has said yet that it is meant. */
  doubted: boolean;
  saved: LabValue | undefined;
}

/** What stands in each line of a test. */
export function linesOf(row: WorklistRow, result: LabResult | null, draft: EntryDraft): Line[] {
  return row.analytes.map((analyte) => {
    const saved = savedValue(result, analyte.code);
    const savedUnit = saved?.entered_unit ?? saved?.unit ?? analyte.unit;
    const before = savedText(analyte, saved);
    const text = draft.values[analyte.code] ?? before;
    const unit = draft.units[analyte.code] ?? savedUnit;
    const typed = analyte.calculated ? { value: null, fault: null, amount: null } : readTyped(analyte, text);
    // bounds are in the analyte's own unit: of another nothing can be said here
    const own = unit === analyte.unit;
    return {
      analyte,
      text,
      unit,
      typed,
      dirty: !analyte.calculated && (text.trim() !== before || (text.trim() !== "" && unit !== savedUnit)),
      guess: own ? guessFlag(analyte, typed) : null,
      doubted: (lacksPoint(analyte, typed) || (own && isUnlikely(analyte, typed))) && draft.meant[analyte.code] !== text.trim(),
      saved,
    };
  });
}

export interface Standing {
  typedIn: Line[];
  /** Told by the version before, and emptied here. */
  withdrawn: Line[];
  missing: number;
  dirty: boolean;
  faulty: boolean;
  doubted: boolean;
}

/** How far a test has come. */
export function standingOf(lines: Line[]): Standing {
  const own = lines.filter(({ analyte }) => !analyte.calculated);
  const typedIn = own.filter(({ typed }) => typed.value !== null);
  return {
    typedIn,
    withdrawn: own.filter(({ text, saved }) => text.trim() === "" && saved !== undefined && saved.value !== null),
    missing: own.filter(({ text }) => text.trim() === "").length,
    dirty: own.some(({ dirty }) => dirty),
    faulty: own.some(({ typed }) => typed.fault !== null),
    doubted: own.some(({ doubted }) => doubted),
  };
}

/** Whether what is typed says nothing else than a version that somebody else saved. */
export function sameAs(row: WorklistRow, result: LabResult, draft: EntryDraft): boolean {
  const comment = draft.comment?.trim() ?? result.comment ?? "";
  return !standingOf(linesOf(row, result, draft)).dirty && comment === (result.comment ?? "");
}

/** Whether a version is entered anew though nothing in it changes: whom it was judged for is known otherwise since. */
export const isJudgedAnew = (result: LabResult | null): boolean => result?.person_changed ?? false;

/** Whether taking back what is emptied needs a reason: it was critical, or somebody outside has read it. */
export function withdrawsWhatWasTold(result: LabResult | null, { withdrawn }: Pick<Standing, "withdrawn">): boolean {
  if (!result || withdrawn.length === 0) return false;
  return result.status === "RELEASED" || result.is_correction || withdrawn.some(({ analyte }) => result.critical_reasons.some(({ code }) => code === analyte.code));
}

/**
 * What is sent: only what was typed, as it was typed. What is left out stays as the version before told it, with the comment
 * that somebody else wrote on it; so what was emptied is taken back in so many words. Where no value changed, the first says
 * that the test is entered again, or all of them where they are to be judged anew.
 */
export function bodyOf(row: WorklistRow, lines: Line[], draft: EntryDraft, comment: string, version: number, anew = false): NewLabResult {
  const { typedIn, withdrawn, dirty } = standingOf(lines);
  const said = dirty ? typedIn.filter((line) => line.dirty) : anew ? typedIn : typedIn.slice(0, 1);
  return {
    order_item_id: row.order_item_id,
    expected_version: draft.seen ?? version,
    values: [
      ...said.map(({ analyte, typed, unit }) => ({ code: analyte.code, value: typed.value!, ...(unit && unit !== analyte.unit ? { unit } : {}) })),
      ...withdrawn.map(({ analyte }) => ({ code: analyte.code, value: null })),
    ],
    ...(comment ? { comment } : {}),
    ...(draft.correction?.trim() ? { correction_reason: draft.correction.trim() } : {}),
  };
}

/**
 * The rows of a bench that is being worked on: as the server lists them now, and those that must not vanish from under
 * somebody's hands each behind the row that it stood behind.
 */
export function steadyRows<Row extends { order_item_id: string }>(before: readonly Row[], fresh: readonly Row[], keep: (row: Row) => boolean): Row[] {
  const listed = new Set(fresh.map(({ order_item_id }) => order_item_id));
  const rows = [...fresh];
  before.forEach((row, index) => {
    if (listed.has(row.order_item_id) || !keep(row)) return;
    const behind = before.slice(0, index).findLast(({ order_item_id }) => rows.some((one) => one.order_item_id === order_item_id));
    rows.splice(behind ? rows.findIndex((one) => one.order_item_id === behind.order_item_id) + 1 : 0, 0, row);
  });
  return rows;
}
