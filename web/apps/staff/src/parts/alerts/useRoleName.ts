import { useQuery } from "@tanstack/react-query";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { inWords } from "../inWords";

/** What the tenant calls a role; its code in words for who may not read roles. What has a capital is a name already. */
export function useRoleName(): (code: string) => string {
  const { can } = useWorkplace();
  const roles = useQuery({ ...read.roles(), enabled: can("iam.can_read_roles") });
  return (code) => roles.data?.find((role) => role.code === code)?.name ?? (/^[a-z0-9_]+$/.test(code) ? inWords(code) : code);
}
