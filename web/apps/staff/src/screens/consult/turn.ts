import type { Encounter } from "@hm/client";
import { momentOf } from "../../parts/EncounterStatus";

/** One's own consultations under way, then who waits for oneself or for anybody, then the patients of others; each by arrival. */
export function byTurn(doctorId: string): (a: Encounter, b: Encounter) => number {
  const rank = (encounter: Encounter): number => {
    const ofOther = encounter.attending_doctor_id !== null && encounter.attending_doctor_id !== doctorId;
    if (encounter.status === "IN_CONSULT") return ofOther ? 2 : 0;
    return ofOther ? 3 : 1;
  };
  return (a, b) => rank(a) - rank(b) || momentOf(a).localeCompare(momentOf(b));
}
