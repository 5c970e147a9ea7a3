import { Button, Checkbox, SegmentedControl, Select } from "@mantine/core";
import type { Alert, AlertFilter } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, StatusChip, TableSkeleton, useKeys } from "@hm/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChartColumn } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { type AlertSearch, alertSeverities, alertStatuses } from "../../app/router";
import { useWorkplace } from "../../app/workplace";
import { Since } from "../../parts/alerts/Since";
import { useAcknowledge } from "../../parts/alerts/useAcknowledge";
import { severityTone, statusTone, useAlertTitle } from "../../parts/alerts/words";
import { may } from "../../parts/EncounterStatus";
import { More } from "../../parts/More";
import { useScreenTitle } from "../../shell/navigation";
import { Page } from "../../shell/Pane";
import { AlertDetail } from "./AlertDetail";
import css from "./Alerts.module.css";
import { ResolveDialog } from "./ResolveDialog";
import { Waits } from "./Waits";

/** What somebody must look at: open ones first, the chosen one beside the list. */
export function Alerts() {
  const { t } = useTranslation();
  const screenTitle = useScreenTitle("alerts");
  const { can } = useWorkplace();
  const navigate = useNavigate();
  const search = useSearch({ from: "/person/workplace/alerts" });
  const status = search.status ?? "OPEN";
  const filter: AlertFilter = { status: status === "ALL" ? undefined : status, severity: search.severity, mine: search.mine };
  const pages = useInfiniteQuery({ ...read.alertPages(filter), placeholderData: (before) => before });
  const rows = inOrder(pages.data?.pages.flatMap((page) => page.results) ?? [], status === "OPEN");
  const [weighing, setWeighing] = useState(false);
  const [resolving, setResolving] = useState<Alert | null>(null);
  const { acknowledge, acknowledging } = useAcknowledge();

  const ask = (change: Partial<AlertSearch>) => void navigate({ to: "/alerts", search: { ...search, ...change }, replace: true });
  // on a narrow screen only what was opened covers the list
  const shown = search.alert ?? rows[0]?.id ?? null;
  // what was just acknowledged has left the list, and may be resolved by its key all the same
  const current = useQuery({ ...read.alert(shown ?? ""), enabled: shown !== null }).data ?? null;

  useKeys([
    { keys: "a", label: t("alerts.acknowledge"), run: () => current && may(current, "acknowledge") && acknowledge(current) },
    { keys: "r", label: t("alerts.resolve"), run: () => current && may(current, "resolve") && setResolving(current) },
    ...(search.alert ? [{ keys: "Escape", label: t("shell.back"), run: () => ask({ alert: undefined }) }] : []),
  ]);

  const columns = useColumns(status === "ALL");
  return (
    <Page
      title={screenTitle}
      acts={
        can("alerts.can_analyse") ? (
          <Button size="compact-sm" variant="default" leftSection={<ChartColumn size={14} aria-hidden />} onClick={() => setWeighing(true)}>
            {t("alerts.analytics.open")}
          </Button>
        ) : null
      }
    >
      <div className={css.screen}>
      <div className={css.bar}>
        <SegmentedControl
          size="xs"
          aria-label={t("alerts.filter.status")}
          value={status}
          onChange={(value) => ask({ status: value === "OPEN" ? undefined : (value as AlertSearch["status"]), alert: undefined })}
          data={[...alertStatuses.map((value) => ({ value: value as string, label: t(`alerts.status.${value}`) })), { value: "ALL", label: t("alerts.filter.every") }]}
        />
        <Select
          size="xs"
          w={160}
          aria-label={t("alerts.filter.severity")}
          placeholder={t("alerts.filter.everySeverity")}
          clearable
          value={search.severity ?? null}
          onChange={(value) => ask({ severity: (value as AlertSearch["severity"]) ?? undefined, alert: undefined })}
          data={alertSeverities.map((value) => ({ value, label: t(`alerts.severity.${value}`) }))}
        />
        <Checkbox size="xs" label={t("alerts.filter.mine")} checked={search.mine === true} onChange={(event) => ask({ mine: event.currentTarget.checked || undefined, alert: undefined })} />
      </div>
      {pages.isPending ? (
        <TableSkeleton />
      ) : pages.isError ? (
        <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />
      ) : rows.length === 0 && !search.alert ? (
        <EmptyState
          action={
            status !== "ALL" || search.severity || search.mine ? (
              <Button variant="light" onClick={() => ask({ status: "ALL", severity: undefined, mine: undefined })}>
                {t("alerts.showAll")}
              </Button>
            ) : null
          }
        >
          {t("alerts.none")}
        </EmptyState>
      ) : (
        <div className={css.panes} data-shows={search.alert ? "detail" : "list"}>
          <div className={css.list}>
            <DataTable
              label={t("alerts.list")}
              rows={rows}
              columns={columns}
              rowKey={(alert) => alert.id}
              selectedKey={shown}
              onOpen={(alert) => ask({ alert: alert.id })}
              footer={<More pages={pages} />}
            />
          </div>
          {shown ? <AlertDetail key={shown} alertId={shown} acknowledging={acknowledging === shown} onAcknowledge={acknowledge} onResolve={setResolving} onBack={() => ask({ alert: undefined })} /> : null}
        </div>
      )}
      </div>
      {resolving ? <ResolveDialog key={resolving.id} alert={resolving} onClose={() => setResolving(null)} /> : null}
      <Waits opened={weighing} onClose={() => setWeighing(false)} />
    </Page>
  );
}

/** What waits, the gravest first; what is over, the newest first, as it comes. */
function inOrder(rows: Alert[], waiting: boolean): Alert[] {
  const weight = ({ severity }: Alert) => alertSeverities.indexOf(severity);
  return waiting ? rows.toSorted((a, b) => weight(a) - weight(b)) : rows;
}

function useColumns(withStatus: boolean): Column<Alert>[] {
  const { t } = useTranslation();
  const title = useAlertTitle();
  const severity = (alert: Alert) => <StatusChip tone={severityTone[alert.severity]}>{t(`alerts.severity.${alert.severity}`)}</StatusChip>;
  return [
    { id: "severity", header: t("alerts.column.severity"), width: "132px", hide: "tiny", cell: severity },
    {
      id: "what",
      header: t("alerts.column.what"),
      cell: (alert) => (
        <span className={css.what}>
          <span className={css.inlineChip}>{severity(alert)}</span>
          <span className={css.title}>{title(alert)}</span>
          {alert.patient ? <bdi className={css.quiet}>{alert.patient.full_name}</bdi> : null}
        </span>
      ),
    },
    ...(withStatus
      ? [{ id: "status", header: t("alerts.column.status"), width: "132px", hide: "narrow" as const, cell: (alert: Alert) => <StatusChip tone={statusTone[alert.status]}>{t(`alerts.status.${alert.status}`)}</StatusChip> }]
      : []),
    { id: "since", header: t("alerts.column.since"), width: "88px", align: "end", figures: true, cell: (alert) => <Since at={alert.raised_at} /> },
  ];
}
