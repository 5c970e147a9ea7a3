import { ApiError, lab } from "@hm/client";
import { ErrorState, PanelSkeleton } from "@hm/ui";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import { ResultValues } from "../../parts/lab/ResultValues";
import css from "./Alerts.module.css";

/** None for a version that this person may not see yet. */
const resultOf = (id: string) =>
  queryOptions({
    queryKey: ["lab", "results", id],
    queryFn: ({ signal }) => lab.result(id, signal).catch((error: unknown) => (error instanceof ApiError && error.status === 404 ? null : Promise.reject(error))),
  });

/** The values that an alert is about: an alert itself holds none. */
export function AlertResult({ resultId }: { resultId: string }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const result = useQuery({ ...resultOf(resultId), enabled: can("orders.can_read") });
  if (!can("orders.can_read")) return null;
  return (
    <section>
      <h3>{t("alerts.detail.result")}</h3>
      {result.isPending ? (
        <PanelSkeleton lines={2} />
      ) : result.isError ? (
        <ErrorState error={result.error} onRetry={() => void result.refetch()} />
      ) : result.data ? (
        <ResultValues label={t("alerts.detail.result")} values={result.data.values} former />
      ) : (
        <p className={css.quiet}>{t("alerts.detail.notReleased")}</p>
      )}
    </section>
  );
}
