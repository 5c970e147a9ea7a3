import { Switch } from "@mantine/core";
import { notifications } from "@hm/client";
import { ErrorState, PanelSkeleton, StatusChip, toast } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import css from "./Messages.module.css";

/** Which ways there are out of the app, and whether patients' names may take them. */
export function Outside() {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const known = useQuery(read.messageSettings());
  const save = useMutation({
    mutationFn: (names: boolean) => notifications.saveSettings(names, known.data?.etag ?? null),
    onError: toast.failed,
    onSettled: () => changed("messages"),
  });
  if (known.isError) return <ErrorState error={known.error} onRetry={() => void known.refetch()} />;
  if (!known.data) return <PanelSkeleton lines={2} />;
  const { names_outside, channels } = known.data.settings;
  return (
    <section className={css.outside} aria-label={t("notifications.admin.outside")}>
      <Switch
        label={t("notifications.admin.names")}
        description={t("notifications.admin.namesWhy")}
        checked={save.isPending ? save.variables : names_outside}
        disabled={!can("notifications.can_configure")}
        onChange={(event) => save.mutate(event.currentTarget.checked)}
      />
      <ul className={css.channels}>
        {channels
          .filter(({ channel }) => channel !== "in_app")
          .map((one) => (
            <li key={one.channel}>
              <span className={css.channel}>{t(`notifications.channel.${one.channel}`)}</span>
              <StatusChip tone={one.trouble ? "critical" : one.is_configured ? "ok" : "neutral"}>
                {t(one.trouble ? "notifications.admin.trouble" : one.is_configured ? "notifications.admin.works" : "notifications.admin.off")}
              </StatusChip>
              {one.trouble ? (
                <span className={css.muted}>
                  <bdi>{one.trouble}</bdi>
                </span>
              ) : null}
            </li>
          ))}
      </ul>
    </section>
  );
}
