import type { LabReport } from "@hm/client";

/** The report of one order: the version that stands, and those before it, the newest first. */
export interface ReportGroup {
  current: LabReport;
  former: LabReport[];
}

/** Brings the versions of each order's report together, in the order in which their newest were issued. */
export function groupReports(reports: readonly LabReport[]): ReportGroup[] {
  const byOrder = new Map<string, LabReport[]>();
  for (const report of reports) byOrder.set(report.order_id, [...(byOrder.get(report.order_id) ?? []), report]);
  const groups: ReportGroup[] = [];
  for (const versions of byOrder.values()) {
    const [current, ...former] = versions.toSorted((a, b) => b.version - a.version);
    if (current) groups.push({ current, former });
  }
  return groups.toSorted((a, b) => b.current.issued_at.localeCompare(a.current.issued_at));
}
