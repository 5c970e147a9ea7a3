import type { LabValue } from "@hm/client";
import { Quantity, dateTimeIn, unitText } from "@hm/ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import { DeltaMark, FlagChip } from "./Flag";
import { rangeText } from "./ranges";
import css from "./ResultValues.module.css";

interface ResultValuesProps {
  label: string;
  values: LabValue[];
  /** Codes of what the test measures and this version says nothing of. */
  missing?: readonly string[];
  /** Codes that quality control holds back. */
  held?: readonly string[];
  /** Beside the new value the last released one. */
  former?: boolean;
  /** What else a value offers: its trend. */
  act?: (value: LabValue) => ReactNode;
}

/** What was found, value by value: flag, the one before, the usual range. */
export function ResultValues({ label, values, missing = [], held = [], former = false, act }: ResultValuesProps) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  return (
    <table className={css.table} aria-label={label}>
      {missing.length > 0 ? (
        <caption className={css.lacks}>
          <bdi>{t("lab.result.lacks", { codes: missing.join(", ") })}</bdi>
        </caption>
      ) : null}
      <thead>
        <tr>
          <th scope="col">{t("lab.result.analyte")}</th>
          <th scope="col" data-align="end">
            {t("lab.result.value")}
          </th>
          <th scope="col">{t("lab.result.flag")}</th>
          {former ? <th scope="col">{t("lab.result.former")}</th> : null}
          <th scope="col" data-hide>
            {t("lab.result.range")}
          </th>
          {act ? (
            <th scope="col">
              <span className="hm-visually-hidden">{t("lab.result.more")}</span>
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {values.map((value) => (
          <tr key={value.code} data-flag={value.flag ?? undefined}>
            <th scope="row">
              <bdi>{value.name}</bdi>
              {value.calculated ? <span className={css.quiet}> {t("lab.entry.calculated")}</span> : null}
              {held.includes(value.code) ? <span className={css.held}>{t("lab.result.held")}</span> : null}
              {value.comment ? <bdi className={css.comment}>{value.comment}</bdi> : null}
            </th>
            <td data-align="end" className={css.value}>
              {value.withdrawn ? <span className={css.quiet}>{t("lab.result.withdrawn")}</span> : <Quantity value={value.display} unit={value.unit ? unitText(value.unit) : undefined} />}
              {value.entered_value && value.entered_unit ? (
                <span className={css.quiet}>
                  {t("lab.result.typedAs")} <Quantity value={value.entered_value} unit={unitText(value.entered_unit)} />
                </span>
              ) : null}
            </td>
            <td>
              <span className={css.flags}>
                {value.flag ? <FlagChip flag={value.flag} quiet /> : null}
                {value.delta_flag ? <DeltaMark delta={value.delta_flag} /> : null}
                <span className={css.smallRange}>
                  <Range of={value} />
                </span>
              </span>
            </td>
            {former ? (
              <td className={css.former}>
                {value.former ? (
                  <>
                    <Quantity value={value.former.display} unit={value.former.unit && value.former.unit !== value.unit ? unitText(value.former.unit) : undefined} /> <bdi className={css.quiet}>{dateTimeIn(timeZone, value.former.at)}</bdi>
                  </>
                ) : (
                  <span className={css.quiet}>{t("lab.result.noFormer")}</span>
                )}
              </td>
            ) : null}
            <td className={css.range} data-hide>
              <Range of={value} />
            </td>
            {act ? <td data-align="end">{act(value)}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Range({ of: value }: { of: LabValue }) {
  const range = rangeText(value);
  return (
    <bdi className={range === value.reference_text ? undefined : css.bounds} dir="ltr">
      {range}
    </bdi>
  );
}
