import { transport } from "../transport";
import type { LabReportLayoutChange } from "../types";

export interface LabReportFilter {
  order_id?: string;
  encounter_id?: string;
  patient_id?: string;
  limit?: number;
  cursor?: string;
}

/** The languages in which the server prints reports. */
export const reportLanguages = ["en", "hi", "ta", "ur"] as const;
export type ReportLanguage = (typeof reportLanguages)[number];

const data = <T>(answer: { data: T }): T => answer.data;

export const labprint = {
  reports: (query: LabReportFilter, signal?: AbortSignal) => transport.send("GET", "/api/lab/reports", { query: { ...query }, signal }).then(data),
  pdf: (id: string, language: ReportLanguage) => transport.file("/api/lab/reports/{id}/pdf", { language }, { path: { id } }),
  print: (report_ids: string[], language: ReportLanguage) => transport.file("/api/lab/reports/print", {}, { body: { report_ids, language } }),
  labels: (sample_ids: string[], format: "pdf" | "zpl") => transport.file("/api/lab/labels", {}, { body: { sample_ids, format } }),
  /** Whether a printed report is genuine; for anybody who holds it. */
  check: (token: string, signal?: AbortSignal) => transport.send("GET", "/api/lab/report-check/{token}", { path: { token }, signal, anonymous: true, scope: null }).then(data),
  layout: (signal?: AbortSignal) => transport.send("GET", "/api/lab/report-layout", { signal }),
  changeLayout: (body: LabReportLayoutChange, ifMatch: string | null) => transport.send("PUT", "/api/lab/report-layout", { body, ifMatch }).then(data),
};
