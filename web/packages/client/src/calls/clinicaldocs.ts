import type { Override } from "../ruled";
import { transport } from "../transport";

type Payload = Record<string, unknown>;

export const clinicaldocs = {
  /** Of one pack, or of the facility's first. */
  templates: (pack?: string, signal?: AbortSignal) =>
    transport.send("GET", "/api/templates", { query: { pack, limit: 200 }, signal }).then((answer) => answer.data.results),
  template: (code: string, version?: string, pack?: string, signal?: AbortSignal) =>
    transport
      .send("GET", "/api/templates/{code}", { path: { code }, query: { version, pack }, signal })
      .then((answer) => answer.data),
  latest: (of: { encounter_id?: string; patient_id?: string; template_code?: string; include_drafts?: boolean }, signal?: AbortSignal) =>
    transport
      .send("GET", "/api/clinical-docs/latest", { query: of, signal })
      .then((answer) => answer.data.results),
  /** What the patient's last document of a template would have this one begin with. */
  carryOver: (encounter_id: string, template_code: string, signal?: AbortSignal) =>
    transport.send("GET", "/api/clinical-docs/carry-over", { query: { encounter_id, template_code }, signal }).then((answer) => answer.data),
  draft: (encounter_id: string, template_code: string, payload: Payload) =>
    transport
      .send("POST", "/api/clinical-docs/draft", { body: { encounter_id, template_code, payload } })
      .then((answer) => answer.data),
  get: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/clinical-docs/{id}", { path: { id }, signal }).then((answer) => answer.data),
  /** Writes over the version named and no other: 412 when the draft has moved on. */
  replaceDraft: (id: string, payload: Payload, ifMatch: string | null) =>
    transport
      .send("PUT", "/api/clinical-docs/{id}", { path: { id }, body: { payload }, ifMatch })
      .then((answer) => answer.data),
  finalize: (document_id: string, overrides: Override[] = []) =>
    transport
      .send("POST", "/api/clinical-docs/finalize", { body: { document_id, ...(overrides.length > 0 ? { overrides } : {}) } })
      .then((answer) => answer.data),
  amend: (document_id: string, payload: Payload, reason: string, overrides: Override[] = []) =>
    transport
      .send("POST", "/api/clinical-docs/amend", { body: { document_id, payload, reason, ...(overrides.length > 0 ? { overrides } : {}) } })
      .then((answer) => answer.data),
  discard: (id: string) => transport.send("POST", "/api/clinical-docs/{id}/discard", { path: { id } }),
  history: (id: string, signal?: AbortSignal) =>
    transport
      .send("GET", "/api/clinical-docs/{id}/history", { path: { id }, signal })
      .then((answer) => answer.data.results),
};
