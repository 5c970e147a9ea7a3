import { type Change, follow, transport } from "@hm/client";
import type { Connection } from "@hm/ui";
import { useEffect, useState } from "react";
import { queryClient } from "./queries";

/** What may look different when something of a topic's module changed. */
const affected: Readonly<Record<string, string[]>> = {
  patients: ["patients"],
  encounter_documents: ["encounters", "tasks"],
  clinical_documents: ["clinicaldocs", "encounters"],
  encounters: ["encounters", "tasks"],
  tasks: ["tasks", "encounters"],
  clinicaldocs: ["clinicaldocs", "encounters"],
  documents: ["clinicaldocs", "encounters"],
  users: ["me", "users"],
  audit: ["audit"],
  iam: ["me", "users", "roles"],
  memberships: ["me", "users"],
  roles: ["me", "roles"],
  facility: ["me", "facilities"],
  facilities: ["me", "facilities"],
  rules: ["rules", "encounters"],
  packs: ["workspace", "packs", "templates", "rules", "catalog"],
  orders: ["orders", "tasks", "encounters"],
  order_items: ["orders", "tasks", "encounters"],
  lab_samples: ["lab", "orders", "tasks"],
  lab_results: ["lab", "orders", "tasks", "encounters"],
  lab_settings: ["lab"],
  lab_reports: ["labprint"],
  lab_report_layout: ["labprint"],
  alerts: ["alerts", "encounters", "tasks"],
  alert_policy: ["alertPolicies"],
  alert_teams: ["alertTeams"],
  alert_duty: ["alertDuties"],
  notifications: ["notifications"],
  notification_preferences: ["messages"],
  notification_templates: ["messages", "notifications"],
  notification_settings: ["messages"],
  notification_delivery: ["messages"],
  control_lots: ["qualitycontrol"],
  control_runs: ["qualitycontrol"],
  control_holds: ["qualitycontrol", "lab"],
};
const livingModules = ["patients", "encounters", "tasks", "clinicaldocs", "orders", "lab", "labprint", "qualitycontrol", "alerts", "notifications"];

const gatherTime = 200;
const pollTime = 15_000;

/** `encounter`, `encounters` and `encounters.checked_in.v1` all speak of encounters. */
export function modulesOf(topic: string): string[] {
  const first = topic.split(/[.:/]/)[0] ?? "";
  return affected[first] ?? affected[`${first}s`] ?? [];
}

/**
 * Keeps the screen fresh while a facility is chosen: by the server's events, and by
 * asking every 15 seconds while they do not come.
 */
export function useLive(active: boolean): Connection {
  const [streaming, setStreaming] = useState(true);
  const [reachable, setReachable] = useState(true);

  useEffect(() => {
    if (!active) return;
    let pending = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;

    const refetch = (modules: string[]) => {
      for (const module of modules) pending.add(module);
      timer ??= setTimeout(() => {
        const due = pending;
        pending = new Set();
        timer = undefined;
        for (const module of due) void queryClient.invalidateQueries({ queryKey: [module] });
      }, gatherTime);
    };

    const stop = follow(transport, {
      onChange: (change: Change) => refetch(modulesOf(change.topic)),
      onGap: () => refetch(livingModules),
      onStatus: (status) => setStreaming(status === "live"),
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [active]);

  useEffect(() => {
    if (!active || streaming) return;
    const timer = setInterval(() => {
      for (const module of livingModules) void queryClient.invalidateQueries({ queryKey: [module] });
    }, pollTime);
    return () => clearInterval(timer);
  }, [active, streaming]);

  useEffect(() => {
    const stop = transport.onReachability((now) => setReachable(now === "reachable"));
    const lost = () => setReachable(false);
    const back = () => setReachable(true);
    addEventListener("offline", lost);
    addEventListener("online", back);
    return () => {
      stop();
      removeEventListener("offline", lost);
      removeEventListener("online", back);
    };
  }, []);

  if (!reachable) return "offline";
  return streaming ? "live" : "polling";
}
