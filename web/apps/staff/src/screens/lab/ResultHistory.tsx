import type { LabResult } from "@hm/client";
import { ErrorState, PanelSkeleton, StatusChip, type Tone, dateTimeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { ResultValues } from "../../parts/lab/ResultValues";
import { ResultWarnings } from "../../parts/lab/ResultWarnings";
import css from "./Verify.module.css";

const tones: Record<LabResult["status"], Tone> = { ENTERED: "info", VERIFIED: "progress", RELEASED: "ok" };

export function ResultStatusChip({ status }: { status: LabResult["status"] }) {
  const { t } = useTranslation();
  return <StatusChip tone={tones[status]}>{t(`lab.result.status.${status}`)}</StatusChip>;
}

/** Every version of a result, the newest first: nothing that was once written is lost. */
export function ResultHistory({ result }: { result: LabResult }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const history = useQuery(read.labResultHistory(result.id));
  if (history.isError) return <ErrorState error={history.error} onRetry={() => void history.refetch()} />;
  if (!history.data) return <PanelSkeleton lines={2} />;
  return (
    <ol className={css.history}>
      {history.data
        .toSorted((a, b) => b.version - a.version)
        .map((version) => (
          <li key={version.id}>
            <p className={css.versionHead}>
              <strong>{t("lab.result.version", { version: version.version })}</strong> <ResultStatusChip status={version.status} />
              <span className={css.quiet}>
                <bdi>{dateTimeIn(timeZone, version.released_at ?? version.verified_at ?? version.entered_at)}</bdi> <bdi>{(version.released_by ?? version.verified_by ?? version.entered_by)?.full_name}</bdi>
              </span>
            </p>
            {version.correction_reason ? (
              <p className={css.quiet}>
                {t("lab.result.correctedBecause")} <bdi>{version.correction_reason}</bdi>
              </p>
            ) : null}
            <ResultWarnings result={version} />
            <ResultValues label={t("lab.result.version", { version: version.version })} values={version.values} />
          </li>
        ))}
    </ol>
  );
}
