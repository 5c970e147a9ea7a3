import { Activity, BellRing, ClipboardList, FlaskConical, ListChecks, type LucideIcon, ScrollText, Stethoscope, TestTubes, Users } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { mayOpen, type Screen } from "../app/permissions";
import { useWorkplace } from "../app/workplace";
import { usePack } from "../app/workspace";

interface Place {
  screen: Exclude<Screen, "chart">;
  to: "/desk" | "/triage" | "/queue" | "/orders" | "/tasks" | "/lab" | "/alerts" | "/admin/users" | "/audit";
  keys: string;
  icon: LucideIcon;
  group: "work" | "house";
}

export interface Destination extends Place {
  title: string;
  /** Below its icon in a narrow rail. */
  short: string;
}

/** The app's own screens, in the order of a hospital day, by the names packs know them by. */
const places: Readonly<Record<string, Place>> = {
  desk: { screen: "desk", to: "/desk", keys: "g p", icon: ClipboardList, group: "work" },
  triage: { screen: "triage", to: "/triage", keys: "g v", icon: Activity, group: "work" },
  queue: { screen: "queue", to: "/queue", keys: "g q", icon: Stethoscope, group: "work" },
  orders: { screen: "orders", to: "/orders", keys: "g o", icon: FlaskConical, group: "work" },
  tasks: { screen: "tasks", to: "/tasks", keys: "g t", icon: ListChecks, group: "work" },
  laboratory: { screen: "laboratory", to: "/lab", keys: "g l", icon: TestTubes, group: "work" },
  alerts: { screen: "alerts", to: "/alerts", keys: "g w", icon: BellRing, group: "work" },
  administration: { screen: "users", to: "/admin/users", keys: "g u", icon: Users, group: "house" },
  audit: { screen: "audit", to: "/audit", keys: "g a", icon: ScrollText, group: "house" },
};

/** Where this person may go: what the facility's first pack names, in its words and order. */
export function useNavigation(): Destination[] {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const pack = usePack();
  return useMemo(() => {
    const own = (place: Place, title?: string): Destination => {
      const usual = t(`shell.screens.${place.screen}`);
      return { ...place, title: title ?? usual, short: title === undefined || title === usual ? t(`shell.short.${place.screen}`) : title };
    };
    const named = (pack?.navigation ?? []).flatMap(({ screen, title }) => (places[screen] ? [own(places[screen], title)] : []));
    // a pack without a navigation, or one that names no screen of this app, must not lock anybody out
    const all = named.length > 0 ? named : Object.values(places).map((place) => own(place));
    return all.filter(({ screen }) => mayOpen(screen, can));
  }, [pack, can, t]);
}

/** What a screen is called here, the same in its head as in the rail. */
export function useScreenTitle(screen: Place["screen"]): string {
  const { t } = useTranslation();
  return useNavigation().find((destination) => destination.screen === screen)?.title ?? t(`shell.screens.${screen}`);
}
