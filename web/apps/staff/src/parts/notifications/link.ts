import type { Notification } from "@hm/client";

/** Where in this app the thing is that a notification is about; nowhere when its record is not known. */
export function addressOf({ link }: Pick<Notification, "link">): string | null {
  const { alert_id, patient_id, encounter_id } = link.params;
  if (link.screen === "alert" && alert_id) return `/alerts?alert=${encodeURIComponent(alert_id)}`;
  if (!patient_id) return null;
  return `/patients/${encodeURIComponent(patient_id)}${encounter_id ? `?encounter=${encodeURIComponent(encounter_id)}` : ""}`;
}
