import { UnstyledButton } from "@mantine/core";
import { ToneMark } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Bell as BellIcon } from "lucide-react";
import { Suspense, lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../app/queries";
import { useWorkplace } from "../app/workplace";
import css from "./Bell.module.css";

/** What is behind the bell is fetched when it is first opened. */
const BellPanel = lazy(() => import("./BellPanel").then((module) => ({ default: module.BellPanel })));

/** More than this is many. */
const most = 99;
const shown = (count: number) => (count > most ? `${most}+` : String(count));

/** Open critical alerts that are mine beside the diamond, and notifications that I have not read. What only warns waits in the panel. */
export function Bell() {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const [opened, setOpened] = useState<"never" | "open" | "closed">("never");
  const unread = useQuery({ ...read.unreadNotifications(), enabled: can("notifications.can_read") }).data ?? 0;
  const mine = { mine: true, status: "OPEN" } as const;
  const alerts = useQuery({ ...read.alerts(mine), enabled: can("alerts.can_read") }).data?.count ?? 0;
  const critical = useQuery({ ...read.alerts({ ...mine, severity: "CRITICAL" }), enabled: can("alerts.can_read") }).data?.count ?? 0;
  if (!can("notifications.can_read") && !can("alerts.can_read")) return null;
  return (
    <>
      <UnstyledButton className={css.bell} aria-haspopup="dialog" aria-expanded={opened === "open"} onClick={() => setOpened("open")}>
        <BellIcon size={18} strokeWidth={1.75} aria-hidden />
        {critical > 0 ? (
          <span className={css.count} data-tone="critical" aria-hidden>
            <ToneMark tone="critical" />
            {shown(critical)}
          </span>
        ) : null}
        {unread > 0 ? (
          <span className={css.count} aria-hidden>
            {shown(unread)}
          </span>
        ) : null}
        <span className="hm-visually-hidden">{t("notifications.bell", { alerts, unread })}</span>
      </UnstyledButton>
      {opened === "never" ? null : (
        <Suspense>
          <BellPanel opened={opened === "open"} onClose={() => setOpened("closed")} />
        </Suspense>
      )}
    </>
  );
}
