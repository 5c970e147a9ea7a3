import { SegmentedControl, Select } from "@mantine/core";
import type { Order, Priority } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, StatusChip, TableSkeleton, type Tone, dateTimeIn } from "@hm/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { useWorkspace } from "../../app/workspace";
import { More } from "../../parts/More";
import { useOrderTypeName } from "../../parts/orderWords";
import { useScreenTitle } from "../../shell/navigation";
import { Page } from "../../shell/Pane";
import css from "./Orders.module.css";

const filters = { open: "CREATED,IN_PROGRESS", done: "COMPLETED", cancelled: "CANCELLED" } as const;
type FilterName = keyof typeof filters;
const tones: Record<Order["status"], Tone> = { CREATED: "info", IN_PROGRESS: "progress", COMPLETED: "ok", CANCELLED: "neutral" };
const urgency: Record<Exclude<Priority, "ROUTINE">, Tone> = { URGENT: "warn", STAT: "critical" };

/** What was ordered at this facility, newest first, and how far it has come. */
export function Orders() {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const workspace = useWorkspace();
  const title = useScreenTitle("orders");
  const typeName = useOrderTypeName();
  const navigate = useNavigate();
  const [filter, setFilter] = useState<FilterName>("open");
  const [type, setType] = useState<string | null>(null);
  const pages = useInfiniteQuery({ ...read.orderPages({ status: filters[filter], order_type: type ?? undefined }), placeholderData: (before) => before });
  const rows = pages.data?.pages.flatMap((page) => page.results) ?? [];
  const types = [...new Set((workspace?.packs ?? []).flatMap(({ order_types }) => order_types.map(({ code }) => code)))];

  const columns: Column<Order>[] = [
    { id: "at", header: t("orders.column.at"), width: "148px", hide: "narrow", figures: true, cell: (order) => <bdi>{dateTimeIn(timeZone, order.created_at)}</bdi> },
    { id: "patient", header: t("orders.column.patient"), width: "180px", cell: (order) => <bdi className={css.name}>{order.patient.full_name}</bdi> },
    {
      id: "items",
      header: t("orders.column.items"),
      cell: (order) => (
        <bdi>
          {order.items
            .filter(({ status }) => order.status === "CANCELLED" || status !== "CANCELLED")
            .map(({ name }) => name)
            .join(", ")}
        </bdi>
      ),
    },
    { id: "type", header: t("orders.column.type"), width: "140px", hide: "medium", cell: (order) => typeName(order.order_type) },
    {
      id: "priority",
      header: t("orders.priority"),
      width: "112px",
      hide: "narrow",
      cell: ({ priority }) => (priority === "ROUTINE" ? t("orders.priorities.ROUTINE") : <StatusChip tone={urgency[priority]}>{t(`orders.priorities.${priority}`)}</StatusChip>),
    },
    { id: "status", header: t("orders.column.status"), width: "124px", hide: "tiny", cell: ({ status }) => <StatusChip tone={tones[status]}>{t(`orders.status.${status === "CREATED" ? "REQUESTED" : status}`)}</StatusChip> },
  ];

  return (
    <Page
      title={title}
      acts={
        <>
          {types.length > 1 ? (
            <Select
              className={css.kind}
              size="xs"
              aria-label={t("orders.column.type")}
              placeholder={t("orders.everyType")}
              data={types.map((code) => ({ value: code, label: typeName(code) }))}
              value={type}
              onChange={setType}
              clearable
              clearButtonProps={{ "aria-label": t("patient.clear") }}
            />
          ) : null}
          <SegmentedControl
            size="xs"
            aria-label={t("task.filter.label")}
            value={filter}
            onChange={(value) => setFilter(value as FilterName)}
            data={(Object.keys(filters) as FilterName[]).map((value) => ({ value, label: t(`orders.filter.${value}`) }))}
          />
        </>
      }
    >
      {pages.isPending ? (
        <TableSkeleton />
      ) : pages.isError ? (
        <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState>{t("orders.noneOfThese")}</EmptyState>
      ) : (
        <DataTable
          label={title}
          rows={rows}
          columns={columns}
          rowKey={(order) => order.id}
          onOpen={(order) => void navigate({ to: "/consult/$encounterId", params: { encounterId: order.encounter_id }, search: { tab: "orders" } })}
          footer={<More pages={pages} />}
        />
      )}
    </Page>
  );
}
