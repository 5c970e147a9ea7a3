import type { Query } from "../request";
import type { components } from "../schema";
import { transport } from "../transport";

type Schemas = components["schemas"];

export type ControlLot = Schemas["QualitycontrolLot"];
export type ControlTarget = Schemas["QualitycontrolTarget"];
export type ControlRun = Schemas["QualitycontrolRun"];
export type ControlHold = Schemas["QualitycontrolHold"];
export type NewControlLot = Schemas["QualitycontrolOpenLotInputBody"];
export type ControlLotChange = Schemas["QualitycontrolChangeLotInputBody"];
export type NewControlRun = Schemas["QualitycontrolRecordRunInputBody"];

export interface ControlLotFilter {
  is_active?: "true" | "false";
  analyte?: string;
  material?: string;
  limit?: number;
  cursor?: string;
}

export const qualitycontrol = {
  /** What the laboratory measures, of the facility's first pack. */
  analytes: (signal?: AbortSignal) => transport.send("GET", "/api/lab/analytes", { signal }).then((answer) => answer.data.results),

  lots: (query: ControlLotFilter, signal?: AbortSignal) => transport.send("GET", "/api/lab/control-lots", { query: query as Query, signal }).then((answer) => answer.data),
  lot: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/lab/control-lots/{id}", { path: { id }, signal }),
  open: (body: NewControlLot) => transport.send("POST", "/api/lab/control-lots", { body }).then((answer) => answer.data),
  change: (id: string, body: ControlLotChange, ifMatch: string | null) => transport.send("PATCH", "/api/lab/control-lots/{id}", { path: { id }, body, ifMatch }).then((answer) => answer.data),
  runs: (id: string, query: { analyte?: string; limit?: number; cursor?: string }, signal?: AbortSignal) =>
    transport.send("GET", "/api/lab/control-lots/{id}/runs", { path: { id }, query, signal }).then((answer) => answer.data),
  record: (id: string, body: NewControlRun) => transport.send("POST", "/api/lab/control-lots/{id}/runs", { path: { id }, body }).then((answer) => answer.data),
  exclude: (id: string, run_id: string, reason: string) =>
    transport.send("POST", "/api/lab/control-lots/{id}/runs/{run_id}/exclude", { path: { id, run_id }, body: { reason } }).then((answer) => answer.data),
  holds: (query: { status?: string; limit?: number; cursor?: string }, signal?: AbortSignal) => transport.send("GET", "/api/lab/control-holds", { query, signal }).then((answer) => answer.data),
  hold: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/lab/control-holds/{id}", { path: { id }, signal }),
  /** What was found of the held analyte since the last good run. */
  suspects: (id: string, query: { limit?: number; cursor?: string; count?: boolean }, signal?: AbortSignal) =>
    transport.send("GET", "/api/lab/control-holds/{id}/results", { path: { id }, query, signal }).then((answer) => answer.data),
  resolve: (id: string, reason: string, ifMatch: string | null) =>
    transport.send("POST", "/api/lab/control-holds/{id}/resolve", { path: { id }, body: { reason }, ifMatch }).then((answer) => answer.data),
};
