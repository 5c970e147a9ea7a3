import { describe, expect, it } from "vitest";
import { type TrendPoint, amountOf, joined, placedOf } from "./trendPoints";

const point = (value: unknown, more: Partial<TrendPoint> = {}): TrendPoint => ({ at: "2026-03-07T10:00:00Z", display: String(value), value, unit: "mg/dL", flag: "N", reference_low: 70, reference_high: 100, result_id: String(value), ...more });

it.each([
  [120, { value: 120, beyond: null }],
  [">600", { value: 600, beyond: "above" }],
  ["<0.5", { value: 0.5, beyond: "below" }],
  [">=1000", { value: 1000, beyond: "above" }],
  ["≤ 2", { value: 2, beyond: "below" }],
  ["1:80", null],
  ["NEG", null],
  [null, null],
])("reads %s as a place on a scale", (value, amount) => {
  expect(amountOf(value)).toEqual(amount);
});

describe("the points of a trend", () => {
  it("are those in the newest unit, and the others are counted", () => {
    const { placed, inOtherUnits } = placedOf([point(180), point(10, { unit: "mmol/L" }), point("few", { unit: "mmol/L" }), point(6, { unit: "mmol/L" })]);
    expect([placed.map(({ value }) => value), inOtherUnits]).toEqual([[10, 6], 1]);
  });

  it("are outside where they were judged so then, not by the newest range", () => {
    const { placed } = placedOf([point(300, { flag: "N" }), point(90, { flag: "H" }), point(80, { flag: null })]);
    expect(placed.map(({ outside }) => outside)).toEqual([false, true, false]);
  });

  it("are not joined across what was beyond the instrument's reach", () => {
    const { placed } = placedOf([point(120), point(118), point(">600", { flag: "HH" }), point(130), point(125)]);
    expect(placed.map(({ value }) => value)).toEqual([120, 118, 600, 130, 125]);
    expect(joined(placed, ({ beyond }) => beyond !== null).map((run) => run.map(({ value }) => value))).toEqual([[120, 118], [130, 125]]);
  });
});
