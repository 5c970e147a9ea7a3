import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import { useScreenTitle } from "../../shell/navigation";
import { Page } from "../../shell/Pane";
import css from "./Admin.module.css";

const parts = [
  { name: "users", to: "/admin/users", permission: "iam.can_read_users" },
  { name: "roles", to: "/admin/roles", permission: "iam.can_read_roles" },
  { name: "facilities", to: "/admin/facilities", permission: "facilities.can_update" },
  { name: "packs", to: "/admin/packs", permission: "packs.can_install" },
  { name: "rules", to: "/admin/rules", permission: "rules.can_tune" },
  { name: "messages", to: "/admin/notifications", permission: "notifications.can_read_templates" },
  { name: "firings", to: "/admin/firings", permission: "rules.can_read_firings" },
  { name: "alerts", to: "/admin/alerts", permission: "alerts.can_configure" },
] as const;

/** The parts of the administration under one head. */
export function AdminPage({ acts, children }: { acts?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const screenTitle = useScreenTitle("users");
  const { can } = useWorkplace();
  return (
    <Page title={screenTitle} acts={acts}>
      <nav className={css.parts} aria-label={t("admin.parts")}>
        {parts
          .filter(({ permission }) => can(permission))
          .map(({ name, to }) => (
            <Link key={to} to={to} className={css.part} activeProps={{ "aria-current": "page" }}>
              {t(`admin.part.${name}`)}
            </Link>
          ))}
      </nav>
      {children}
    </Page>
  );
}
