import { Activity, ClipboardList, ListChecks, type LucideIcon, ScrollText, Stethoscope, Users } from "lucide-react";
import { useMemo } from "react";
import { mayOpen, type Screen } from "../app/permissions";
import { useWorkplace } from "../app/workplace";

export interface Destination {
  screen: Exclude<Screen, "chart">;
  to: "/desk" | "/triage" | "/queue" | "/tasks" | "/admin/users" | "/audit";
  keys: string;
  icon: LucideIcon;
  group: "work" | "house";
}

const destinations: Destination[] = [
  { screen: "desk", to: "/desk", keys: "g p", icon: ClipboardList, group: "work" },
  { screen: "triage", to: "/triage", keys: "g v", icon: Activity, group: "work" },
  { screen: "queue", to: "/queue", keys: "g q", icon: Stethoscope, group: "work" },
  { screen: "tasks", to: "/tasks", keys: "g t", icon: ListChecks, group: "work" },
  { screen: "users", to: "/admin/users", keys: "g u", icon: Users, group: "house" },
  { screen: "audit", to: "/audit", keys: "g a", icon: ScrollText, group: "house" },
];

/** Where this person may go, in the order of a hospital day. */
export function useNavigation(): Destination[] {
  const { can } = useWorkplace();
  return useMemo(() => destinations.filter(({ screen }) => mayOpen(screen, can)), [can]);
}
