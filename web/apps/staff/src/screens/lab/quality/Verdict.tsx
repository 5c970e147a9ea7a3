import { StatusChip, type Tone } from "@hm/ui";
import { useTranslation } from "react-i18next";

const tones: Record<string, Tone> = { IN_CONTROL: "ok", WARNING: "warn", REJECTED: "critical" };

/** What became of a run, with the rules it broke. */
export function Verdict({ run }: { run: { status: string; rules: string[]; excluded?: unknown } }) {
  const { t } = useTranslation();
  if (run.excluded) return <StatusChip tone="neutral">{t("quality.status.EXCLUDED")}</StatusChip>;
  return (
    <StatusChip tone={tones[run.status] ?? "neutral"}>
      {t(`quality.status.${run.status as "IN_CONTROL" | "WARNING" | "REJECTED"}`)}
      {run.rules.length > 0 ? <bdi dir="ltr">{` ${run.rules.join(" ")}`}</bdi> : null}
    </StatusChip>
  );
}
