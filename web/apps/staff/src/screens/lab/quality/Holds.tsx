import type { ControlHold } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, StatusChip, TableSkeleton, dateTimeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { read } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import css from "./Quality.module.css";

/** Everything that was held, with who answered for it and how. */
export function Holds() {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const navigate = useNavigate();
  const holds = useQuery(read.controlHolds("OPEN,RESOLVED"));
  const columns: Column<ControlHold>[] = [
    { id: "analyte", header: t("quality.analyte"), cell: (hold) => <bdi className={css.name}>{hold.name}</bdi> },
    { id: "rules", header: t("quality.rules"), width: "110px", cell: (hold) => <bdi dir="ltr">{hold.rules.join(" ")}</bdi> },
    { id: "lot", header: t("quality.lot"), hide: "narrow", cell: (hold) => <bdi>{t("quality.levelOf", { material: hold.material, level: hold.level })}</bdi> },
    { id: "since", header: t("quality.heldSince"), width: "150px", hide: "tiny", figures: true, cell: (hold) => <bdi dir="ltr">{dateTimeIn(timeZone, hold.opened_at)}</bdi> },
    { id: "status", header: t("quality.state"), width: "120px", cell: (hold) => <StatusChip tone={hold.status === "OPEN" ? "critical" : "ok"}>{t(`quality.hold.${hold.status}`)}</StatusChip> },
    { id: "by", header: t("quality.resolvedBy"), width: "160px", hide: "medium", cell: (hold) => <bdi>{hold.resolved_by?.full_name ?? ""}</bdi> },
    { id: "reason", header: t("quality.reason"), hide: "medium", cell: (hold) => (
        <bdi title={hold.reason ?? undefined}>
          {hold.status === "RESOLVED" && hold.has_good_run_since === false ? `${t("quality.resolvedWithoutRun")} ` : ""}
          {hold.reason ?? ""}
        </bdi>
      ) },
  ];
  if (holds.isPending) return <TableSkeleton />;
  if (holds.isError) return <ErrorState error={holds.error} onRetry={() => void holds.refetch()} />;
  if (holds.data.length === 0) return <EmptyState>{t("quality.neverHeld")}</EmptyState>;
  return (
    <DataTable
      label={t("quality.part.holds")}
      rows={holds.data}
      columns={columns}
      rowKey={(hold) => hold.id}
      onOpen={(hold) => void navigate({ to: "/lab/quality/$lotId", params: { lotId: hold.lot_id }, search: { analyte: hold.analyte } })}
    />
  );
}
