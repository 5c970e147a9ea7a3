import { Button } from "@mantine/core";
import type { Encounter } from "@hm/client";
import { Bdi, type Column, DataTable, EmptyState, ErrorState, RecordNumber, StatusChip, TableSkeleton, timeIn, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { Wait, momentOf, useEncounterTypeName } from "../../parts/EncounterStatus";
import { useScreenTitle } from "../../shell/navigation";
import { Page } from "../../shell/Pane";
import css from "./Triage.module.css";
import { VitalsDrawer } from "./VitalsDrawer";

interface Waiting {
  encounter: Encounter;
  measured: boolean;
}

/** Who waits, longest first; those without vitals above those with. */
export function Triage() {
  const { t } = useTranslation();
  const screenTitle = useScreenTitle("triage");
  const typeName = useEncounterTypeName();
  const { timeZone } = useWorkplace();
  const navigate = useNavigate();
  const { encounter: openId } = useSearch({ from: "/person/workplace/triage" });
  // what midnight asks anew must not close what somebody types into
  const waiting = useQuery({ ...read.present(timeZone, "CHECKED_IN"), placeholderData: (before) => before });
  const openTasks = useQuery(read.tasks({ code: "record-vitals", status: "OPEN" }));

  const unmeasured = new Set(openTasks.data?.map((task) => task.encounter_id));
  const rows: Waiting[] = (waiting.data ?? [])
    .map((encounter) => ({ encounter, measured: openTasks.data !== undefined && !unmeasured.has(encounter.id) }))
    .toSorted((a, b) => Number(a.measured) - Number(b.measured) || momentOf(a.encounter).localeCompare(momentOf(b.encounter)));
  const opened = rows.find(({ encounter }) => encounter.id === openId)?.encounter;

  const open = (encounter: string | undefined) => void navigate({ to: "/triage", search: { encounter } });
  const next = rows.find((row) => !row.measured);
  useKeys(next ? [{ keys: "n", label: t("triage.next"), run: () => open(next.encounter.id) }] : []);

  const columns: Column<Waiting>[] = [
    { id: "time", header: t("triage.column.since"), figures: true, width: "84px", hide: "tiny", cell: ({ encounter }) => timeIn(timeZone, momentOf(encounter)) },
    { id: "wait", header: t("triage.column.wait"), figures: true, width: "100px", align: "end", cell: ({ encounter }) => <Wait encounter={encounter} /> },
    { id: "name", header: t("triage.column.name"), cell: ({ encounter }) => <bdi className={css.name}>{encounter.patient.full_name}</bdi> },
    { id: "mrn", header: t("triage.column.mrn"), width: "150px", hide: "tiny", cell: ({ encounter }) => <RecordNumber>{encounter.patient.mrn}</RecordNumber> },
    { id: "reason", header: t("triage.column.reason"), hide: "narrow", cell: ({ encounter }) => <Bdi>{encounter.reason}</Bdi> },
    { id: "type", header: t("triage.column.type"), width: "128px", hide: "medium", cell: ({ encounter }) => typeName(encounter.encounter_type) },
    {
      id: "vitals",
      header: t("triage.column.vitals"),
      width: "132px",
      cell: ({ measured }) => <StatusChip tone={measured ? "ok" : "info"}>{t(measured ? "triage.measured" : "triage.unmeasured")}</StatusChip>,
    },
  ];

  return (
    <Page
      title={screenTitle}
      acts={
        next ? (
          <Button variant="light" onClick={() => open(next.encounter.id)}>
            {t("triage.next")}
          </Button>
        ) : null
      }
    >
      {waiting.isPending ? (
        <TableSkeleton />
      ) : waiting.isError ? (
        <ErrorState error={waiting.error} onRetry={() => void waiting.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState>{t("triage.nobody")}</EmptyState>
      ) : (
        <DataTable
          label={t("triage.list")}
          rows={rows}
          columns={columns}
          rowKey={({ encounter }) => encounter.id}
          selectedKey={openId ?? null}
          onOpen={({ encounter }) => open(encounter.id)}
        />
      )}
      <VitalsDrawer encounter={opened ?? null} onClose={() => open(undefined)} />
    </Page>
  );
}
