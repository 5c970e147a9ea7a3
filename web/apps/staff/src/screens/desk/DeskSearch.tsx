import { Button } from "@mantine/core";
import type { Patient } from "@hm/client";
import { AgeText, Bdi, type Column, DataTable, EmptyState, ErrorState, RecordNumber, TableSkeleton, calendarDate } from "@hm/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { More } from "../../parts/More";
import css from "./Desk.module.css";

/** Patients that match what is in the search box, best first. */
export function DeskSearch({ q, onRegister }: { q: string; onRegister?: () => void }) {
  const { t } = useTranslation();
  const { today } = useWorkplace();
  const navigate = useNavigate();
  const { patientId } = useParams({ strict: false });
  const found = useInfiniteQuery({ ...read.patientPages(q), placeholderData: (before) => before });
  const rows = found.data?.pages.flatMap((page) => page.results) ?? [];

  if (found.isPending) return <TableSkeleton />;
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  const register = onRegister ? (
    <Button variant="light" onClick={onRegister}>
      {t("desk.registerTyped", { typed: q })}
    </Button>
  ) : null;
  if (rows.length === 0) return <EmptyState action={register}>{t("desk.nobodyFound", { q })}</EmptyState>;

  const columns: Column<Patient>[] = [
    { id: "name", header: t("desk.column.name"), cell: (row) => <bdi className={css.name}>{row.full_name}</bdi> },
    {
      id: "born",
      header: t("desk.column.born"),
      width: "168px",
      hide: "tiny",
      cell: (row) =>
        row.date_of_birth ? (
          <bdi>
            {calendarDate(row.date_of_birth)}{" "}
            <span className={css.muted}>
              <AgeText today={today} born={row.date_of_birth} estimated={row.birth_date_estimated} />
            </span>
          </bdi>
        ) : null,
    },
    { id: "sex", header: t("desk.column.sex"), width: "84px", hide: "narrow", cell: (row) => t(`patient.gender.${row.gender}`) },
    { id: "phone", header: t("desk.column.phone"), width: "140px", hide: "narrow", cell: (row) => <Bdi>{row.phone}</Bdi> },
    { id: "mrn", header: t("desk.column.mrn"), width: "150px", cell: (row) => <RecordNumber>{row.mrn}</RecordNumber> },
  ];
  return (
    <div className={css.rows}>
      <DataTable
        label={t("desk.found")}
        rows={rows}
        columns={columns}
        rowKey={(patient) => patient.id}
        selectedKey={patientId ?? null}
        onOpen={(patient) => void navigate({ to: "/desk/patients/$patientId", params: { patientId: patient.id } })}
        footer={
          <>
            <More pages={found} />
            {register ? <EmptyState action={register}>{t("desk.notAmongThem")}</EmptyState> : null}
          </>
        }
      />
    </div>
  );
}
