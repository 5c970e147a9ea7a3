import { Button } from "@mantine/core";
import type { Encounter } from "@hm/client";
import { Bdi, type Column, DataTable, EmptyState, ErrorState, RecordNumber, TableSkeleton, timeIn, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { useWorkspace } from "../../app/workspace";
import { EncounterChip, Wait, momentOf, useEncounterTypeName } from "../../parts/EncounterStatus";
import { PackName } from "../../parts/PackName";
import { useScreenTitle } from "../../shell/navigation";
import { Page } from "../../shell/Pane";
import { byTurn } from "./turn";
import css from "./Consult.module.css";

/** The doctor's day: consultations under way, then who waits, longest first. */
export function Queue() {
  const { t } = useTranslation();
  const screenTitle = useScreenTitle("queue");
  const typeName = useEncounterTypeName();
  const { me, timeZone } = useWorkplace();
  const several = (useWorkspace()?.packs.length ?? 0) > 1;
  const navigate = useNavigate();
  const waiting = useQuery({ ...read.present(timeZone, "CHECKED_IN"), placeholderData: (before) => before });
  const underWay = useQuery({ ...read.present(timeZone, "IN_CONSULT"), placeholderData: (before) => before });
  const failed = waiting.error ?? underWay.error;

  const rows = [...(underWay.data ?? []), ...(waiting.data ?? [])].toSorted(byTurn(me.user.id));
  const next = rows.find((encounter) => encounter.status === "CHECKED_IN");
  const open = (encounter: Encounter) => void navigate({ to: "/consult/$encounterId", params: { encounterId: encounter.id } });
  useKeys(next ? [{ keys: "n", label: t("queue.next"), run: () => open(next) }] : []);

  const columns: Column<Encounter>[] = [
    { id: "time", header: t("queue.column.since"), figures: true, width: "84px", hide: "tiny", cell: (row) => timeIn(timeZone, momentOf(row)) },
    { id: "wait", header: t("queue.column.wait"), figures: true, width: "100px", align: "end", cell: (row) => <Wait encounter={row} /> },
    { id: "name", header: t("queue.column.name"), cell: (row) => <bdi className={css.name}>{row.patient.full_name}</bdi> },
    { id: "mrn", header: t("queue.column.mrn"), width: "150px", hide: "tiny", cell: (row) => <RecordNumber>{row.patient.mrn}</RecordNumber> },
    { id: "reason", header: t("queue.column.reason"), hide: "narrow", cell: (row) => <Bdi>{row.reason}</Bdi> },
    ...(several ? [{ id: "pack", header: t("queue.column.pack"), width: "132px", hide: "narrow" as const, cell: (row: Encounter) => <PackName pack={row.pack} /> }] : []),
    { id: "type", header: t("queue.column.type"), width: "128px", hide: "medium", cell: (row) => typeName(row.encounter_type, row.pack) },
    { id: "status", header: t("queue.column.status"), width: "148px", cell: (row) => <EncounterChip status={row.status} /> },
  ];

  return (
    <Page
      title={screenTitle}
      acts={
        next ? (
          <Button onClick={() => open(next)}>
            {t("queue.next")}
          </Button>
        ) : null
      }
    >
      {waiting.isPending || underWay.isPending ? (
        <TableSkeleton />
      ) : failed ? (
        <ErrorState error={failed} onRetry={() => void Promise.all([waiting.refetch(), underWay.refetch()])} />
      ) : rows.length === 0 ? (
        <EmptyState>{t("queue.nobody")}</EmptyState>
      ) : (
        <DataTable label={t("queue.list")} rows={rows} columns={columns} rowKey={(row) => row.id} onOpen={open} />
      )}
    </Page>
  );
}
