import { expect, it } from "vitest";
import { modulesOf } from "./live";

it("finds what a topic touches, however it is named", () => {
  expect(modulesOf("encounter")).toEqual(["encounters", "tasks"]);
  expect(modulesOf("encounters")).toEqual(["encounters", "tasks"]);
  expect(modulesOf("tasks.done.v1")).toEqual(["tasks", "encounters"]);
  expect(modulesOf("clinical_document")).toEqual(["clinicaldocs", "encounters"]);
  expect(modulesOf("facility")).toEqual(["me", "facilities"]);
  expect(modulesOf("rule")).toEqual(["rules", "encounters"]);
  expect(modulesOf("weather")).toEqual([]);
});
