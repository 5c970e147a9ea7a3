import type { Alert } from "@hm/client";
import { ErrorState, PanelSkeleton } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { ResultValues } from "../../parts/lab/ResultValues";
import { ResultWarnings } from "../../parts/lab/ResultWarnings";
import css from "./Alerts.module.css";

/** The values that an alert is about: an alert itself holds none. Who may not see that version yet sees none of it. */
export function AlertResult({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const item = alert.facts.order_item_id;
  const versions = useQuery({ ...read.labResults({ order_item_id: item }), enabled: item !== undefined && can("orders.can_read") });
  if (!item || !can("orders.can_read")) return null;
  const result = versions.data?.find(({ id }) => id === alert.subject.id);
  return (
    <section>
      <h3>{t("alerts.detail.result")}</h3>
      {versions.isPending ? (
        <PanelSkeleton lines={2} />
      ) : versions.isError ? (
        <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />
      ) : result ? (
        <>
          <ResultWarnings result={result} />
          <ResultValues label={t("alerts.detail.result")} values={result.values} former />
        </>
      ) : (
        <p className={css.quiet}>{t("alerts.detail.notReleased")}</p>
      )}
    </section>
  );
}
