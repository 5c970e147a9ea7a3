import type { Encounter, EncounterStatus, EncounterType } from "@hm/client";
import { StatusChip, type Tone, minutesBetween } from "@hm/ui";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePack, usePackOf } from "../app/workspace";
import { inWords } from "./inWords";

const tones: Record<EncounterStatus, Tone> = {
  CREATED: "neutral",
  CHECKED_IN: "info",
  IN_CONSULT: "progress",
  CLOSED: "ok",
  CANCELLED: "neutral",
};

export function EncounterChip({ status }: { status: EncounterStatus }) {
  const { t } = useTranslation();
  return <StatusChip tone={tones[status]}>{t(`encounter.status.${status}`)}</StatusChip>;
}

const knownTypes: readonly string[] = ["OPD", "IPD", "EMERGENCY", "CONSULTATION", "DAYCARE", "TELECONSULT"] satisfies EncounterType[];

/** The word for a kind of visit: its pack's own, else the app's, else the code in words. */
export function useEncounterTypeName(): (type: string, pack?: string) => string {
  const { t, i18n } = useTranslation();
  const packOf = usePackOf();
  const first = usePack();
  return (type, packId) => {
    const pack = packId ? packOf(packId) : first;
    const own = pack?.encounter_types.find(({ code }) => code === type)?.name;
    const spoken = pack !== null && (pack.kind !== "base" || pack.locales.includes(i18n.language));
    if (own && own !== type && spoken) return own;
    return knownTypes.includes(type) ? t(`encounter.type.${type as EncounterType}`) : (own ?? inWords(type.toLowerCase()));
  };
}

/** Minutes since check-in, while the patient still waits. */
export function Wait({ encounter }: { encounter: Encounter }) {
  const { t } = useTranslation();
  const now = useMinute();
  if (encounter.status !== "CHECKED_IN" || !encounter.checked_in_at) return null;
  const minutes = minutesBetween(encounter.checked_in_at, now);
  return <bdi>{minutes < 120 ? t("encounter.wait", { minutes }) : t("encounter.longWait", { hours: Math.floor(minutes / 60), minutes: minutes % 60 })}</bdi>;
}

function useMinute(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** The server says what this user may do now: `check_in`, `start_consult`, `close`, `cancel`, `vitals` ... */
export function may(resource: { actions?: string[] }, action: string): boolean {
  return (resource.actions ?? []).some((offered) => offered.replaceAll("-", "_") === action);
}

/** When the visit takes or took place, for ordering a day. */
export function momentOf(encounter: Encounter): string {
  return encounter.checked_in_at ?? encounter.scheduled_at ?? encounter.created_at;
}
