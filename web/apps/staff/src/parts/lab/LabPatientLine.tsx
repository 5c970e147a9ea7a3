import type { LabPatient } from "@hm/client";
import { AgeText, RecordNumber } from "@hm/ui";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import css from "./LabPatientLine.module.css";

/** Whose it is, as on the label: name first, then sex and age, then the record number. */
export function LabPatientLine({ patient, large = false }: { patient: LabPatient; large?: boolean }) {
  const { t } = useTranslation();
  const { today } = useWorkplace();
  return (
    <span className={css.line} data-large={large || undefined}>
      <bdi className={css.name}>{patient.full_name}</bdi>
      <span className={css.facts}>
        {t(`patient.gender.${patient.gender}`)}
        {patient.date_of_birth ? (
          <>
            {", "}
            <AgeText today={today} born={patient.date_of_birth} />
          </>
        ) : null}
        {" · "}
        <RecordNumber>{patient.mrn}</RecordNumber>
      </span>
    </span>
  );
}
