import { transport } from "../transport";

export interface AuditFilter {
  entity_type?: string;
  entity_id?: string;
  patient_id?: string;
  actor_id?: string;
  code?: string;
  since?: string;
  until?: string;
  limit?: number;
  cursor?: string;
}

export const audit = {
  events: (query: AuditFilter, signal?: AbortSignal) =>
    transport
      .send("GET", "/api/audit/events", { query: { ...query }, signal })
      .then((answer) => answer.data),
  proof: (id: string, signal?: AbortSignal) =>
    transport.send("GET", "/api/audit/events/{id}/proof", { path: { id }, signal }).then((answer) => answer.data),
  /** A range of time as a CSV file; `since` is needed. */
  export: (query: AuditFilter & { since: string }) => transport.file("/api/audit/export", { ...query }),
  verify: (signal?: AbortSignal) =>
    transport.send("GET", "/api/audit/verify", { signal }).then((answer) => answer.data),
};
