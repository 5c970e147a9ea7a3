import { EmptyState } from "@hm/ui";
import { Navigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../app/workplace";
import { useNavigation } from "./navigation";

/** The first screen this person may open. */
export function Home() {
  const { t } = useTranslation();
  const { membership } = useWorkplace();
  const first = useNavigation()[0];
  if (first) return <Navigate to={first.to} replace />;
  return <EmptyState>{t("shell.nothingToDo", { facility: membership.facility_name })}</EmptyState>;
}
