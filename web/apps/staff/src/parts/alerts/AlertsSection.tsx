import { Button } from "@mantine/core";
import { ErrorState, PanelSkeleton, StatusChip } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { may } from "../EncounterStatus";
import css from "./Alerts.module.css";
import { Since } from "./Since";
import { useAcknowledge } from "./useAcknowledge";
import { severityTone, useAlertTitle } from "./words";

/** Open alerts that are for me: as many as the bell's panel shows, and how many there are. */
export const myOpenAlerts = () => read.alerts({ mine: true, status: "OPEN" });

/** How many open alerts wait for me; none for who may not read them. */
export function useMyAlertCount(): number {
  const { can } = useWorkplace();
  return useQuery({ ...myOpenAlerts(), enabled: can("alerts.can_read") }).data?.count ?? 0;
}

/** The part of the bell's panel about alerts. Nothing for who may not read them. onFollow is called when a link leads away. */
export function AlertsSection({ onFollow }: { onFollow?: () => void }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const title = useAlertTitle();
  const mine = useQuery({ ...myOpenAlerts(), enabled: can("alerts.can_read") });
  const acts = useAcknowledge();
  if (!can("alerts.can_read")) return null;
  const failure = mine.isError ? <ErrorState error={mine.error} onRetry={() => void mine.refetch()} /> : null;
  return (
    <section className={css.section} aria-labelledby="bell-alerts">
      <header className={css.sectionHead}>
        <h3 id="bell-alerts">{mine.isError && !mine.data ? t("alerts.mineUnread") : t("alerts.mineOpen", { count: mine.data?.count ?? 0 })}</h3>
        <Link to="/alerts" search={{}} onClick={onFollow}>
          {t("alerts.all")}
        </Link>
      </header>
      {mine.data ? failure : null}
      {mine.isPending ? (
        <PanelSkeleton lines={2} />
      ) : mine.isError && !mine.data ? (
        failure
      ) : mine.data.results.length === 0 ? (
        <p className={css.quiet}>{t("alerts.noneMine")}</p>
      ) : (
        <ul className={css.items}>
          {mine.data.results.map((alert) => (
            <li key={alert.id} className={css.item} data-tone={severityTone[alert.severity]}>
              <Link to="/alerts" search={{ alert: alert.id }} onClick={onFollow} className={css.itemLink}>
                <span className={css.itemTop}>
                  <StatusChip tone={severityTone[alert.severity]}>{t(`alerts.severity.${alert.severity}`)}</StatusChip>
                  <Since at={alert.raised_at} />
                </span>
                <span className={css.itemTitle}>{title(alert)}</span>
                {alert.patient ? (
                  <span className={css.quiet}>
                    <bdi>{alert.patient.full_name}</bdi>
                  </span>
                ) : null}
              </Link>
              {may(alert, "acknowledge") ? (
                <Button size="compact-sm" variant="default" loading={acts.acknowledging === alert.id} aria-label={t("alerts.acknowledgeOne", { title: title(alert) })} onClick={() => acts.acknowledge(alert)}>
                  {t("alerts.acknowledge")}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
