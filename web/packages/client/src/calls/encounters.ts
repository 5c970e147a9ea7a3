import type { Query } from "../request";
import type { Override } from "../ruled";
import { transport } from "../transport";
import type { Assessment, EncounterChange, EncounterStatus, Entry, NewEncounter, Note, Plan, Vitals } from "../types";

export interface EncounterFilter {
  patient_id?: string;
  status?: EncounterStatus;
  encounter_type?: string;
  attending_doctor_id?: string;
  date?: string;
  limit?: number;
  cursor?: string;
}

const data = <T>(answer: { data: T }): T => answer.data;

export const encounters = {
  list: (query: EncounterFilter, signal?: AbortSignal) =>
    transport.send("GET", "/api/encounters", { query: query as Query, signal }).then(data),
  get: (id: string, signal?: AbortSignal) =>
    transport.send("GET", "/api/encounters/{id}", { path: { id }, signal }).then(data),
  /** With the ETag that a change is held against. */
  tagged: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/encounters/{id}", { path: { id }, signal }),
  change: (id: string, body: EncounterChange, ifMatch: string | null) =>
    transport.send("PATCH", "/api/encounters/{id}", { path: { id }, body, ifMatch }).then(data),
  create: (body: NewEncounter) => transport.send("POST", "/api/encounters", { body }).then(data),
  checkIn: (id: string) =>
    transport.send("POST", "/api/encounters/{id}/check-in", { path: { id } }).then(data),
  startConsult: (id: string, attending_doctor_id?: string) =>
    transport
      .send("POST", "/api/encounters/{id}/start-consult", {
        path: { id },
        body: attending_doctor_id ? { attending_doctor_id } : {},
      })
      .then(data),
  close: (id: string, overrides: Override[] = []) =>
    transport.send("POST", "/api/encounters/{id}/close", { path: { id }, ...(overrides.length > 0 ? { body: { overrides } } : {}) }).then(data),
  cancel: (id: string, reason: string) =>
    transport.send("POST", "/api/encounters/{id}/cancel", { path: { id }, body: { reason } }).then(data),
  closeGate: (id: string, signal?: AbortSignal) =>
    transport.send("GET", "/api/encounters/{id}/close-gate", { path: { id }, signal }).then(data),
  entries: (id: string, signal?: AbortSignal) =>
    transport.send("GET", "/api/encounters/{id}/documents", { path: { id }, signal }).then(
      // each kind's content is as its own route writes it
      (answer) => answer.data.results as Entry[],
    ),
  timeline: (id: string, signal?: AbortSignal) =>
    transport
      .send("GET", "/api/encounters/{id}/timeline", { path: { id }, signal })
      .then((answer) => answer.data.items),
  recordVitals: (id: string, body: Vitals) =>
    transport.send("POST", "/api/encounters/{id}/vitals", { path: { id }, body }).then(data),
  recordAssessment: (id: string, body: Assessment) =>
    transport.send("POST", "/api/encounters/{id}/assessment", { path: { id }, body }).then(data),
  recordPlan: (id: string, body: Plan) =>
    transport.send("POST", "/api/encounters/{id}/plan", { path: { id }, body }).then(data),
  recordNote: (id: string, body: Note) =>
    transport.send("POST", "/api/encounters/{id}/notes", { path: { id }, body }).then(data),
};
