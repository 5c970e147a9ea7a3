import { Button, Select } from "@mantine/core";
import { type Delivery, type DeliveryFilter, type DeliveryStatus, notifications } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, Labelled, SidePanel, StatusChip, TableSkeleton, type Tone, dateTimeIn, toast } from "@hm/ui";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import css from "./Messages.module.css";

const tones: Record<DeliveryStatus, Tone> = { PENDING: "info", SENDING: "progress", SENT: "ok", FAILED: "warn", DEAD: "critical", SUPPRESSED: "neutral" };
const views = ["dead", "waiting", "sent", "suppressed", "all"] as const;
type View = (typeof views)[number];
const statusesOf: Record<View, DeliveryStatus[] | undefined> = {
  dead: ["DEAD"],
  waiting: ["PENDING", "SENDING", "FAILED"],
  sent: ["SENT"],
  suppressed: ["SUPPRESSED"],
  all: undefined,
};

/** What left the app, or did not, newest first. */
export function Deliveries() {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const [view, setView] = useState<View>("all");
  const [channel, setChannel] = useState<DeliveryFilter["channel"]>();
  const [opened, setOpened] = useState<string | null>(null);
  const pages = useInfiniteQuery(read.deliveryPages({ status: statusesOf[view], channel }));
  const rows = pages.data?.pages.flatMap((page) => page.results) ?? [];

  const columns: Column<Delivery>[] = [
    { id: "at", header: t("notifications.admin.at"), width: "165px", figures: true, hide: "tiny", cell: (one) => <bdi>{dateTimeIn(timeZone, one.created_at)}</bdi> },
    { id: "to", header: t("notifications.admin.to"), cell: (one) => <bdi>{one.recipient.full_name}</bdi> },
    { id: "kind", header: t("notifications.admin.kind"), hide: "narrow", cell: (one) => one.kind_title },
    { id: "channel", header: t("notifications.admin.channel"), width: "80px", cell: (one) => t(`notifications.channel.${one.channel}`) },
    { id: "tries", header: t("notifications.admin.tries"), width: "80px", align: "end", figures: true, hide: "medium", cell: (one) => one.tries },
    { id: "state", header: t("admin.column.state"), width: "150px", cell: (one) => <State one={one} /> },
  ];
  return (
    <>
      <div className={css.filters}>
        <Select label={t("notifications.admin.view")} data={views.map((value) => ({ value, label: t(`notifications.admin.views.${value}`) }))} value={view} onChange={(value) => value && setView(value as View)} w={180} />
        <Select
          label={t("notifications.admin.channel")}
          data={(["email", "sms", "push"] as const).map((value) => ({ value, label: t(`notifications.channel.${value}`) }))}
          value={channel ?? null}
          placeholder={t("notifications.admin.everyChannel")}
          clearable
          onChange={(value) => setChannel((value as DeliveryFilter["channel"]) ?? undefined)}
          w={180}
        />
      </div>
      {pages.isPending ? (
        <TableSkeleton />
      ) : pages.isError ? (
        <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState>{t("notifications.admin.noDeliveries")}</EmptyState>
      ) : (
        <DataTable
          label={t("notifications.admin.part.deliveries")}
          rows={rows}
          columns={columns}
          rowKey={(one) => one.id}
          selectedKey={opened}
          onOpen={(one) => setOpened(one.id)}
          footer={
            pages.hasNextPage ? (
              <Button variant="default" size="xs" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {t("notifications.earlier")}
              </Button>
            ) : undefined
          }
        />
      )}
      <DeliveryPanel one={rows.find((row) => row.id === opened) ?? null} onClose={() => setOpened(null)} />
    </>
  );
}

function State({ one }: { one: Delivery }) {
  const { t } = useTranslation();
  return <StatusChip tone={one.is_in_doubt ? "warn" : tones[one.status]}>{t(one.is_in_doubt ? "notifications.admin.inDoubt" : `notifications.admin.status.${one.status}`)}</StatusChip>;
}

function DeliveryPanel({ one, onClose }: { one: Delivery | null; onClose: () => void }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const retry = useMutation({
    mutationFn: notifications.retry,
    onSuccess: () => toast.done(t("notifications.admin.retried")),
    onError: toast.failed,
    onSettled: () => changed("messages"),
  });
  return (
    <SidePanel opened={one !== null} onClose={onClose} title={one?.kind_title ?? t("notifications.admin.part.deliveries")}>
      {one ? (
        <div className={css.form}>
          <div>
            <State one={one} />
          </div>
          {one.reason ? <p className={css.reason}>{t(`notifications.reason.${one.reason}`)}</p> : null}
          {one.last_error ? (
            <p className={css.muted}>
              <bdi>{one.last_error}</bdi>
            </p>
          ) : null}
          <dl className={css.list}>
            <Labelled label={t("notifications.admin.to")}>
              <bdi>{one.recipient.full_name}</bdi>
            </Labelled>
            <Labelled label={t("notifications.admin.channel")}>{t(`notifications.channel.${one.channel}`)}</Labelled>
            <Labelled label={t("notifications.admin.severity")}>{t(`notifications.severity.${one.severity}`)}</Labelled>
            <Labelled label={t("notifications.admin.at")}>{dateTimeIn(timeZone, one.created_at)}</Labelled>
            <Labelled label={t("notifications.admin.tries")}>{one.tries}</Labelled>
            {one.sent_at ? <Labelled label={t("notifications.admin.sentAt")}>{dateTimeIn(timeZone, one.sent_at)}</Labelled> : null}
            {one.next_try_at ? <Labelled label={t("notifications.admin.nextTry")}>{dateTimeIn(timeZone, one.next_try_at)}</Labelled> : null}
          </dl>
          {one.actions.includes("retry") ? (
            <div className={css.acts}>
              <Button loading={retry.isPending} onClick={() => retry.mutate(one.id)}>
                {t("notifications.admin.retry")}
              </Button>
              {one.is_in_doubt ? <span className={css.muted}>{t("notifications.admin.mayArriveTwice")}</span> : null}
            </div>
          ) : null}
        </div>
      ) : null}
    </SidePanel>
  );
}
