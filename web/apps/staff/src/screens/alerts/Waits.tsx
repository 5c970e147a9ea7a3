import { SegmentedControl } from "@mantine/core";
import type { AlertTimes } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, SidePanel, TableSkeleton } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useKindName } from "../../parts/alerts/words";
import css from "./Alerts.module.css";

const spans = [7, 30, 90] as const;

/** How long alerts waited for somebody, by kind. */
export function Waits({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <SidePanel opened={opened} onClose={onClose} title={t("alerts.analytics.title")} size={680}>
      {opened ? <Times /> : null}
    </SidePanel>
  );
}

function Times() {
  const { t } = useTranslation();
  const kindName = useKindName();
  const [days, setDays] = useState<number>(30);
  // to the minute: what was asked a moment ago is the same question
  const since = useMemo(() => new Date(Math.floor(Date.now() / 60_000) * 60_000 - days * 86_400_000).toISOString(), [days]);
  const times = useQuery(read.alertAnalytics(since));
  const columns: Column<AlertTimes>[] = [
    { id: "kind", header: t("alerts.analytics.kind"), cell: ({ kind }) => kindName(kind) },
    { id: "raised", header: t("alerts.analytics.raised"), width: "80px", align: "end", figures: true, cell: ({ raised }) => raised },
    { id: "acknowledged", header: t("alerts.analytics.acknowledged"), width: "108px", align: "end", figures: true, hide: "tiny", cell: ({ acknowledged }) => acknowledged },
    { id: "escalated", header: t("alerts.analytics.escalated"), width: "92px", align: "end", figures: true, hide: "tiny", cell: ({ escalated }) => escalated },
    { id: "median", header: t("alerts.analytics.median"), width: "88px", align: "end", figures: true, cell: ({ median_minutes }) => <Minutes of={median_minutes} /> },
    { id: "p90", header: t("alerts.analytics.p90"), width: "108px", align: "end", figures: true, cell: ({ p90_minutes }) => <Minutes of={p90_minutes} /> },
  ];
  return (
    <div className={css.waits}>
      <SegmentedControl size="xs" aria-label={t("alerts.analytics.title")} value={String(days)} onChange={(value) => setDays(Number(value))} data={spans.map((count) => ({ value: String(count), label: t("alerts.analytics.days", { count }) }))} />
      {times.isPending ? (
        <TableSkeleton rows={3} />
      ) : times.isError ? (
        <ErrorState error={times.error} onRetry={() => void times.refetch()} />
      ) : times.data.length === 0 ? (
        <EmptyState>{t("alerts.analytics.none")}</EmptyState>
      ) : (
        <DataTable label={t("alerts.analytics.title")} rows={times.data} columns={columns} rowKey={({ kind }) => kind} />
      )}
    </div>
  );
}

function Minutes({ of }: { of: number | null }) {
  const { t } = useTranslation();
  return of === null ? null : <bdi>{t("alerts.analytics.minutes", { count: of < 10 ? Math.round(of * 10) / 10 : Math.round(of) })}</bdi>;
}
