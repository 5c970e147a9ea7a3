import { expect, it } from "vitest";
import { readAgeOrBirth } from "./ageOrBirth";

const today = "2026-03-07";

it.each([
  ["", { kind: "empty" }],
  ["34", { kind: "age", years: 34 }],
  ["0", { kind: "age", years: 0 }],
  ["131", { kind: "unclear" }],
  ["7/3/1988", { kind: "birth", date: "1988-03-07" }],
  ["07-03-1988", { kind: "birth", date: "1988-03-07" }],
  ["1988-03-07", { kind: "birth", date: "1988-03-07" }],
  ["31-02-2001", { kind: "unclear" }],
  ["08-03-2026", { kind: "unclear" }],
  ["01-01-1890", { kind: "unclear" }],
  ["spring", { kind: "unclear" }],
])("reads %o", (typed, meaning) => {
  expect(readAgeOrBirth(typed, today)).toEqual(meaning);
});
