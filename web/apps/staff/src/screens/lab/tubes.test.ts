import type { CollectionRow, LabSample } from "@hm/client";
import { expect, it } from "vitest";
import { byPlace, mayBePregnant, tubeKey, withTaken } from "./tubes";

const tube = (id: string, encounter_type: string, priority: CollectionRow["priority"] = "ROUTINE"): CollectionRow => ({ encounter_type, priority, items: [{ order_item_id: id, service_code: id, name: id }] }) as CollectionRow;

it("lists tubes place by place, each place in the server's order", () => {
  const rows = [tube("a", "OPD"), tube("b", "IPD"), tube("c", "OPD"), tube("d", "EMERGENCY"), tube("e", "X_CAMP"), tube("f", "IPD")];
  expect(byPlace(rows).map(tubeKey)).toEqual(["d", "b", "f", "a", "c", "e"]);
});

it("goes first where something is wanted at once", () => {
  const rows = [tube("a", "OPD", "STAT"), tube("b", "EMERGENCY"), tube("c", "OPD")];
  expect(byPlace(rows).map(tubeKey)).toEqual(["a", "c", "b"]);
});

it.each([
  ["female", "2000-03-08", true],
  ["male", "2000-03-08", false],
  ["female", "2016-03-08", false],
  ["female", "2016-03-07", true],
  ["female", "1970-03-08", true],
  ["female", "1970-03-07", false],
  ["female", null, true],
  ["unknown", "2000-03-08", false],
])("asks a %s born %s about pregnancy: %s", (gender, date_of_birth, asked) => {
  expect(mayBePregnant({ gender, date_of_birth }, "2026-03-07")).toBe(asked);
});

it("lists what was taken once, though its answer came twice", () => {
  const sample = (id: string) => ({ id }) as LabSample;
  const taken = [sample("a"), sample("b"), sample("b")].reduce<LabSample[]>(withTaken, []);
  expect(taken.map(({ id }) => id)).toEqual(["b", "a"]);
});
