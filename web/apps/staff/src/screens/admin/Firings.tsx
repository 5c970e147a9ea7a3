import type { RuleFiring } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, StatusChip, TableSkeleton, type Tone, dateTimeIn } from "@hm/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { inWords, momentInWords } from "../../parts/inWords";
import { More } from "../../parts/More";
import { useNameOf } from "../../parts/people";
import css from "./Admin.module.css";
import { AdminPage } from "./AdminPage";
import packCss from "./Packs.module.css";

const tones: Record<RuleFiring["severity"], Tone> = { info: "info", warning: "warn", safety: "critical" };

/** What rules did on acts that went through: warnings, reasons given, tasks opened. */
export function Firings() {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const nameOf = useNameOf();
  const navigate = useNavigate();
  const pages = useInfiniteQuery(read.ruleFirings());
  const rows = pages.data?.pages.flatMap((page) => page.results) ?? [];
  const columns: Column<RuleFiring>[] = [
    { id: "at", header: t("audit.column.at"), width: "148px", figures: true, hide: "tiny", cell: (one) => <bdi>{dateTimeIn(timeZone, one.at)}</bdi> },
    { id: "rule", header: t("admin.rule.rule"), width: "220px", cell: (one) => <span className={css.name}>{inWords(one.rule)}</span> },
    { id: "on", header: t("admin.rule.on"), width: "150px", hide: "medium", cell: (one) => momentInWords(one.moment) },
    { id: "outcome", header: t("audit.column.outcome"), width: "170px", cell: (one) => <StatusChip tone={tones[one.severity]}>{t(`admin.rule.did.${one.outcome}`)}</StatusChip> },
    { id: "why", header: t("admin.rule.why"), hide: "narrow", cell: (one) => <bdi className={packCss.message}>{one.reason ?? one.message}</bdi> },
    { id: "who", header: t("audit.column.actor"), width: "160px", hide: "medium", cell: (one) => <bdi>{one.actor_id ? nameOf(one.actor_id) : t("audit.system")}</bdi> },
  ];
  return (
    <AdminPage>
      {pages.isPending ? (
        <TableSkeleton />
      ) : pages.isError ? (
        <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState>{t("admin.rule.noFirings")}</EmptyState>
      ) : (
        <DataTable
          label={t("admin.part.firings")}
          rows={rows}
          columns={columns}
          rowKey={(one) => one.id}
          onOpen={(one) => void navigate({ to: "/consult/$encounterId", params: { encounterId: one.encounter_id } })}
          footer={<More pages={pages} />}
        />
      )}
    </AdminPage>
  );
}
