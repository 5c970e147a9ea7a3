import type { Vitals } from "@hm/client";
import { Quantity, StatusChip, ToneMark } from "@hm/ui";
import { useTranslation } from "react-i18next";
import { type Measure, bodyMassIndex, earlyWarning, measures, toneOf } from "./vitals";
import css from "./VitalsStrip.module.css";

/** Vitals at a glance; early-warning colours for adults only. */
export function VitalsStrip({ vitals, adult }: { vitals: Vitals; adult: boolean }) {
  const { t } = useTranslation();
  const shown = measures.filter(({ name }) => vitals[name] !== undefined && vitals[name] !== null && name !== "bp_diastolic");
  const bmi = bodyMassIndex(vitals);
  const warning = adult ? earlyWarning(vitals) : null;
  return (
    <div className={css.strip}>
      <dl className={css.values}>
        {shown.map(({ name, unit }) => {
          const tone = adult ? toneOf(name, vitals[name]) : null;
          return (
            <div key={name} className={css.value} data-tone={tone ?? undefined}>
              <dt>{t(`vitals.short.${name === "bp_systolic" ? "bp" : name}`)}</dt>
              <dd>
                <Quantity value={text(vitals, name)} unit={unit} />
                {tone ? <ToneMark tone={tone} /> : null}
                {tone ? <span className="hm-visually-hidden">{t("vitals.outOfRange")}</span> : null}
              </dd>
            </div>
          );
        })}
        {bmi === null ? null : (
          <div className={css.value}>
            <dt>{t("vitals.short.bmi")}</dt>
            <dd>
              <Quantity value={bmi} unit="kg/m²" />
            </dd>
          </div>
        )}
      </dl>
      {warning ? <EarlyWarningChip vitals={vitals} /> : null}
      {vitals.note ? <p className={css.note}>{vitals.note}</p> : null}
    </div>
  );
}

export function EarlyWarningChip({ vitals }: { vitals: Vitals }) {
  const { t } = useTranslation();
  const warning = earlyWarning(vitals);
  if (!warning) return null;
  return <StatusChip tone={warning.tone}>{t(`vitals.warning.${warning.level}`, { total: warning.total })}</StatusChip>;
}

function text(vitals: Vitals, name: Measure): string {
  if (name === "bp_systolic") return `${vitals.bp_systolic}/${vitals.bp_diastolic ?? "–"}`;
  return String(vitals[name]);
}
