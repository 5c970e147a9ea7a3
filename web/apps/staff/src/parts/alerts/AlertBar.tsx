import { Button } from "@mantine/core";
import { ToneMark } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { may } from "../EncounterStatus";
import css from "./Alerts.module.css";
import { Since } from "./Since";
import { useAcknowledge } from "./useAcknowledge";
import { useAlertTitle } from "./words";

/** Critical alerts of a visit or a patient that nobody has acknowledged, above whatever is being done. */
export function AlertBar(of: { encounterId: string } | { patientId: string }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const title = useAlertTitle();
  const about = "encounterId" in of ? { encounter_id: of.encounterId } : { patient_id: of.patientId };
  const critical = useQuery({ ...read.alerts({ ...about, status: "OPEN", severity: "CRITICAL" }), enabled: can("alerts.can_read") });
  const acts = useAcknowledge();
  const open = critical.data?.results ?? [];
  return (
    <div role="region" aria-label={t("alerts.bar.label")} aria-live="polite" className={css.bars} hidden={open.length === 0 && !critical.isError}>
      {critical.isError ? (
        // none to be seen is not the same as none: what was last known stays below
        <div className={css.bar}>
          <strong>
            <ToneMark tone="critical" />
            {t("alerts.bar.unread")}
          </strong>
          <span className={css.barTitle}>{t("alerts.bar.unreadWhy")}</span>
          <Button size="compact-sm" variant="default" loading={critical.isFetching} onClick={() => void critical.refetch()}>
            {t("ui.error.retry")}
          </Button>
        </div>
      ) : null}
      {open.map((alert) => (
        <div key={alert.id} className={css.bar}>
          <strong>
            <ToneMark tone="critical" />
            {t("alerts.bar.word")}
          </strong>
          <span className={css.barTitle}>
            {title(alert)} {alert.facts.codes && alert.facts.codes.length > 0 ? <bdi>({alert.facts.codes.join(", ")})</bdi> : null} <span className={css.quiet}><Since at={alert.raised_at} /></span>
          </span>
          <Link to="/alerts" search={{ alert: alert.id }}>
            {t("alerts.bar.open")}
          </Link>
          {may(alert, "acknowledge") ? (
            <Button size="compact-sm" color="red" loading={acts.acknowledging === alert.id} aria-label={t("alerts.acknowledgeOne", { title: title(alert) })} onClick={() => acts.acknowledge(alert)}>
              {t("alerts.acknowledge")}
            </Button>
          ) : null}
        </div>
      ))}
    </div>
  );
}
