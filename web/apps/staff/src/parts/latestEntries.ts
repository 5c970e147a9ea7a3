import { type Encounter, type Entry, type EntryKind, type Timestamp, type Vitals, encounters } from "@hm/client";
import { queryOptions } from "@tanstack/react-query";
import { read } from "../app/queries";
import { momentOf } from "./EncounterStatus";

/** The latest entry of a kind is the one that counts. */
export function latest<K extends EntryKind>(entries: Entry[] | undefined, kind: K): Entry<K> | null {
  const ofKind = (entries ?? []).filter((entry) => entry.kind === kind);
  const newest = ofKind.toSorted((a, b) => a.authored_at.localeCompare(b.authored_at)).at(-1);
  return (newest as Entry<K> | undefined) ?? null;
}

/** How many earlier visits are looked at for the last known vitals. */
const lookBack = 3;

/** The last known vitals: of this visit, or else of an earlier one. */
export function lastVitals(encounter: Encounter) {
  return queryOptions({
    queryKey: ["encounters", encounter.id, "last-vitals"],
    queryFn: async ({ signal, client }): Promise<{ at: Timestamp; vitals: Vitals } | null> => {
      const ofThisVisit = latest(await client.fetchQuery(read.entries(encounter.id)), "VITALS");
      if (ofThisVisit) return { at: ofThisVisit.authored_at, vitals: ofThisVisit.content };
      const visits = await encounters.list({ patient_id: encounter.patient_id, limit: 20 }, signal);
      const earlier = visits.results
        .filter((visit) => visit.id !== encounter.id && momentOf(visit) < momentOf(encounter))
        .toSorted((a, b) => momentOf(b).localeCompare(momentOf(a)))
        .slice(0, lookBack);
      for (const visit of earlier) {
        const entry = latest(await client.ensureQueryData(read.entries(visit.id)), "VITALS");
        if (entry) return { at: entry.authored_at, vitals: entry.content };
      }
      return null;
    },
  });
}
