import type { Me, Membership } from "@hm/client";
import { todayIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from "react";
import { read } from "./queries";

/** Who works where: what every screen below the shell may rely on. */
export interface Workplace {
  me: Me;
  membership: Membership;
  timeZone: string;
  /** The facility's calendar day, `YYYY-MM-DD`. */
  today: string;
  can: (permission: string) => boolean;
}

const WorkplaceContext = createContext<Workplace | null>(null);

export function WorkplaceProvider({ me, membership, children }: { me: Me; membership: Membership; children: ReactNode }) {
  const facility = useQuery({ ...read.facility(membership.facility_id), retry: false });
  const timeZone = facility.data?.facility.time_zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
  const today = useToday(timeZone);
  const value = useMemo<Workplace>(() => {
    const permissions = new Set(membership.permissions);
    return { me, membership, timeZone, today, can: (permission) => permissions.has(permission) };
  }, [me, membership, timeZone, today]);
  return <WorkplaceContext value={value}>{children}</WorkplaceContext>;
}

export function useWorkplace(): Workplace {
  const workplace = useContext(WorkplaceContext);
  if (!workplace) throw new Error("WorkplaceProvider is missing");
  return workplace;
}

/** Turns over by itself: a desk's browser stays open for weeks. */
function useToday(timeZone: string): string {
  const [today, setToday] = useState(() => todayIn(timeZone));
  useEffect(() => {
    const tick = () => setToday(todayIn(timeZone));
    tick();
    const timer = setInterval(tick, 30_000);
    return () => clearInterval(timer);
  }, [timeZone]);
  return today;
}
