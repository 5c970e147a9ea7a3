import type { Query } from "../request";
import { transport } from "../transport";
import type {
  Assessment,
  CloseGate,
  Encounter,
  EncounterStatus,
  EncounterType,
  Entry,
  EntryKind,
  Note,
  Page,
  Plan,
  TimelineItem,
  Vitals,
} from "../types";

export interface EncounterFilter {
  patient_id?: string;
  status?: EncounterStatus;
  encounter_type?: EncounterType;
  attending_doctor_id?: string;
  date?: string;
  limit?: number;
  cursor?: string;
}

export interface NewEncounter {
  patient_id: string;
  encounter_type?: EncounterType;
  reason?: string;
  attending_doctor_id?: string;
}

interface Written<K extends EntryKind> {
  encounter_id: string;
  document: Entry<K>;
}

const data = <T>(answer: { data: T }): T => answer.data;

export const encounters = {
  list: (query: EncounterFilter, signal?: AbortSignal) =>
    transport.send<Page<Encounter>>("GET", "/api/encounters", { query: query as Query, signal }).then(data),
  get: (id: string, signal?: AbortSignal) =>
    transport.send<Encounter>("GET", "/api/encounters/{id}", { path: { id }, signal }).then(data),
  create: (body: NewEncounter) => transport.send<Encounter>("POST", "/api/encounters", { body }).then(data),
  checkIn: (id: string) =>
    transport.send<Encounter>("POST", "/api/encounters/{id}/check-in", { path: { id } }).then(data),
  startConsult: (id: string, attending_doctor_id?: string) =>
    transport
      .send<Encounter>("POST", "/api/encounters/{id}/start-consult", {
        path: { id },
        body: attending_doctor_id ? { attending_doctor_id } : {},
      })
      .then(data),
  close: (id: string) => transport.send<Encounter>("POST", "/api/encounters/{id}/close", { path: { id } }).then(data),
  cancel: (id: string, reason: string) =>
    transport.send<Encounter>("POST", "/api/encounters/{id}/cancel", { path: { id }, body: { reason } }).then(data),
  closeGate: (id: string, signal?: AbortSignal) =>
    transport.send<CloseGate>("GET", "/api/encounters/{id}/close-gate", { path: { id }, signal }).then(data),
  entries: (id: string, signal?: AbortSignal) =>
    transport.send<Page<Entry>>("GET", "/api/encounters/{id}/documents", { path: { id }, signal }).then(
      (answer) => answer.data.results,
    ),
  timeline: (id: string, signal?: AbortSignal) =>
    transport
      .send<{ encounter_id: string; items: TimelineItem[] }>("GET", "/api/encounters/{id}/timeline", { path: { id }, signal })
      .then((answer) => answer.data.items),
  recordVitals: (id: string, body: Vitals) =>
    transport.send<Written<"VITALS">>("POST", "/api/encounters/{id}/vitals", { path: { id }, body }).then(data),
  recordAssessment: (id: string, body: Assessment) =>
    transport.send<Written<"ASSESSMENT">>("POST", "/api/encounters/{id}/assessment", { path: { id }, body }).then(data),
  recordPlan: (id: string, body: Plan) =>
    transport.send<Written<"PLAN">>("POST", "/api/encounters/{id}/plan", { path: { id }, body }).then(data),
  recordNote: (id: string, body: Note) =>
    transport.send<Written<"NOTE">>("POST", "/api/encounters/{id}/notes", { path: { id }, body }).then(data),
};
