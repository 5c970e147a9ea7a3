import { useTranslation } from "react-i18next";
import { ageOn, calendarDate } from "./dates";
import css from "./PatientBanner.module.css";
import { ToneMark } from "./StatusChip";

export interface BannerPatient {
  full_name: string;
  date_of_birth: string | null;
  birth_date_estimated: boolean;
  gender: string;
  mrn: string;
  /** Not given: nobody asked. Empty: asked, and there are none. */
  allergies?: string[];
}

/**
 * Who this is, always in the same order: name, birth and age, sex, record number,
 * allergies. Stands on every screen, dialog and print that shows a patient; one in a panel
 * is named apart from the one of the page beneath.
 */
export function PatientBanner({ patient, today, inPanel = false }: { patient: BannerPatient; today: string; inPanel?: boolean }) {
  const { t } = useTranslation();
  const { allergies } = patient;
  return (
    <section className={css.banner} aria-label={t(inPanel ? "ui.banner.inPanel" : "ui.banner.label")}>
      <strong className={css.name}>
        <bdi>{patient.full_name}</bdi>
      </strong>
      <span className={css.fact}>
        <span className={css.label}>{t("ui.banner.born")}</span>{" "}
        {patient.date_of_birth ? (
          <bdi>
            {calendarDate(patient.date_of_birth)}
            {" ("}
            <AgeText today={today} born={patient.date_of_birth} estimated={patient.birth_date_estimated} />
            {")"}
          </bdi>
        ) : (
          t("ui.banner.unknown")
        )}
      </span>
      <span className={css.fact}>
        <span className={css.label}>{t("ui.banner.sex")}</span> {t(`patient.gender.${patient.gender as "female"}`)}
      </span>
      <span className={css.fact}>
        <span className={css.label}>{t("ui.banner.mrn")}</span> <bdi>{patient.mrn}</bdi>
      </span>
      <span className={css.allergies} data-state={allergies === undefined ? "unasked" : allergies.length > 0 ? "some" : "none"}>
        {allergies !== undefined && allergies.length > 0 ? <ToneMark tone="critical" /> : null}
        <span className={css.label}>{t("ui.banner.allergies")}</span>{" "}
        {allergies === undefined ? (
          t("ui.banner.notRecorded")
        ) : allergies.length === 0 ? (
          t("ui.banner.noneKnown")
        ) : (
          <bdi>{allergies.join(", ")}</bdi>
        )}
      </span>
    </section>
  );
}

export function AgeText({ today, born, estimated = false }: { today: string; born: string; estimated?: boolean }) {
  const { t } = useTranslation();
  const { unit, count } = ageOn(today, born);
  const age = t(`ui.age.${unit}`, { count });
  return estimated ? t("ui.age.about", { age }) : age;
}
