import { expect, it } from "vitest";
import { ageFacts } from "./about";

it.each([
  ["2026-03-07", "1988-03-07", { age_years: 38, age_days: 13879 }],
  ["2026-03-06", "1988-03-07", { age_years: 37, age_days: 13878 }],
  ["2025-02-28", "2024-02-29", { age_years: 0, age_days: 365 }],
  ["2025-03-01", "2024-02-29", { age_years: 1, age_days: 366 }],
  ["2026-03-07", "2026-03-07", { age_years: 0, age_days: 0 }],
])("on %s somebody born on %s is %o", (today, born, expected) => {
  expect(ageFacts(today, born)).toEqual(expected);
});
