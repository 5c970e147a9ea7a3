import { Button, SegmentedControl } from "@mantine/core";
import { type Encounter, type EncounterStatus, encounters } from "@hm/client";
import { Bdi, type Column, DataTable, EmptyState, ErrorState, RecordNumber, TableSkeleton, timeIn, toast } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { EncounterChip, Wait, may, momentOf } from "../../parts/EncounterStatus";
import css from "./Desk.module.css";

const filters = ["ALL", "CREATED", "CHECKED_IN", "IN_CONSULT", "CLOSED"] as const;
type Filter = (typeof filters)[number];

/** Everybody of today, newest first. */
export function Today({ selectedPatient }: { selectedPatient: string | null }) {
  const { t } = useTranslation();
  const { today } = useWorkplace();
  const navigate = useNavigate();
  const [filter, setFilter] = useState<Filter>("ALL");
  const day = useQuery(read.encounters({ date: today }));
  const columns = useColumns();

  if (day.isPending) return <TableSkeleton rows={12} />;
  if (day.isError) return <ErrorState error={day.error} onRetry={() => void day.refetch()} />;

  const all = day.data.toSorted((a, b) => momentOf(b).localeCompare(momentOf(a)));
  const count = (status: EncounterStatus) => all.filter((encounter) => encounter.status === status).length;
  const shown = filter === "ALL" ? all : all.filter((encounter) => encounter.status === filter);

  return (
    <>
      <div className={css.filters}>
        <h2>{t("desk.today")}</h2>
        <SegmentedControl
          size="xs"
          aria-label={t("desk.filter")}
          value={filter}
          onChange={(value) => setFilter(value as Filter)}
          data={filters.map((value) => ({
            value,
            label:
              value === "ALL"
                ? t("desk.all", { count: all.length })
                : t("desk.ofStatus", { status: t(`encounter.status.${value}`), count: count(value) }),
          }))}
        />
      </div>
      <div className={css.rows}>
        {shown.length === 0 ? (
          <EmptyState>{t(all.length === 0 ? "desk.nobodyYet" : "desk.nobodyOfStatus")}</EmptyState>
        ) : (
          <DataTable
            label={t("desk.today")}
            rows={shown}
            columns={columns}
            rowKey={(encounter) => encounter.id}
            selectedKey={shown.find((encounter) => encounter.patient_id === selectedPatient)?.id ?? null}
            onOpen={(encounter) => void navigate({ to: "/desk/patients/$patientId", params: { patientId: encounter.patient_id } })}
          />
        )}
      </div>
    </>
  );
}

function useColumns(): Column<Encounter>[] {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  return [
    { id: "time", header: t("desk.column.time"), figures: true, width: "72px", cell: (row) => timeIn(timeZone, momentOf(row)) },
    { id: "name", header: t("desk.column.name"), cell: (row) => <bdi className={css.name}>{row.patient.full_name}</bdi> },
    { id: "mrn", header: t("desk.column.mrn"), width: "150px", hide: "tiny", cell: (row) => <RecordNumber>{row.patient.mrn}</RecordNumber> },
    { id: "reason", header: t("desk.column.reason"), hide: "narrow", cell: (row) => <Bdi>{row.reason}</Bdi> },
    { id: "wait", header: t("desk.column.wait"), figures: true, width: "100px", align: "end", hide: "tiny", cell: (row) => <Wait encounter={row} /> },
    {
      id: "status",
      header: t("desk.column.status"),
      width: "148px",
      cell: (row) => (may(row, "check_in") ? <CheckIn encounter={row} /> : <EncounterChip status={row.status} />),
    },
  ];
}

function CheckIn({ encounter }: { encounter: Encounter }) {
  const { t } = useTranslation();
  const checkIn = useMutation({
    mutationFn: () => encounters.checkIn(encounter.id),
    onSuccess: () => {
      toast.done(t("desk.checkedIn", { name: encounter.patient.full_name }));
      return changed("encounters", "tasks");
    },
    onError: (error) => {
      toast.failed(error);
      return changed("encounters");
    },
  });
  return (
    <Button size="compact-xs" variant="light" loading={checkIn.isPending} onClick={() => checkIn.mutate()}>
      {t("desk.checkIn")}
    </Button>
  );
}
