import { expect, it } from "vitest";
import { waited } from "./Since";

it("counts in the unit that people say", () => {
  expect(waited(0)).toEqual({ unit: "minutes", count: 0 });
  expect(waited(89)).toEqual({ unit: "minutes", count: 89 });
  expect(waited(90)).toEqual({ unit: "hours", count: 1 });
  expect(waited(47 * 60 + 59)).toEqual({ unit: "hours", count: 47 });
  expect(waited(48 * 60)).toEqual({ unit: "days", count: 2 });
});
