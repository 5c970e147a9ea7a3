import { Button, Textarea } from "@mantine/core";
import { type Order, type OrderItem, orders as calls } from "@hm/client";
import { Dialog, EmptyState, ErrorState, PanelSkeleton, StatusChip, type Tone, dateTimeIn, toast } from "@hm/ui";
import { type UseQueryResult, useMutation } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { may } from "../../parts/EncounterStatus";
import { dataInWords, useOrderTypeName } from "../../parts/orderWords";
import css from "./Orders.module.css";

const tones: Record<OrderItem["status"], Tone> = { REQUESTED: "info", IN_PROGRESS: "progress", COMPLETED: "ok", CANCELLED: "neutral" };

/** What is being cancelled: an order, or one line of it. */
interface Cancelling {
  order: Order;
  item: OrderItem | null;
}

/** What stands ordered in this visit, line by line. */
export function CurrentOrders({ orders, empty, mayOrder }: { orders: UseQueryResult<Order[]>; empty: boolean; mayOrder: boolean }) {
  const { t } = useTranslation();
  const [cancelling, setCancelling] = useState<Cancelling | null>(null);
  if (orders.isError) return <ErrorState error={orders.error} onRetry={() => void orders.refetch()} />;
  if (orders.isPending) return orders.fetchStatus === "idle" ? null : <PanelSkeleton lines={3} />;
  if (orders.data.length === 0) return empty ? <EmptyState>{t(mayOrder ? "orders.none" : "orders.noneAtAll")}</EmptyState> : null;
  return (
    <section className={css.placed} aria-label={t("orders.placed")}>
      <h2>{t("orders.placed")}</h2>
      {orders.data.map((order) => (
        <PlacedOrder key={order.id} order={order} onCancel={(item) => setCancelling({ order, item })} />
      ))}
      {cancelling ? <CancelDialog {...cancelling} onClose={() => setCancelling(null)} /> : null}
    </section>
  );
}

export function PlacedOrder({ order, onCancel }: { order: Order; onCancel?: (item: OrderItem | null) => void }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const typeName = useOrderTypeName(order.pack);
  const complete = useMutation({
    mutationFn: (item: OrderItem) => calls.completeItem(order.id, item.id),
    onError: toast.failed,
    onSettled: () => changed("orders", "tasks", "encounters"),
  });
  return (
    <article className={css.order} aria-label={typeName(order.order_type)}>
      <header className={css.orderHead}>
        <strong>{typeName(order.order_type)}</strong>
        <span className={css.code}>
          <bdi>{dateTimeIn(timeZone, order.created_at)}</bdi> <bdi>{order.ordered_by?.full_name}</bdi>
        </span>
        {onCancel && may(order, "cancel") && order.items.length > 1 ? (
          <Button size="compact-xs" variant="subtle" color="gray" ml="auto" onClick={() => onCancel(null)}>
            {t("orders.cancelAll")}
          </Button>
        ) : null}
      </header>
      <ul className={css.items}>
        {order.items.map((item) => (
          <li key={item.id} className={css.item} data-cancelled={item.status === "CANCELLED" || undefined}>
            <span className={css.itemWords}>
              <bdi className={css.serviceName}>{item.name}</bdi>
              {item.quantity > 1 ? <bdi className={css.code}>{t("orders.times", { count: item.quantity })}</bdi> : null}
              {item.priority === "ROUTINE" ? null : <StatusChip tone={item.priority === "STAT" ? "critical" : "warn"}>{t(`orders.priorities.${item.priority}`)}</StatusChip>}
              <bdi className={css.detail}>{[dataInWords(item.data), item.instructions, item.cancel_reason].filter(Boolean).join(" · ")}</bdi>
            </span>
            <StatusChip tone={tones[item.status]}>{t(`orders.status.${item.status}`)}</StatusChip>
            <span className={css.itemActs}>
              {may(item, "complete") ? (
                <Button size="compact-xs" variant="subtle" aria-label={t("orders.complete", { name: item.name })} loading={complete.isPending && complete.variables?.id === item.id} onClick={() => complete.mutate(item)}>
                  <Check size={14} aria-hidden />
                </Button>
              ) : null}
              {onCancel && may(item, "cancel") ? (
                <Button size="compact-xs" variant="subtle" color="gray" aria-label={t("orders.cancel", { name: item.name })} onClick={() => onCancel(item)}>
                  <X size={14} aria-hidden />
                </Button>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
    </article>
  );
}

/** Nothing that was ordered goes away without a word why. */
export function CancelDialog({ order, item, onClose }: Cancelling & { onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const cancel = useMutation({
    mutationFn: () => (item ? calls.cancelItem(order.id, item.id, reason.trim()) : calls.cancel(order.id, reason.trim())),
    onSuccess: () => {
      toast.done(t("orders.cancelled"));
      onClose();
    },
    onError: toast.failed,
    onSettled: () => changed("orders", "tasks", "encounters"),
  });
  return (
    <Dialog opened onClose={onClose} title={item ? t("orders.cancel", { name: item.name }) : t("orders.cancelAll")}>
      <div className={css.cancel}>
        <Textarea data-autofocus label={t("orders.cancelWhy")} autosize minRows={2} maxLength={1000} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
        <div className={css.cancelActs}>
          <Button color="red" disabled={reason.trim() === ""} loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {item ? t("orders.cancelItem") : t("orders.cancelAll")}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t("orders.keep")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
