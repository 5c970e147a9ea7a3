import { Select, TextInput } from "@mantine/core";
import type { EncounterType } from "@hm/client";
import { useTranslation } from "react-i18next";
import css from "./Desk.module.css";

const types: EncounterType[] = ["OPD", "EMERGENCY", "CONSULTATION", "DAYCARE", "TELECONSULT", "IPD"];

export interface VisitDraft {
  encounter_type: EncounterType;
  reason: string;
}

export const newVisit: VisitDraft = { encounter_type: "OPD", reason: "" };

export function VisitFields({ value, onChange, faultOf }: { value: VisitDraft; onChange: (value: VisitDraft) => void; faultOf: (field: string) => string | undefined }) {
  const { t } = useTranslation();
  return (
    <div className={css.pair}>
      <TextInput
        label={t("desk.form.reason")}
        value={value.reason}
        maxLength={500}
        onChange={(event) => onChange({ ...value, reason: event.currentTarget.value })}
        error={faultOf("reason")}
      />
      <Select
        label={t("desk.form.type")}
        data={types.map((type) => ({ value: type, label: t(`encounter.type.${type}`) }))}
        value={value.encounter_type}
        onChange={(type) => type && onChange({ ...value, encounter_type: type as EncounterType })}
        error={faultOf("encounter_type")}
      />
    </div>
  );
}
