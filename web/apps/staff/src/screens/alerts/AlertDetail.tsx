import { Button } from "@mantine/core";
import type { Alert, LabResult } from "@hm/client";
import { ErrorState, Key, Labelled, PanelSkeleton, RecordNumber, StatusChip, dateTimeIn, timeIn, dayIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { mayOpen } from "../../app/permissions";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { useReason } from "../../parts/alerts/recipients";
import { severityTone, statusTone, useAlertTitle, useResolutionText } from "../../parts/alerts/words";
import { may } from "../../parts/EncounterStatus";
import { PriorityChip } from "../../parts/lab/Due";
import { inWords } from "../../parts/inWords";
import { useReasonText } from "../lab/words";
import { AlertResult } from "./AlertResult";
import css from "./Alerts.module.css";

interface AlertDetailProps {
  alertId: string;
  acknowledging: boolean;
  onAcknowledge: (alert: Alert) => void;
  onResolve: (alert: Alert) => void;
  onBack: () => void;
}

/** One alert in full: what it is about, whom it is for, what became of it. */
export function AlertDetail({ alertId, ...acts }: AlertDetailProps) {
  const { t } = useTranslation();
  const found = useQuery(read.alert(alertId));
  return (
    <section className={css.detail} aria-label={t("alerts.detail.label")}>
      {found.isPending ? (
        <PanelSkeleton lines={6} />
      ) : found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Loaded alert={found.data} {...acts} />
      )}
    </section>
  );
}

function Loaded({ alert, acknowledging, onAcknowledge, onResolve, onBack }: { alert: Alert } & Omit<AlertDetailProps, "alertId">) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const title = useAlertTitle();
  const resolutionText = useResolutionText();
  const near = (at: string) => (dayIn(timeZone, at) === dayIn(timeZone, new Date()) ? timeIn(timeZone, at) : dateTimeIn(timeZone, at));
  return (
    <>
      <header className={css.detailHead}>
        <Button className={css.back} size="compact-sm" variant="subtle" color="gray" leftSection={<ArrowLeft size={16} aria-hidden />} onClick={onBack}>
          {t("shell.back")}
        </Button>
        {alert.patient ? (
          <span className={css.patient}>
            <bdi className={css.patientName}>{alert.patient.full_name}</bdi> <RecordNumber>{alert.patient.mrn}</RecordNumber>
          </span>
        ) : null}
        <h2>{title(alert)}</h2>
        <div className={css.chips}>
          <StatusChip tone={severityTone[alert.severity]}>{t(`alerts.severity.${alert.severity}`)}</StatusChip>
          <StatusChip tone={statusTone[alert.status]}>{t(`alerts.status.${alert.status}`)}</StatusChip>
          {alert.level > 0 ? <StatusChip tone="warn">{t("alerts.detail.level", { count: alert.level })}</StatusChip> : null}
        </div>
        <p className={css.facts}>
          <span>{t("alerts.detail.waits", { time: near(alert.raised_at) })}</span>
          {alert.next_escalation_at ? <span>{t("alerts.detail.escalates", { time: near(alert.next_escalation_at) })}</span> : null}
        </p>
      </header>
      <div className={css.detailBody} tabIndex={0} role="region" aria-label={title(alert)}>
        <dl className={css.about}>
          <About alert={alert} />
          {alert.resolution ? <Labelled label={t("alerts.detail.resolution")}>{resolutionText(alert.resolution)}</Labelled> : null}
        </dl>
        {alert.subject.kind === "lab_result" ? <AlertResult alert={alert} /> : null}
        <Links alert={alert} />
        <Recipients alert={alert} />
        <History alert={alert} />
      </div>
      {may(alert, "acknowledge") || may(alert, "resolve") ? (
        <footer className={css.detailActs}>
          {may(alert, "resolve") ? (
            <Button variant="default" onClick={() => onResolve(alert)} rightSection={<Key>R</Key>}>
              {t("alerts.resolve")}
            </Button>
          ) : null}
          <span className={css.grow} />
          {may(alert, "acknowledge") ? (
            <Button loading={acknowledging} onClick={() => onAcknowledge(alert)} rightSection={<Key>A</Key>}>
              {t("alerts.acknowledge")}
            </Button>
          ) : null}
        </footer>
      ) : null}
    </>
  );
}

/** What it is about, as far as the alert itself knows. */
function About({ alert: { kind, facts, encounter_id } }: { alert: Alert }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const reasonText = useReasonText();
  const critical = kind === "critical_result";
  const analytes = useQuery({ ...read.analytesOf(facts.service_code ?? ""), enabled: critical && facts.service_code !== undefined && can("orders.can_read") });
  const tests = useQuery({ ...read.orders({ encounter_id: encounter_id ?? undefined }), enabled: !critical && facts.codes !== undefined && encounter_id !== null && can("orders.can_read") });
  const named = critical ? (analytes.data ?? []) : (tests.data ?? []).flatMap(({ items }) => items.map((item) => ({ code: item.service_code, name: item.name })));
  const nameOf = (code: string) => named.find((one) => one.code === code)?.name ?? (code === facts.service_code && !critical ? facts.service_name : undefined) ?? code;
  const words: [string, ReactNode][] = [
    [t(critical ? "alerts.detail.codes" : "alerts.detail.tests"), facts.codes?.map(nameOf).join(", ")],
    [t(critical ? "alerts.act.sample_rejected" : "alerts.detail.reason"), facts.reason_code ? reasonText(facts.reason_code, inWords(facts.reason_code.toLowerCase())) : null],
    [t("alerts.detail.priority"), facts.priority ? <PriorityChip priority={facts.priority as LabResult["priority"]} /> : null],
    [t("alerts.detail.rules"), facts.rules?.join(", ")],
  ];
  return words.map(([label, value]) =>
    value ? (
      <Labelled key={label} label={label}>
        <bdi>{value}</bdi>
      </Labelled>
    ) : null,
  );
}

/** Where something can be done about it. */
function Links({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const links: ReactNode[] = [];
  if (alert.patient_id && mayOpen("chart", can))
    links.push(
      <Link key="chart" to="/patients/$patientId" params={{ patientId: alert.patient_id }} search={{ encounter: alert.encounter_id ?? undefined }}>
        {t("alerts.detail.openChart")}
      </Link>,
    );
  if (alert.encounter_id && mayOpen("queue", can))
    links.push(
      <Link key="visit" to="/consult/$encounterId" params={{ encounterId: alert.encounter_id }}>
        {t("alerts.detail.openVisit")}
      </Link>,
    );
  if (alert.kind === "quality_control" && can("qualitycontrol.can_read"))
    links.push(
      <Link key="quality" to="/lab/quality" search={{ part: "holds" }}>
        {t("alerts.detail.openQuality")}
      </Link>,
    );
  if (alert.kind === "sample_rejected" && can("lab.can_collect"))
    links.push(
      <Link key="collect" to="/lab/collect">
        {t("alerts.detail.openCollect")}
      </Link>,
    );
  if (alert.kind === "test_overdue" && can("lab.can_enter"))
    links.push(
      <Link key="bench" to="/lab/bench">
        {t("alerts.detail.openBench")}
      </Link>,
    );
  return links.length > 0 ? <p className={css.links}>{links}</p> : null;
}

function Recipients({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const reason = useReason();
  return (
    <section>
      <h3>{t("alerts.detail.recipients")}</h3>
      {alert.recipients.length === 0 ? (
        <p className={css.quiet}>{t("alerts.detail.nobody")}</p>
      ) : (
        <ul className={css.people}>
          {alert.recipients.map((one) => (
            <li key={one.id}>
              <bdi>{one.full_name}</bdi> <span className={css.quiet}>{reason(one)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function History({ alert }: { alert: Alert }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const resolutionText = useResolutionText();
  const reasonText = useReasonText();
  const noteText = ({ act, note }: { act: string; note: string }) =>
    act === "resolved" ? resolutionText(note) : act === "sample_rejected" ? reasonText(note, inWords(note.toLowerCase())) : note;
  return (
    <section>
      <h3>{t("alerts.detail.history")}</h3>
      <ol className={css.history}>
        {(alert.history ?? []).map((line, index) => (
          <li key={`${line.at} ${index}`}>
            <time dateTime={line.at} className="hm-figures">
              {dateTimeIn(timeZone, line.at)}
            </time>
            <span>
              <strong>{t(`alerts.act.${line.act}`)}</strong> <bdi className={css.quiet}>{line.by?.full_name ?? t("alerts.house")}</bdi>
              {line.note ? <bdi className={css.note}>{noteText({ act: line.act, note: line.note })}</bdi> : null}
              {line.recipients.length > 0 ? <span className={css.told}>{t("alerts.told", { names: line.recipients.map(({ full_name }) => full_name).join(", ") })}</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
