import type { Query } from "../request";
import { transport } from "../transport";
import type { Duplicate, NewPatient, Page, Patient } from "../types";

export const patients = {
  search: (query: { q?: string; mrn?: string; phone?: string; limit?: number; cursor?: string }, signal?: AbortSignal) =>
    transport.send<Page<Patient>>("GET", "/api/patients", { query: query as Query, signal }).then((answer) => answer.data),
  duplicates: (of: { full_name: string; date_of_birth?: string; phone?: string }, signal?: AbortSignal) =>
    transport
      .send<{ results: Duplicate[] }>("GET", "/api/patients/duplicates", { query: of as Query, signal })
      .then((answer) => answer.data.results),
  get: (id: string, signal?: AbortSignal) => transport.send<Patient>("GET", "/api/patients/{id}", { path: { id }, signal }),
  register: (body: NewPatient) =>
    transport.send<Patient>("POST", "/api/patients", { body }).then((answer) => answer.data),
  change: (id: string, body: Partial<NewPatient>, ifMatch: string | null) =>
    transport.send<Patient>("PATCH", "/api/patients/{id}", { path: { id }, body, ifMatch }),
};
