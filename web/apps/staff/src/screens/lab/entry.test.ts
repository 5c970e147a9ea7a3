import type { BenchAnalyte, LabResult, LabValue, WorklistRow } from "@hm/client";
import { describe, expect, it } from "vitest";
import { type EntryDraft, bodyOf, emptyDraft, linesOf, sameAs, standingOf, steadyRows, withdrawsWhatWasTold } from "./entry";

const analyte = (code: string, more: Partial<BenchAnalyte> = {}): BenchAnalyte => ({
  code, name: code, loinc: null, section: "biochemistry", method: null, depends_on_pregnancy: false, kind: "number", unit: "mmol/L", units: ["mmol/L"], decimals: 1, choices: [], calculated: false,
  reference_low: null, reference_high: null, reference_text: null, critical_low: null, critical_high: null, former: null, ...more,
});
const value = (code: string, more: Partial<LabValue>): LabValue => ({ code, unit: "mmol/L", entered_value: null, entered_unit: null, flag: "N", delta_flag: null, ...more }) as LabValue;
const row = (analytes: BenchAnalyte[]): WorklistRow => ({ order_item_id: "item", analytes, result: null }) as unknown as WorklistRow;
const result = (values: LabValue[]): LabResult => ({ values }) as LabResult;
const draft = (values: EntryDraft["values"], more: Partial<EntryDraft> = {}): EntryDraft => ({ ...emptyDraft, values, ...more });

const electrolytes = row([analyte("NA", { reference_low: 135, reference_high: 145, critical_low: 120, critical_high: 160 }), analyte("K"), analyte("GAP", { calculated: true })]);

it("knows when two people wrote the same: there is nothing to choose", () => {
  const theirs = result([value("NA", { value: 140, display: "140" }), value("K", { value: 4.5, display: "4.5" })]);
  expect(sameAs(electrolytes, theirs, draft({ NA: "140", K: " 4.5 " }))).toBe(true);
  expect(sameAs(electrolytes, theirs, draft({ NA: "140", K: "4.6" }))).toBe(false);
  expect(sameAs(electrolytes, theirs, draft({ NA: "140" }, { comment: "Haemolysed" }))).toBe(false);
  expect(sameAs(electrolytes, theirs, draft({ NA: "" }))).toBe(false);
});

it.each([
  ["02", "mmol/L", true],
  ["<05", "mmol/L", true],
  ["02", "mg/dL", true],
  ["0.2", "mmol/L", false],
  ["0", "mmol/L", false],
  ["20", "mmol/L", false],
])("asks whether %s in %s lacks a point: %s", (text, unit, asked) => {
  const glucose = row([analyte("GLU", { units: ["mmol/L", "mg/dL"] })]);
  expect(standingOf(linesOf(glucose, null, draft({ GLU: text }, { units: { GLU: unit } }))).doubted).toBe(asked);
  expect(standingOf(linesOf(glucose, null, draft({ GLU: text }, { units: { GLU: unit }, meant: { GLU: text } }))).doubted).toBe(false);
});

describe("a test on the bench", () => {
  it("is untouched while nothing is typed, its calculated values asked of nobody", () => {
    expect(standingOf(linesOf(electrolytes, null, emptyDraft))).toMatchObject({ missing: 2, dirty: false, faulty: false, typedIn: [] });
  });

  it("sends what was typed in its own digits, and never a calculated value", () => {
    const typed = draft({ NA: " 140 ", K: "4.50", GAP: "9" });
    const lines = linesOf(electrolytes, null, typed);
    expect(standingOf(lines)).toMatchObject({ missing: 0, dirty: true });
    expect(bodyOf(electrolytes, lines, typed, "", 0)).toEqual({ order_item_id: "item", expected_version: 0, values: [{ code: "NA", value: "140" }, { code: "K", value: "4.50" }] });
  });

  it("tells the unit where it is another than the usual one, and makes no guess of it", () => {
    const glucose = row([analyte("GLU", { unit: "mg/dL", units: ["mg/dL", "mmol/L"], reference_low: 70, reference_high: 100 })]);
    const typed = draft({ GLU: "5.5" }, { units: { GLU: "mmol/L" } });
    const lines = linesOf(glucose, null, typed);
    expect(lines[0]).toMatchObject({ guess: null, doubted: false });
    expect(bodyOf(glucose, lines, typed, "", 0).values).toEqual([{ code: "GLU", value: "5.5", unit: "mmol/L" }]);
  });

  it("asks about a value beyond belief until it is meant, and again for another one", () => {
    expect(standingOf(linesOf(electrolytes, null, draft({ NA: "1400" }))).doubted).toBe(true);
    expect(standingOf(linesOf(electrolytes, null, draft({ NA: "1400" }, { meant: { NA: "1400" } }))).doubted).toBe(false);
    expect(standingOf(linesOf(electrolytes, null, draft({ NA: "1450" }, { meant: { NA: "1400" } }))).doubted).toBe(true);
  });

  it("shows what is saved with its decimals, and keeps it when one value changes", () => {
    const saved = result([value("NA", { value: 140, display: "140.0" }), value("K", { value: 4.5, display: "4.5" }), value("GAP", { value: 12, display: "12", calculated: true })]);
    expect(standingOf(linesOf(electrolytes, saved, emptyDraft)).dirty).toBe(false);
    const typed = draft({ K: "4.7" });
    const lines = linesOf(electrolytes, saved, typed);
    expect(lines.map(({ dirty }) => dirty)).toEqual([false, true, false]);
    expect(bodyOf(electrolytes, lines, typed, "haemolysed", 3)).toEqual({ order_item_id: "item", expected_version: 3, comment: "haemolysed", values: [{ code: "K", value: "4.7" }] });
  });

  it("sends one value with a comment on the whole, and all of them where they are judged anew", () => {
    const saved = result([value("NA", { value: 140, display: "140.0" }), value("K", { value: 4.5, display: "4.5" })]);
    const lines = linesOf(electrolytes, saved, emptyDraft);
    expect(bodyOf(electrolytes, lines, emptyDraft, "haemolysed", 1).values).toEqual([{ code: "NA", value: "140.0" }]);
    expect(bodyOf(electrolytes, lines, emptyDraft, "", 1, true).values).toEqual([{ code: "NA", value: "140.0" }, { code: "K", value: "4.5" }]);
  });

  it.each([
    ["a critical value", { status: "ENTERED", critical_reasons: [{ code: "K" }] }, "K", true],
    ["another value of a critical result", { status: "ENTERED", critical_reasons: [{ code: "K" }] }, "NA", false],
    ["a value that was released", { status: "RELEASED", critical_reasons: [] }, "NA", true],
    ["a value of a correction", { status: "ENTERED", is_correction: true, critical_reasons: [] }, "NA", true],
  ])("asks why %s is taken back: as it must", (_, more, code, needed) => {
    const saved = { ...result([value("NA", { value: 140, display: "140" }), value("K", { value: 7.2, display: "7.2" })]), is_correction: false, ...more } as LabResult;
    expect(withdrawsWhatWasTold(saved, standingOf(linesOf(electrolytes, saved, draft({ [code]: "" }))))).toBe(needed);
    expect(withdrawsWhatWasTold(saved, standingOf(linesOf(electrolytes, saved, draft({ [code]: "5" }))))).toBe(false);
  });

  it("takes back in so many words what is emptied, and says which version was seen", () => {
    const saved = result([value("NA", { value: 140, display: "140.0" }), value("K", { value: 4.5, display: "4.5" })]);
    const typed = draft({ NA: "", K: " " }, { seen: 1, correction: "Of another patient" });
    const lines = linesOf(electrolytes, saved, typed);
    expect(standingOf(lines)).toMatchObject({ typedIn: [], dirty: true, missing: 2 });
    expect(bodyOf(electrolytes, lines, typed, "", 2)).toEqual({
      order_item_id: "item", expected_version: 1, correction_reason: "Of another patient", values: [{ code: "NA", value: null }, { code: "K", value: null }],
    });
  });

  it("shows a converted value as it was typed", () => {
    const saved = result([value("NA", { value: 140, display: "140", entered_value: "322", entered_unit: "mg/dL" })]);
    expect(linesOf(row([analyte("NA")]), saved, emptyDraft)[0]).toMatchObject({ text: "322", unit: "mg/dL", dirty: false });
  });
});

describe("rows under the hand", () => {
  const rows = (...ids: string[]) => ids.map((order_item_id) => ({ order_item_id }));
  const ids = (found: { order_item_id: string }[]) => found.map(({ order_item_id }) => order_item_id).join("");

  it.each([
    // before, fresh, kept, after
    ["abcd", "abcd", "", "abcd"],
    ["abcd", "acd", "b", "abcd"],
    ["abcd", "acd", "", "acd"],
    ["abcd", "cd", "ab", "abcd"],
    ["abcd", "d", "abc", "abcd"],
    ["abcd", "xabd", "c", "xabcd"],
    ["abcd", "", "bd", "bd"],
    ["", "ab", "", "ab"],
  ])("from %s with %s listed and %s kept stand as %s", (before, fresh, kept, after) => {
    expect(ids(steadyRows(rows(...before), rows(...fresh), ({ order_item_id }) => kept.includes(order_item_id)))).toBe(after);
  });
});
