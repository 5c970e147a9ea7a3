import type { Override } from "../ruled";
import { transport } from "../transport";
import type { CriticalCall, LabSettingsChange, NewLabResult, NewLabSample } from "../types";

export interface CollectionFilter {
  encounter_type?: string;
  priority?: string;
  due_before?: string;
  q?: string;
  limit?: number;
  cursor?: string;
}

export interface SampleFilter {
  barcode?: string;
  status?: string;
  encounter_id?: string;
  limit?: number;
  cursor?: string;
}

export interface WorklistFilter {
  section?: string;
  /** RECEIVED waits for values, ENTERED for verification, VERIFIED for release. */
  status?: string;
  priority?: string;
  q?: string;
  limit?: number;
  cursor?: string;
}

export interface ResultFilter {
  order_item_id?: string;
  encounter_id?: string;
  patient_id?: string;
  status?: string;
  latest?: boolean;
  limit?: number;
  cursor?: string;
}

const data = <T>(answer: { data: T }): T => answer.data;

export const lab = {
  collectionList: (query: CollectionFilter, signal?: AbortSignal) => transport.send("GET", "/api/lab/collection-list", { query: { ...query }, signal }).then(data),

  samples: (query: SampleFilter, signal?: AbortSignal) => transport.send("GET", "/api/lab/samples", { query: { ...query }, signal }).then(data),
  sample: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/lab/samples/{id}", { path: { id }, signal }).then(data),
  collect: (body: NewLabSample) => transport.send("POST", "/api/lab/samples", { body }).then(data),
  receive: (id: string) => transport.send("POST", "/api/lab/samples/{id}/receive", { path: { id } }).then(data),
  reject: (id: string, reason: string, note?: string) => transport.send("POST", "/api/lab/samples/{id}/reject", { path: { id }, body: { reason, note } }).then(data),
  store: (id: string, location: string) => transport.send("POST", "/api/lab/samples/{id}/store", { path: { id }, body: { location } }).then(data),
  discard: (id: string) => transport.send("POST", "/api/lab/samples/{id}/discard", { path: { id } }).then(data),
  rejectionReasons: (signal?: AbortSignal) => transport.send("GET", "/api/lab/rejection-reasons", { signal }).then((answer) => answer.data.results),

  worklist: (query: WorklistFilter, signal?: AbortSignal) => transport.send("GET", "/api/lab/worklist", { query: { ...query }, signal }).then(data),
  results: (query: ResultFilter, signal?: AbortSignal) => transport.send("GET", "/api/lab/results", { query: { ...query }, signal }).then(data),
  result: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/lab/results/{id}", { path: { id }, signal }).then(data),
  history: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/lab/results/{id}/history", { path: { id }, signal }).then((answer) => answer.data.results),
  enter: (body: NewLabResult, overrides: Override[] = []) => transport.send("POST", "/api/lab/results", { body: { ...body, ...(overrides.length > 0 ? { overrides } : {}) } }).then(data),
  verify: (id: string, critical_notice?: CriticalCall) => transport.send("POST", "/api/lab/results/{id}/verify", { path: { id }, body: critical_notice ? { critical_notice } : {} }).then(data),
  release: (id: string, overrides: Override[] = []) => transport.send("POST", "/api/lab/results/{id}/release", { path: { id }, body: overrides.length > 0 ? { overrides } : {} }).then(data),

  trends: (query: { patient_id: string; code: string }, signal?: AbortSignal) => transport.send("GET", "/api/lab/trends", { query, signal }).then((answer) => answer.data.results),
  analytes: (query: { service_code?: string; section?: string; q?: string; limit?: number; cursor?: string }, signal?: AbortSignal) =>
    transport.send("GET", "/api/lab/analytes", { query, signal }).then(data),

  turnaround: (query: { since?: string; until?: string; by?: "service" | "section" | "priority" }, signal?: AbortSignal) =>
    transport.send("GET", "/api/lab/turnaround", { query, signal }).then((answer) => answer.data.results),

  settings: (signal?: AbortSignal) => transport.send("GET", "/api/lab/settings", { signal }),
  changeSettings: (body: LabSettingsChange, ifMatch: string | null) => transport.send("PUT", "/api/lab/settings", { body, ifMatch }).then(data),
  suspend: (reason: string) => transport.send("POST", "/api/lab/autoverification/suspend", { body: { reason } }).then(data),
  resume: () => transport.send("POST", "/api/lab/autoverification/resume").then(data),
};
