import type { LabResult, WorklistRow } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, StatusChip, TableSkeleton, dateTimeIn, toast, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { LabPatientLine } from "../../parts/lab/LabPatientLine";
import { CorrectPanel } from "./CorrectPanel";
import { Found } from "./Found";
import labCss from "./Lab.module.css";
import { rowOf } from "./releasedRow";
import { SearchField } from "./SearchField";
import { useSettled } from "./useSettled";
import css from "./Verify.module.css";
import { VerifyDetail } from "./VerifyDetail";
import { lookedAt } from "./waiting";

interface ReleasedProps {
  /** What is opened, by its result. */
  item: string | undefined;
  onOpen: (item: string | undefined) => void;
  filters: ReactNode;
}

/** What went out last: to be read again, and to be corrected when it was wrong. */
export function Released({ item, onOpen, filters }: ReleasedProps) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const [q, setQ] = useState("");
  const sought = useSettled(q.trim().toLowerCase());
  const list = useQuery(read.labResults({ status: "RELEASED", latest: true }));
  const [correcting, setCorrecting] = useState<WorklistRow | null>(null);
  const rows = (list.data ?? []).filter(({ patient, barcode, name }) => [patient.full_name, patient.mrn, barcode, name].some((words) => words.toLowerCase().includes(sought)));
  const { current, opened } = lookedAt(rows, ({ id }) => id, item, null);
  useKeys(opened ? [{ keys: "Escape", label: t("shell.back"), run: () => onOpen(undefined) }] : []);

  const correct = async (result: LabResult) => {
    try {
      setCorrecting(rowOf(result, await queryClient.ensureQueryData(read.analytesOf(result.service_code))));
    } catch (error) {
      toast.failed(error);
    }
  };

  const columns: Column<LabResult>[] = [
    {
      id: "patient",
      header: t("lab.column.patient"),
      cell: ({ patient, name }) => (
        <>
          <LabPatientLine patient={patient} />
          <span className={css.tinyTest}>
            <bdi>{name}</bdi>
          </span>
        </>
      ),
    },
    {
      id: "test",
      header: t("lab.column.test"),
      hide: "tiny",
      cell: ({ name }) => (
        <span className={css.testCell}>
          <bdi>{name}</bdi>
        </span>
      ),
    },
    { id: "found", header: t("lab.column.found"), cell: (result) => <Found result={result} /> },
    { id: "at", header: t("lab.result.released"), width: "164px", hide: "narrow", figures: true, cell: ({ released_at }) => (released_at ? <bdi>{dateTimeIn(timeZone, released_at)}</bdi> : null) },
    { id: "corrected", header: <span className="hm-visually-hidden">{t("lab.result.corrected")}</span>, width: "112px", hide: "medium", cell: ({ is_correction }) => (is_correction ? <StatusChip tone="warn">{t("lab.result.corrected")}</StatusChip> : null) },
  ];

  return (
    <>
      <div className={labCss.bar}>
        {filters}
        <SearchField value={q} onChange={setQ} />
      </div>
      {list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <TableSkeleton />
      ) : !current ? (
        <EmptyState>{t(sought ? "lab.verify.noneOfThese" : "lab.verify.noneReleased")}</EmptyState>
      ) : (
        <div className={css.panes} data-shows={opened ? "detail" : "list"}>
          <div className={css.list}>
            <DataTable
              label={t("lab.verify.releasedList")}
              rows={rows}
              columns={columns}
              rowKey={({ id }) => id}
              selectedKey={current.id}
              onOpen={({ id }) => onOpen(id)}
            />
          </div>
          <VerifyDetail key={current.id} result={current} refused={undefined} busy={false} calling={false} onCalling={() => {}} onVerify={() => {}} onRelease={() => {}} onCorrect={() => void correct(current)} onBack={() => onOpen(undefined)} />
        </div>
      )}
      {correcting ? <CorrectPanel row={correcting} onSaved={() => void list.refetch()} onClose={() => setCorrecting(null)} /> : null}
    </>
  );
}
