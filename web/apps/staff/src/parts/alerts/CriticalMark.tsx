import { ToneMark } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./Alerts.module.css";

/** In the top bar of every screen: critical alerts for me that nobody has acknowledged. */
export function CriticalMark() {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const mine = useQuery({ ...read.alerts({ mine: true, status: "OPEN", severity: "CRITICAL" }), enabled: can("alerts.can_read") });
  const count = mine.data?.count ?? 0;
  const only = count === 1 ? mine.data?.results[0] : undefined;
  return (
    <div role="status">
      {count > 0 ? (
        <Link to="/alerts" search={only ? { alert: only.id, mine: true } : { mine: true }} className={css.mark} aria-label={t("alerts.mark", { count })}>
          <ToneMark tone="critical" />
          <span className={css.long}>{t("alerts.mark", { count })}</span>
          <span className={css.short} aria-hidden>
            {count}
          </span>
        </Link>
      ) : null}
      {mine.isError ? (
        <Link to="/alerts" search={{ mine: true }} className={css.mark} aria-label={t("alerts.bar.unread")}>
          <ToneMark tone="critical" />
          <span className={css.long}>{t("alerts.bar.unread")}</span>
          <span className={css.short} aria-hidden>
            ?
          </span>
        </Link>
      ) : null}
    </div>
  );
}
