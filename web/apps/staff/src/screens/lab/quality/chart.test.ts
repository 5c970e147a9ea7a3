import { expect, it } from "vitest";
import { decimalsOf, howMany, lay, lineValue, markOf, nearest } from "./chart";

const frame = { width: 500, height: 220, left: 50, right: 50, top: 10, bottom: 10 };
const runs = (...values: number[]) => values.map((value) => ({ value, mean: 100, sd: 2 }));

it("puts the mean in the middle and each SD at the same distance", () => {
  const { y, points } = lay(runs(100, 102, 96), frame);
  expect(points.map((point) => point.y)).toEqual([110, 85, 160]);
  expect(y(0) - y(3)).toBe(75);
});

it("puts runs side by side from end to end, and a single one in the middle", () => {
  expect(lay(runs(100, 100, 100), frame).points.map((point) => point.x)).toEqual([50, 250, 450]);
  expect(lay(runs(100), frame).points[0]!.x).toBe(250);
  expect(lay([], frame).points).toEqual([]);
});

it("draws what lies beyond the chart at its edge", () => {
  const { points } = lay(runs(120, 80, 108), frame);
  expect(points.map(({ y, beyond }) => [y, beyond])).toEqual([
    [10, 1],
    [210, -1],
    [10, 0],
  ]);
});

it("places a run by the target it was judged by", () => {
  const { points } = lay([{ value: 105, mean: 100, sd: 5 }, { value: 105, mean: 100, sd: 2.5 }], frame);
  expect(points.map((point) => point.y)).toEqual([85, 60]);
});

it("finds the run under the pointer", () => {
  const { points } = lay(runs(100, 100, 100), frame);
  expect([0, 149, 151, 400, 999].map((x) => nearest(points, x))).toEqual([0, 0, 1, 2, 2]);
});

it("shows as many runs as can be told apart, and never fewer than eight", () => {
  expect([howMany(900, frame), howMany(200, frame)]).toEqual([50, 8]);
});

it("tells a line with the digits of its target", () => {
  expect([lineValue(4.1, 0.05, 2), lineValue(100, 2, -3), lineValue(0.3, 0.1, 1)]).toEqual(["4.20", "94", "0.4"]);
  expect(decimalsOf(1, 2.25, 0.1)).toBe(2);
});

it("marks a run by what became of it, an excluded one by that alone", () => {
  expect([{ status: "IN_CONTROL", excluded: null }, { status: "WARNING", excluded: null }, { status: "REJECTED", excluded: null }, { status: "REJECTED", excluded: { reason: "vial" } }].map(markOf)).toEqual(["in", "warning", "rejected", "excluded"]);
});
