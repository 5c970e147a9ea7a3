import { useQuery } from "@tanstack/react-query";
import { read } from "../app/queries";
import { useWorkplace } from "../app/workplace";

/** The name of somebody who works here; null while unknown. */
export function useNameOf(): (userId: string) => string | null {
  const { me, membership } = useWorkplace();
  const colleagues = useQuery(read.colleagues(membership.facility_id));
  return (userId) => (userId === me.user.id ? me.user.full_name : (colleagues.data?.find((user) => user.id === userId)?.full_name ?? null));
}
