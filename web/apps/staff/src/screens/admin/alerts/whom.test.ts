import { expect, it } from "vitest";
import { draftOf, stepOf } from "./whom";

it("gives a step back as it came, whomever it is for", () => {
  for (const step of [
    { after_minutes: 15, to_role: "doctor" },
    { after_minutes: 1, to_team: "rapid" },
    { after_minutes: 10_080, to_duty: "nurse" },
  ])
    expect(stepOf(draftOf(step))).toEqual(step);
});

it("sends no step that says too little", () => {
  expect(stepOf({ minutes: "", kind: "role", code: "doctor" })).toBeNull();
  expect(stepOf({ minutes: 0, kind: "role", code: "doctor" })).toBeNull();
  expect(stepOf({ minutes: 2.5, kind: "role", code: "doctor" })).toBeNull();
  expect(stepOf({ minutes: 10_081, kind: "role", code: "doctor" })).toBeNull();
  expect(stepOf({ minutes: 5, kind: "team", code: null })).toBeNull();
});
