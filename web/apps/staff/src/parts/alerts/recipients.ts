import type { Alert } from "@hm/client";
import { useTranslation } from "react-i18next";
import { useRoleName } from "./useRoleName";

/** By what somebody is told: by name, role, team or duty. */
export function useReason(): (recipient: Alert["recipients"][number]) => string {
  const { t } = useTranslation();
  const roleName = useRoleName();
  return ({ reason, of }) => t(`alerts.reason.${reason}`, { of: roleName(of) });
}
