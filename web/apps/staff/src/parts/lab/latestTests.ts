import type { LabResult } from "@hm/client";

export interface TestResults {
  service_code: string;
  newest: LabResult;
  earlier: LabResult[];
}

/** Released results test by test: of each the newest sample first, the test with the newest sample first of all. */
export function byTest(results: readonly LabResult[]): TestResults[] {
  const tests = new Map<string, LabResult[]>();
  for (const result of results) tests.set(result.service_code, [...(tests.get(result.service_code) ?? []), result]);
  return [...tests.entries()]
    .map(([service_code, all]) => {
      const [newest, ...earlier] = all.toSorted((a, b) => b.collected_at.localeCompare(a.collected_at) || b.version - a.version);
      return { service_code, newest: newest!, earlier };
    })
    .toSorted((a, b) => b.newest.collected_at.localeCompare(a.newest.collected_at) || a.newest.name.localeCompare(b.newest.name));
}
