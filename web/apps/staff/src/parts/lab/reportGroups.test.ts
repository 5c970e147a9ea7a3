import type { LabReport } from "@hm/client";
import { expect, test } from "vitest";
import { groupReports } from "./reportGroups";

const report = (order_id: string, version: number, issued_at: string) => ({ id: `${order_id}${version}`, order_id, version, issued_at }) as LabReport;

test("an order has one report, whose newest version stands first", () => {
  const groups = groupReports([report("b", 1, "2026-11-22T10:00:00Z"), report("a", 2, "2026-11-22T12:00:00Z"), report("a", 3, "2026-11-22T12:30:00Z"), report("a", 1, "2026-11-22T09:00:00Z")]);
  expect(groups.map(({ current, former }) => [current.id, former.map(({ id }) => id)])).toEqual([
    ["a3", ["a2", "a1"]],
    ["b1", []],
  ]);
});

test("a patient without reports has no groups", () => {
  expect(groupReports([])).toEqual([]);
});
