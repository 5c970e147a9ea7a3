import type { Observation as Recorded } from "@hm/client";
import { expect, it } from "vitest";
import { observationsPath, readObservations } from "../parts/observations";
import { lay, nearest, placeOf, pointsOf, readSeries, ticks } from "./chart";

const frame = { width: 200, height: 120, left: 40, right: 10, top: 10, bottom: 10 };

it.each([
  [0, 10, [0, 2.5, 5, 7.5, 10]],
  [36.1, 39.4, [36, 37, 38, 39, 40]],
  [90, 146, [80, 100, 120, 140, 160]],
  [7, 7, [6, 8, 10]],
  [0, 0, [0, 0.25, 0.5, 0.75, 1]],
  [-0.3, 0.4, [-0.4, -0.2, 0, 0.2, 0.4]],
])("marks from %d to %d stand on round numbers", (low, high, marks) => {
  const found = ticks(low, high);
  expect(found[0]!).toBeLessThanOrEqual(low);
  expect(found.at(-1)!).toBeGreaterThanOrEqual(high);
  if (low !== high) expect(found).toEqual(marks);
});

it("lays points by their time, and the normal band behind them", () => {
  const points = [
    { at: "2026-03-01T00:00:00Z", value: 10 },
    { at: "2026-03-02T00:00:00Z", value: 0 },
    { at: "2026-03-05T00:00:00Z", value: 5 },
  ];
  const drawn = lay(points, { low: 2.5, high: 7.5 }, frame);
  expect(drawn.points.map(({ x }) => x)).toEqual([40, 77.5, 190]);
  expect(drawn.points.map(({ y }) => y)).toEqual([10, 110, 60]);
  expect(drawn.band).toEqual({ y: 35, height: 50 });
});

it("reaches the edge where the normal band is open, and draws none where there is none", () => {
  const points = [{ at: "2026-03-01T00:00:00Z", value: 5 }, { at: "2026-03-02T00:00:00Z", value: 0 }];
  const open = lay(points, { low: null, high: 2 }, frame);
  expect(open.band!.y + open.band!.height).toBeCloseTo(110);
  expect(lay(points, { low: null, high: null }, frame).band).toBeNull();
});

it("stands a single value in the middle", () => {
  expect(lay([{ at: "2026-03-01T00:00:00Z", value: 5 }], { low: null, high: null }, frame).points[0]!.x).toBe(115);
});

it("tells what lies outside, the ends being within", () => {
  const band = { low: 90, high: 140 };
  expect([89.9, 90, 140, 140.1].map((value) => placeOf(value, band))).toEqual(["low", "within", "within", "high"]);
  expect(placeOf(1e9, { low: 1, high: null })).toBe("within");
});

it("finds the point nearest to the pointer", () => {
  expect(nearest([{ x: 0 }, { x: 10 }, { x: 30 }], 21)).toBe(2);
});

it("reads what a pack wrote", () => {
  expect(readSeries({ code: "8480-6", system: "loinc", title: { en: "Systolic", hi: "सिस्टोलिक" }, low: 90, high: "x", decimals: 9 }, "hi")).toEqual({ code: "8480-6", system: "loinc", title: "सिस्टोलिक", unit: "", low: 90, high: null, decimals: 4 });
  expect(readSeries("nonsense", "en").code).toBe("");
});

it("reads an answer oldest first, and leaves out what is none", () => {
  const one: Recorded = { code: "a", system: "s", value: 2, unit: "kg", at: "2026-03-02T00:00:00Z", document_id: "d", encounter_id: "e", field: "weight_kg", source: "DOCUMENT" };
  const found = readObservations({ results: [one, { ...one, unit: null, at: "2026-03-03T00:00:00Z", value: 3 }, { value: 1, at: "2026-03-01T00:00:00Z" }, { value: null, at: "2026-03-01T00:00:00Z" }, { value: 1, at: "never" }, 7] });
  expect(found.map(({ value, unit }) => [value, unit])).toEqual([[1, ""], [2, "kg"], [3, ""]]);
  expect(pointsOf([...found, { ...found[0]!, value: "text" }]).map(({ value }) => value)).toEqual([1, 2, 3]);
  expect(readObservations("nonsense")).toEqual([]);
});

it("asks for a patient's observations by code and system", () => {
  expect(observationsPath("p/1", { code: "8480-6", system: "loinc" }, "2026-01-01T00:00:00Z")).toBe("/api/patients/p%2F1/observations?limit=200&code=8480-6&system=loinc&since=2026-01-01T00%3A00%3A00Z");
  expect(observationsPath("p", { code: "a", system: "" })).toBe("/api/patients/p/observations?limit=200&code=a");
});
