import type { Encounter, Patient } from "@hm/client";
import type { About } from "@hm/forms";
import { offsetTimeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { read } from "../app/queries";
import { useWorkplace } from "../app/workplace";

const day = 86_400_000;

/** Completed years and days of life on a day of the facility's calendar. */
export function ageFacts(today: string, born: string): { age_years: number; age_days: number } {
  const [year, month, date] = today.split("-").map(Number) as [number, number, number];
  const [bornYear, bornMonth, bornDate] = born.split("-").map(Number) as [number, number, number];
  const notYet = month < bornMonth || (month === bornMonth && date < bornDate) ? 1 : 0;
  return { age_years: year - bornYear - notYet, age_days: Math.round((Date.UTC(year, month - 1, date) - Date.UTC(bornYear, bornMonth - 1, bornDate)) / day) };
}

/** What a form's expressions may know of a visit; the server computes with the same. */
export function aboutOf(encounter: Encounter | undefined, patient: Patient | undefined, timeZone: string, now: Date = new Date()): About {
  const at = offsetTimeIn(timeZone, now);
  return {
    now: at,
    patient: patient && {
      gender: patient.gender,
      system_specific_data: patient.system_specific_data,
      ...(patient.date_of_birth ? ageFacts(at.slice(0, 10), patient.date_of_birth) : {}),
    },
    encounter: encounter && {
      encounter_type: encounter.encounter_type,
      pack: encounter.pack,
      status: encounter.status,
      system_data: encounter.system_data,
    },
  };
}

export interface Visit {
  encounter: Encounter | undefined;
  patient: Patient | undefined;
  about: About;
}

/** A visit and its patient, as forms and tools see them; parts that are still being read are absent. */
export function useVisit(encounterId: string): Visit {
  const { timeZone, today } = useWorkplace();
  const encounter = useQuery(read.encounter(encounterId)).data;
  const patient = useQuery({ ...read.patient(encounter?.patient_id ?? ""), enabled: encounter !== undefined }).data?.patient;
  return useMemo(
    () => ({ encounter, patient, about: aboutOf(encounter, patient, timeZone) }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new day ages the patient
    [encounter, patient, timeZone, today],
  );
}
