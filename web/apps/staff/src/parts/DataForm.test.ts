import { expect, it } from "vitest";
import { faultsWithin, rowsOf } from "./DataForm";

it("lays short fields side by side and longer ones in rows of their own", () => {
  const properties = { dose: { type: "number" }, times: { type: "integer" }, days: { type: "integer" }, weeks: { type: "integer" }, note: { type: "string" }, route: { type: "string", maxLength: 40 } };
  expect(rowsOf({ type: "object", properties })).toEqual([["dose", "times", "days"], ["weeks"], ["note"], ["route"]]);
  expect(rowsOf(null)).toEqual([]);
});

it("finds the faults of one part of a request", () => {
  const faults = [{ location: "body.system_data.stents[0].size", message: "too large" }, { location: "body.reason", message: "too long" }];
  expect(faultsWithin(faults, "system_data")).toEqual({ "stents.0.size": "too large" });
});
