import type { LabResult } from "@hm/client";
import { expect, it } from "vitest";
import { byTest } from "./latestTests";

const result = (service_code: string, collected_at: string, version = 1): LabResult => ({ service_code, name: service_code, collected_at, version }) as LabResult;

it("puts the newest of each test first, and the test with the newest sample first of all", () => {
  const tests = byTest([result("CBC", "2026-03-01"), result("TSH", "2026-03-05"), result("CBC", "2026-03-07"), result("CBC", "2026-03-04")]);
  expect(tests.map(({ service_code, newest, earlier }) => [service_code, newest.collected_at, earlier.map(({ collected_at }) => collected_at)])).toEqual([
    ["CBC", "2026-03-07", ["2026-03-04", "2026-03-01"]],
    ["TSH", "2026-03-05", []],
  ]);
});

it("prefers the later version of one sample", () => {
  expect(byTest([result("CBC", "2026-03-01", 1), result("CBC", "2026-03-01", 2)])[0]!.newest.version).toBe(2);
});

it("is empty where nothing was released", () => expect(byTest([])).toEqual([]));
