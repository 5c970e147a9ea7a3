import type { AuditVerification } from "@hm/client";
import { StatusChip, ToneMark, dateTimeIn } from "@hm/ui";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import css from "./Audit.module.css";

/** What the check of the whole trail found; what was altered is named row by row. */
export function Verification({ result }: { result: AuditVerification }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  return (
    <section className={css.verification} data-ok={result.ok} role="status" aria-label={t("audit.verify")}>
      <StatusChip tone={result.ok ? "ok" : "critical"}>{t(result.ok ? "audit.whole" : "audit.broken")}</StatusChip>
      <span>{t("audit.sealed", { count: result.tree_size })}</span>
      {result.sealed_until ? <span className={css.muted}>{t("audit.sealedUntil", { time: dateTimeIn(timeZone, result.sealed_until) })}</span> : null}
      {result.unsealed > 0 ? <span className={css.muted}>{t("audit.unsealed", { count: result.unsealed })}</span> : null}
      <span className={css.root}>
        <span className={css.muted}>{t("audit.root")}</span> <code className={css.hash} dir="ltr">{result.root_hash}</code>
      </span>
      {result.broken.length > 0 ? (
        <ul className={css.brokenRows}>
          {result.broken.map(({ id, what, reason }) => (
            <li key={`${what} ${id}`}>
              <ToneMark tone="critical" />
              <span>
                <strong>{t(`audit.brokenWhat.${what}`)}</strong> <code className={css.code} dir="ltr">{id}</code>
                <br />
                {reason}
              </span>
            </li>
          ))}
          {result.broken_more ? <li>{t("audit.brokenMore")}</li> : null}
        </ul>
      ) : null}
    </section>
  );
}
