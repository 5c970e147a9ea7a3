import type { LabResult } from "@hm/client";
import { ToneMark } from "@hm/ui";
import { useTranslation } from "react-i18next";
import css from "./ResultWarnings.module.css";

const daysOfYear = 365.25;
/** Under two years of age the ranges change with the days. */
const infancy = 2 * daysOfYear;

/** What must be known before a value of this version is believed: that it is void, or was judged for somebody else. */
export function ResultWarnings({ result }: { result: Pick<LabResult, "is_void" | "void_reason" | "person_changed" | "judged_for"> }) {
  const { t } = useTranslation();
  const { sex, age_days: days, pregnant } = result.judged_for;
  const age = days === null ? null : days < infancy ? t("lab.result.ageDays", { count: days }) : t("lab.result.ageYears", { count: Math.floor(days / daysOfYear) });
  const who = [t(`patient.gender.${sex}`), age, pregnant ? t("lab.collect.pregnant") : null].filter(Boolean).join(", ");
  return (
    <>
      {result.is_void ? (
        <p className={css.warning} data-tone="critical">
          <ToneMark tone="critical" />
          <span>
            {t("lab.result.void")} <bdi>{result.void_reason}</bdi>
          </span>
        </p>
      ) : null}
      {result.person_changed ? (
        <p className={css.warning}>
          <ToneMark tone="warn" />
          <span>{t("lab.result.judgedFor", { who })}</span>
        </p>
      ) : null}
    </>
  );
}
