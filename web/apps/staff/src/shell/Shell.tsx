import { useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouteContext } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLive } from "../app/live";
import { read } from "../app/queries";
import { settleScope } from "../app/scope";
import { WorkplaceProvider } from "../app/workplace";
import { WorkspaceProvider } from "../app/workspace";
import { useNavigation } from "./navigation";
import css from "./Shell.module.css";
import { TopBar } from "./TopBar";

export function Shell() {
  const known = useRouteContext({ from: "/person/workplace" });
  const me = useQuery(read.me()).data ?? known.me;
  const membership = settleScope(me) ?? known.membership;
  return (
    <WorkplaceProvider key={membership.facility_id} me={me} membership={membership}>
      <WorkspaceProvider>
        <Frame />
      </WorkspaceProvider>
    </WorkplaceProvider>
  );
}

function Frame() {
  const { t } = useTranslation();
  const connection = useLive(true);
  return (
    <div className={css.frame}>
      <a className={css.skip} href="#main">
        {t("shell.skip")}
      </a>
      <TopBar connection={connection} />
      <Rail />
      <main id="main" className={css.main} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

function Rail() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const destinations = useNavigation();
  useKeys(
    destinations.map(({ keys, to, title }) => ({ keys, label: title, run: () => void navigate({ to }) })),
  );
  return (
    <nav className={css.rail} aria-label={t("shell.navigation")}>
      {destinations.map(({ to, title, short, icon: Icon, group }, index) => (
        <Link
          key={to}
          to={to}
          className={css.destination}
          data-first-of-group={(index > 0 && destinations[index - 1]!.group !== group) || undefined}
          activeProps={{ "aria-current": "page" }}
        >
          <Icon size={17} strokeWidth={1.75} aria-hidden />
          <span className={css.long}>{title}</span>
          <span className={css.short}>{short}</span>
        </Link>
      ))}
    </nav>
  );
}
