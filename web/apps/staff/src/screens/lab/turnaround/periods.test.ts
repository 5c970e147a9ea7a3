import { expect, it } from "vitest";
import { duration, scaleOf, since, worstFirst } from "./periods";

it("begins at the facility's own midnight, today included", () => {
  expect(since("today", "2026-03-10", "Asia/Kolkata")).toBe("2026-03-09T18:30:00.000Z");
  expect(since("week", "2026-03-03", "Asia/Kolkata")).toBe("2026-02-24T18:30:00.000Z");
  expect(since("month", "2026-03-10", "UTC")).toBe("2026-02-09T00:00:00.000Z");
});

it("says minutes as people do", () => {
  expect([0, 45.4, 59.6, 185, 2879, 2880, 4500].map(duration)).toEqual([
    { key: "minutes", large: 0, small: "" },
    { key: "minutes", large: 45, small: "" },
    { key: "hours", large: 1, small: "00" },
    { key: "hours", large: 3, small: "05" },
    { key: "hours", large: 47, small: "59" },
    { key: "days", large: 2, small: "0" },
    { key: "days", large: 3, small: "3" },
  ]);
});

const row = (key: string, overdue_now: number, within_target: number | null) => ({ key, overdue_now, within_target, p90_minutes: null, median_minutes: null, target_minutes: null });

it("puts the worst first", () => {
  const rows = [row("B", 0, 1), row("A", 0, null), row("C", 0, 0.5), row("D", 3, 1)];
  expect(worstFirst(rows).map(({ key }) => key)).toEqual(["D", "C", "B", "A"]);
});

it("measures a bar by its own target, unless it ran past it", () => {
  expect(scaleOf({ p90_minutes: 90, target_minutes: 240 })).toBe(300);
  expect(scaleOf({ p90_minutes: 900, target_minutes: 240 })).toBe(900);
  expect(scaleOf({ p90_minutes: 90, target_minutes: null })).toBe(90);
  expect(scaleOf({ p90_minutes: null, target_minutes: null })).toBe(1);
});
