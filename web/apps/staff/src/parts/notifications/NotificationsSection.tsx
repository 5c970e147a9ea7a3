import { Button, UnstyledButton } from "@mantine/core";
import { type Notification, notifications } from "@hm/client";
import { ErrorState, PanelSkeleton, ToneMark, toast } from "@hm/ui";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { Since } from "../alerts/Since";
import { addressOf } from "./link";
import css from "./Notifications.module.css";

const tones = { INFO: "info", WARNING: "warn", CRITICAL: "critical" } as const;

/** The part of the bell's panel about notifications, newest first. onFollow is called when one leads away. */
export function NotificationsSection({ onFollow }: { onFollow: () => void }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const pages = useInfiniteQuery({ ...read.notificationPages(), enabled: can("notifications.can_read") });
  const mark = useMutation({ mutationFn: notifications.markRead, onError: toast.failed, onSettled: () => changed("notifications") });
  const markAll = useMutation({ mutationFn: notifications.markAllRead, onError: toast.failed, onSettled: () => changed("notifications") });
  const navigate = useNavigate();
  if (!can("notifications.can_read")) return null;
  const rows = pages.data?.pages.flatMap((page) => page.results) ?? [];
  const mayMark = can("notifications.can_mark");

  function open(one: Notification) {
    if (!one.is_read && mayMark) mark.mutate(one.id);
    const address = addressOf(one);
    if (address === null) return;
    onFollow();
    void navigate({ href: address });
  }

  return (
    <section className={css.section} aria-labelledby="bell-notifications">
      <header className={css.head}>
        <h3 id="bell-notifications">{t("notifications.notifications")}</h3>
        {mayMark && rows.some((one) => !one.is_read) ? (
          <Button variant="subtle" size="compact-sm" loading={markAll.isPending} onClick={() => markAll.mutate(rows[0]!.created_at)}>
            {t("notifications.markAllRead")}
          </Button>
        ) : null}
      </header>
      {pages.isPending ? (
        <PanelSkeleton lines={4} />
      ) : pages.isError ? (
        <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />
      ) : rows.length === 0 ? (
        <p className={css.quiet}>{t("notifications.none")}</p>
      ) : (
        <ul className={css.items}>
          {rows.map((one) => (
            <li key={one.id} className={css.item} data-unread={!one.is_read || undefined}>
              <UnstyledButton className={css.open} onClick={() => open(one)}>
                <span className={css.top}>
                  <span className={css.mark} data-tone={tones[one.severity]}>
                    <ToneMark tone={tones[one.severity]} />
                    <span className="hm-visually-hidden">{t(`notifications.severity.${one.severity}`)}</span>
                  </span>
                  <bdi className={css.title}>{one.title}</bdi>
                  {one.is_read ? null : <span className="hm-visually-hidden">{t("notifications.isUnread")}</span>}
                </span>
                {one.patient ? (
                  <span className={css.patient}>
                    <bdi>{one.patient.full_name}</bdi> <bdi className={css.quiet}>{one.patient.mrn}</bdi>
                  </span>
                ) : null}
                <span className={css.body}>
                  <bdi>{one.body}</bdi>
                </span>
                <span className={css.quiet}>
                  <Since at={one.created_at} />
                </span>
              </UnstyledButton>
              {one.is_read || !mayMark ? null : (
                <Button variant="subtle" size="compact-xs" className={css.read} aria-label={t("notifications.markReadOf", { title: one.title })} onClick={() => mark.mutate(one.id)}>
                  {t("notifications.markRead")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {pages.hasNextPage ? (
        <Button variant="default" size="xs" className={css.more} loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t("notifications.earlier")}
        </Button>
      ) : null}
    </section>
  );
}
