import type { Alert, AlertSeverity, AlertStatus } from "@hm/client";
import type { Tone } from "@hm/ui";
import { useTranslation } from "react-i18next";

export const severityTone: Record<AlertSeverity, Tone> = { INFO: "info", WARNING: "warn", CRITICAL: "critical" };
export const statusTone: Record<AlertStatus, Tone> = { OPEN: "warn", ACKNOWLEDGED: "progress", RESOLVED: "ok" };

/** The kinds of the house; a rule's is `rule:` and its code. */
export const houseKinds = ["critical_result", "test_overdue", "sample_rejected", "quality_control", "rule"] as const;
export type HouseKind = (typeof houseKinds)[number];

export const houseKind = (kind: string): HouseKind => houseKinds.find((one) => one === kind) ?? "rule";

/** What an alert says, in the reader's language; a rule's in the pack's words. */
export function useAlertTitle(): (alert: Pick<Alert, "kind" | "title" | "facts">) => string {
  const { t } = useTranslation();
  return ({ kind, title, facts }) => {
    const test = facts.service_name ?? facts.service_code ?? "";
    switch (houseKind(kind)) {
      case "critical_result":
        return t("alerts.title.critical_result", { test });
      case "sample_rejected":
        return t("alerts.title.sample_rejected", { test });
      case "test_overdue":
        return t("alerts.title.test_overdue", { test });
      case "quality_control":
        return t("alerts.title.quality_control", { analyte: facts.analyte ?? "" });
      default:
        return title;
    }
  };
}

/** What a kind of alert is called; a single rule's policy names the rule. */
export function useKindName(): (kind: string) => string {
  const { t } = useTranslation();
  return (kind) => (kind.startsWith("rule:") ? t("alerts.ruleKind", { rule: kind.slice("rule:".length) }) : t(`alerts.kind.${houseKind(kind)}`));
}

const byItself = ["superseded", "sample_collected", "result_released", "hold_resolved", "test_cancelled", "test_completed"] as const;

/** How it was dealt with: somebody's own words, or what ended it by itself. */
export function useResolutionText(): (resolution: string) => string {
  const { t } = useTranslation();
  return (resolution) => {
    const known = byItself.find((one) => one === resolution);
    return known ? t(`alerts.resolution.${known}`) : resolution;
  };
}
