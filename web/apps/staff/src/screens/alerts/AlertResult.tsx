import type { Alert } from "@hm/client";
import { ErrorState, PanelSkeleton, StatusChip } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { ResultValues } from "../../parts/lab/ResultValues";
import { ResultWarnings } from "../../parts/lab/ResultWarnings";
import css from "./Alerts.module.css";

/** The values that an alert is about: an alert itself holds none. Who it is for sees them before anybody vouches for them, and is told so. */
export function AlertResult({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const id = alert.subject.id;
  const found = useQuery({ ...read.labResult(id ?? ""), enabled: id !== null && can("orders.can_read") });
  if (!id || !can("orders.can_read")) return null;
  const result = found.data;
  return (
    <section>
      <h3>{t("alerts.detail.result")}</h3>
      {found.isPending ? (
        <PanelSkeleton lines={2} />
      ) : found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : result ? (
        <>
          {result.status === "ENTERED" ? <StatusChip tone="warn">{t("alerts.detail.notVerified")}</StatusChip> : null}
          <ResultWarnings result={result} />
          <ResultValues label={t("alerts.detail.result")} values={result.values} former />
        </>
      ) : (
        <p className={css.quiet}>{t("alerts.detail.notReleased")}</p>
      )}
    </section>
  );
}
