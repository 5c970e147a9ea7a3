import { Link, Navigate, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@hm/ui";
import { useWorkplace } from "../../app/workplace";
import { useScreenTitle } from "../../shell/navigation";
import css from "./Lab.module.css";

/** The laboratory's day in its order, by the permissions of which any one opens the part. */
const tabs = [
  { name: "collect", to: "/lab/collect", needs: ["lab.can_collect"] },
  { name: "receive", to: "/lab/receive", needs: ["lab.can_receive"] },
  { name: "bench", to: "/lab/bench", needs: ["lab.can_enter"] },
  { name: "verify", to: "/lab/verify", needs: ["lab.can_verify", "lab.can_release"] },
  { name: "quality", to: "/lab/quality", needs: ["qualitycontrol.can_read"] },
  { name: "turnaround", to: "/lab/turnaround", needs: ["lab.can_read"] },
  { name: "settings", to: "/lab/settings", needs: ["lab.can_configure"] },
] as const;

/** Where somebody who opens the laboratory begins: the technician at the bench, the pathologist with what waits for a name. */
const beginnings = ["verify", "bench", "receive", "collect", "quality", "turnaround", "settings"] as const;

function useTabs() {
  const { can } = useWorkplace();
  return tabs.filter(({ needs }) => needs.some(can));
}

/** The parts of the laboratory under one head. */
export function Lab() {
  const { t } = useTranslation();
  const title = useScreenTitle("laboratory");
  const mine = useTabs();
  const nav = useActiveInSight();
  return (
    <div className={css.lab}>
      <header className={css.head}>
        <h1>{title}</h1>
        <nav ref={nav} className={css.tabs} aria-label={t("lab.parts")}>
          {mine.map(({ name, to }) => (
            <Link key={to} to={to} className={css.tab} activeProps={{ "aria-current": "page" }}>
              {t(`lab.tab.${name}`)}
            </Link>
          ))}
        </nav>
      </header>
      <div className={css.body}>
        <Outlet />
      </div>
    </div>
  );
}

/** On a narrow screen the tabs scroll: the one that is open is brought into sight, wherever somebody came from. */
function useActiveInSight() {
  const nav = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  useEffect(() => {
    nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [path]);
  return nav;
}

export function FirstTab() {
  const { t } = useTranslation();
  const mine = useTabs();
  const first = beginnings.map((name) => mine.find((tab) => tab.name === name)).find((tab) => tab !== undefined);
  return first ? <Navigate to={first.to} replace /> : <EmptyState>{t("lab.nothingHere")}</EmptyState>;
}
