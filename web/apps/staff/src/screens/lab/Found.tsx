import type { LabResult } from "@hm/client";
import { StatusChip } from "@hm/ui";
import { useTranslation } from "react-i18next";
import { FlagChip } from "../../parts/lab/Flag";
import css from "./Verify.module.css";
import { isUsual } from "./waiting";

const shownFlags = 3;

/** What asks for a look, the worst first; or that nothing does. */
export function Found({ result }: { result: LabResult }) {
  const { t } = useTranslation();
  const marked = result.values.filter(({ flag, delta_flag }) => (flag && flag !== "N") || delta_flag).toSorted((a, b) => Number(b.flag === "LL" || b.flag === "HH") - Number(a.flag === "LL" || a.flag === "HH"));
  return (
    <span className={css.found}>
      {result.is_void ? <StatusChip tone="critical">{t("lab.result.isVoid")}</StatusChip> : null}
      {result.person_changed ? <StatusChip tone="warn">{t("lab.result.personChanged")}</StatusChip> : null}
      {result.held.length > 0 ? <StatusChip tone="warn">{t("lab.result.held")}</StatusChip> : null}
      {marked.length === 0 ? isUsual(result) ? <FlagChip flag="N" quiet /> : <span className={css.quiet}>{t("lab.verify.unjudged")}</span> : null}
      {marked.slice(0, shownFlags).map(({ code, display, flag }) => (
        <span key={code} className={css.foundOne}>
          <bdi className="hm-figures">
            {code} {display}
          </bdi>
          {flag && flag !== "N" ? <FlagChip flag={flag} /> : null}
        </span>
      ))}
      {marked.length > shownFlags ? <span className={css.quiet}>{t("lab.verify.andMore", { count: marked.length - shownFlags })}</span> : null}
    </span>
  );
}
