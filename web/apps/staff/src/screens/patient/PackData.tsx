import type { Patient, WorkspacePack } from "@hm/client";
import { useWorkspace } from "../../app/workspace";
import { DataForm, asksForData } from "../../parts/DataForm";
import css from "./EditPatient.module.css";

export type PackData = Record<string, Record<string, unknown>>;

/** The packs here that want to know something of every patient. */
export function usePatientPacks(): WorkspacePack[] {
  return (useWorkspace()?.packs ?? []).filter(({ patient_schema }) => asksForData(patient_schema));
}

/** What stands in the record for a pack. */
export const dataOf = (patient: Patient, pack: string): Record<string, unknown> => (patient.system_specific_data?.[pack] as Record<string, unknown> | undefined) ?? {};

interface PackDataFieldsProps {
  packs: WorkspacePack[];
  valueOf: (pack: string) => Record<string, unknown>;
  onChange: (pack: string, value: Record<string, unknown>) => void;
  /** The server's, by dotted path within `system_specific_data`. */
  faults?: Record<string, string>;
}

/** What each system of medicine adds to a patient's record, folded until somebody wants it or a fault stands in it. */
export function PackDataFields({ packs, valueOf, onChange, faults = {} }: PackDataFieldsProps) {
  return packs.map((pack) => {
    const own = Object.fromEntries(Object.entries(faults).flatMap(([path, message]) => (path.startsWith(`${pack.id}.`) ? [[path.slice(pack.id.length + 1), message]] : [])));
    const value = valueOf(pack.id);
    return (
      <details key={pack.id} className={css.pack} open={Object.keys(value).length > 0 || Object.keys(own).length > 0}>
        <summary>
          <bdi>{pack.name}</bdi>
        </summary>
        <DataForm schema={pack.patient_schema} value={value} onChange={(next) => onChange(pack.id, next)} faults={own} />
      </details>
    );
  });
}
