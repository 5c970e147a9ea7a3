import { unitText } from "@hm/ui";
import { useEffect, useState } from "react";
import type { Host } from "../host";
import { isRecord, records, text } from "./read";

/** One recorded fact of a patient, as the API gives it. */
export interface Observation {
  code: string;
  system: string;
  value: number | string | boolean;
  unit: string;
  /** RFC 3339. */
  at: string;
  document_id: string;
}

export interface Wanted {
  code: string;
  system: string;
}

/** The observations of an answer, oldest first; what cannot be read is left out. */
export function readObservations(answer: unknown): Observation[] {
  return records(isRecord(answer) ? answer.results : answer)
    .filter(({ value, at }) => ["number", "string", "boolean"].includes(typeof value) && typeof at === "string" && !Number.isNaN(Date.parse(at)))
    .map((one) => ({ code: text(one.code), system: text(one.system), value: one.value as Observation["value"], unit: unitText(text(one.unit)), at: one.at as string, document_id: text(one.document_id) }))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** As many as the server gives at once; the newest are those that are looked at. */
const most = 200;

export function observationsPath(patientId: string, { code, system }: Wanted, since?: string): string {
  const query = new URLSearchParams({ limit: String(most), code, ...(system ? { system } : {}), ...(since ? { since } : {}) });
  return `/api/patients/${encodeURIComponent(patientId)}/observations?${query}`;
}

export type Found = { state: "loading" } | { state: "failed"; error: unknown } | { state: "ready"; found: Observation[][] };

/** What is recorded of each wanted code, in the same order; asked anew when `attempt` changes. */
export function useObservations(host: Host, wanted: Wanted[], days: number | null, attempt: number): Found {
  const [found, setFound] = useState<Found>({ state: "loading" });
  const patientId = host.patient?.id ?? null;
  const asked = JSON.stringify([patientId, wanted.map(({ code, system }) => ({ code, system })), days, attempt]);
  const { fetch } = host;
  useEffect(() => {
    const [id, codes, back] = JSON.parse(asked) as [string | null, Wanted[], number | null, number];
    if (id === null) {
      setFound({ state: "ready", found: codes.map(() => []) });
      return;
    }
    const stop = new AbortController();
    const since = back === null ? undefined : new Date(Date.now() - back * 86_400_000).toISOString();
    setFound({ state: "loading" });
    Promise.all(codes.map((one) => fetch(observationsPath(id, one, since), { signal: stop.signal }).then(readObservations))).then(
      (all) => !stop.signal.aborted && setFound({ state: "ready", found: all }),
      (error: unknown) => !stop.signal.aborted && setFound({ state: "failed", error }),
    );
    return () => stop.abort();
    // the host is a new object at every drawing; what is asked for is not
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [asked]);
  return found;
}
