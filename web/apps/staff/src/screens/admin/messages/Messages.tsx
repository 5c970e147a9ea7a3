import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { messageParts } from "../../../app/router";
import { useWorkplace } from "../../../app/workplace";
import { AdminPage } from "../AdminPage";
import { Deliveries } from "./Deliveries";
import css from "./Messages.module.css";
import { Outside } from "./Outside";
import { Texts } from "./Texts";

/** What people are told, how it is worded, what may leave the app, and what went out. */
export function Messages() {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const part = useSearch({ from: "/person/workplace/admin/notifications" }).part ?? "texts";
  return (
    <AdminPage>
      <div className={css.page}>
        <Outside />
        <nav className={css.tabs} aria-label={t("notifications.admin.parts")}>
          {messageParts
            .filter((one) => one === "texts" || can("notifications.can_read_deliveries"))
            .map((one) => (
              <Link key={one} to="/admin/notifications" search={{ part: one }} className={css.tab} aria-current={one === part ? "page" : undefined}>
                {t(`notifications.admin.part.${one}`)}
              </Link>
            ))}
        </nav>
      </div>
      {part === "texts" ? <Texts /> : <Deliveries />}
    </AdminPage>
  );
}
