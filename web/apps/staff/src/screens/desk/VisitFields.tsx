import { Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { usePack, usePackOf, useWorkspace } from "../../app/workspace";
import { useEncounterTypeName } from "../../parts/EncounterStatus";
import css from "./Desk.module.css";

/** What a visit can be where no pack says so. */
const usualTypes = ["OPD", "EMERGENCY", "CONSULTATION", "DAYCARE", "TELECONSULT", "IPD"];

export interface VisitDraft {
  /** Empty for the facility's first pack. */
  pack: string;
  encounter_type: string;
  reason: string;
}

/** The usual visit of the facility's first pack: outpatient, where it has that. */
export function useNewVisit(): VisitDraft {
  const types = usePack()?.encounter_types.map(({ code }) => code) ?? [];
  return { pack: "", encounter_type: types.length === 0 || types.includes("OPD") ? "OPD" : types[0]!, reason: "" };
}

/** What is sent of it: only what was chosen. */
export function visitOf({ pack, encounter_type, reason }: VisitDraft): { pack?: string; encounter_type: string; reason?: string } {
  return { encounter_type, ...(pack ? { pack } : {}), ...(reason.trim() ? { reason: reason.trim() } : {}) };
}

/** Why somebody comes, to which system of medicine where the facility has several, and what kind of visit it is. */
export function VisitFields({ value, onChange, faultOf }: { value: VisitDraft; onChange: (value: VisitDraft) => void; faultOf: (field: string) => string | undefined }) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const packOf = usePackOf();
  const first = usePack();
  const pack = packOf(value.pack) ?? first;
  const typeName = useEncounterTypeName();
  const typesOf = (code: string): string[] => {
    const own = (packOf(code) ?? first)?.encounter_types.map((type) => type.code) ?? [];
    return own.length > 0 ? own : usualTypes;
  };
  const types = typesOf(value.pack);

  return (
    <div className={css.pair}>
      <TextInput
        label={t("desk.form.reason")}
        value={value.reason}
        maxLength={500}
        onChange={(event) => onChange({ ...value, reason: event.currentTarget.value })}
        error={faultOf("reason")}
      />
      {workspace && workspace.packs.length > 1 ? (
        <Select
          label={t("desk.form.pack")}
          data={workspace.packs.map(({ id, name }) => ({ value: id, label: name }))}
          value={pack?.id ?? null}
          onChange={(id) => id && onChange({ ...value, pack: id, encounter_type: typesOf(id).includes(value.encounter_type) ? value.encounter_type : typesOf(id)[0]! })}
          error={faultOf("pack")}
        />
      ) : null}
      <Select
        label={t("desk.form.type")}
        data={types.map((code) => ({ value: code, label: typeName(code, pack?.id) }))}
        value={types.includes(value.encounter_type) ? value.encounter_type : null}
        onChange={(code) => code && onChange({ ...value, encounter_type: code })}
        error={faultOf("encounter_type")}
      />
    </div>
  );
}
