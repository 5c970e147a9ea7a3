import { transport } from "../transport";
import type { AlertPolicyChange, AlertStatus, AlertSeverity, AlertTeamChange, NewAlertDuty, NewAlertTeam } from "../types";

export interface AlertFilter {
  status?: AlertStatus;
  severity?: AlertSeverity;
  kind?: string;
  encounter_id?: string;
  patient_id?: string;
  mine?: boolean;
  count?: boolean;
  limit?: number;
  cursor?: string;
}

export interface DutyFilter {
  since?: string;
  until?: string;
  limit?: number;
  cursor?: string;
}

const data = <T>(answer: { data: T }): T => answer.data;

export const alerts = {
  list: (query: AlertFilter, signal?: AbortSignal) => transport.send("GET", "/api/alerts", { query: { ...query }, signal }).then(data),
  get: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/alerts/{id}", { path: { id }, signal }).then(data),
  acknowledge: (id: string, note?: string) => transport.send("POST", "/api/alerts/{id}/acknowledge", { path: { id }, body: note ? { note } : {} }).then(data),
  resolve: (id: string, resolution: string) => transport.send("POST", "/api/alerts/{id}/resolve", { path: { id }, body: { resolution } }).then(data),
  analytics: (query: { since?: string; until?: string }, signal?: AbortSignal) => transport.send("GET", "/api/alerts/analytics", { query, signal }).then((answer) => answer.data.results),

  policies: (signal?: AbortSignal) => transport.send("GET", "/api/alert-policies", { signal }).then((answer) => answer.data.results),
  policy: (kind: string, signal?: AbortSignal) => transport.send("GET", "/api/alert-policies/{kind}", { path: { kind }, signal }),
  changePolicy: (kind: string, body: AlertPolicyChange, ifMatch: string | null) => transport.send("PUT", "/api/alert-policies/{kind}", { path: { kind }, body, ifMatch }).then(data),

  teams: (signal?: AbortSignal) => transport.send("GET", "/api/alert-teams", { query: { limit: 200 }, signal }).then((answer) => answer.data.results),
  team: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/alert-teams/{id}", { path: { id }, signal }),
  createTeam: (body: NewAlertTeam) => transport.send("POST", "/api/alert-teams", { body }).then(data),
  changeTeam: (id: string, body: AlertTeamChange, ifMatch: string | null) => transport.send("PATCH", "/api/alert-teams/{id}", { path: { id }, body, ifMatch }).then(data),

  duties: (query: DutyFilter, signal?: AbortSignal) => transport.send("GET", "/api/alert-duties", { query: { ...query }, signal }).then(data),
  createDuty: (body: NewAlertDuty) => transport.send("POST", "/api/alert-duties", { body }).then(data),
  removeDuty: (id: string) => transport.send("DELETE", "/api/alert-duties/{id}", { path: { id } }).then(data),
};
