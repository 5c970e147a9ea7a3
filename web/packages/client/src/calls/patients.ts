import type { Query } from "../request";
import { transport } from "../transport";
import type { NewPatient, PatientChange } from "../types";

export const patients = {
  search: (query: { q?: string; mrn?: string; phone?: string; limit?: number; cursor?: string }, signal?: AbortSignal) =>
    transport.send("GET", "/api/patients", { query: query as Query, signal }).then((answer) => answer.data),
  duplicates: (of: { full_name: string; date_of_birth?: string; phone?: string }, signal?: AbortSignal) =>
    transport
      .send("GET", "/api/patients/duplicates", { query: of as Query, signal })
      .then((answer) => answer.data.results),
  get: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/patients/{id}", { path: { id }, signal }),
  register: (body: NewPatient) =>
    transport.send("POST", "/api/patients", { body }).then((answer) => answer.data),
  change: (id: string, body: PatientChange, ifMatch: string | null) =>
    transport.send("PATCH", "/api/patients/{id}", { path: { id }, body, ifMatch }),
};
