import { EmptyState, ErrorState, PanelSkeleton } from "@hm/ui";
import { type ErrorComponentProps, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

export function Pending() {
  return <PanelSkeleton />;
}

export function Failed({ error, reset }: ErrorComponentProps) {
  return <ErrorState error={error} onRetry={reset} />;
}

export function Missing() {
  const { t } = useTranslation();
  return <EmptyState action={<Link to="/">{t("shell.missing.home")}</Link>}>{t("shell.missing.why")}</EmptyState>;
}
