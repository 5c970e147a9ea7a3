import type { CollectionRow, LabSample } from "@hm/client";

/** Where a patient is found, from who must be gone to first to who will come by themselves. */
const places = ["EMERGENCY", "IPD", "DAYCARE", "OPD", "CONSULTATION", "TELECONSULT"];

const placeOf = (type: string): number => {
  const at = places.indexOf(type);
  return at < 0 ? places.length : at;
};

/**
 * The tubes place by place, in each as the server put them: at once first, then by when they are due. A place where
 * something is wanted at once comes before the others.
 */
export function byPlace(rows: readonly CollectionRow[]): CollectionRow[] {
  const urgent = new Set(rows.filter(({ priority }) => priority === "STAT").map(({ encounter_type }) => encounter_type));
  return rows
    .map((row, index) => ({ row, index }))
    .toSorted(
      (a, b) =>
        Number(urgent.has(b.row.encounter_type)) - Number(urgent.has(a.row.encounter_type)) ||
        placeOf(a.row.encounter_type) - placeOf(b.row.encounter_type) ||
        a.row.encounter_type.localeCompare(b.row.encounter_type) ||
        a.index - b.index,
    )
    .map(({ row }) => row);
}

/** One row is one tube: its tests tell it from the others. */
export const tubeKey = (row: CollectionRow): string => row.items.map(({ order_item_id }) => order_item_id).join(" ");

const fertile = { from: 10, to: 55 };

/** Whether somebody may be pregnant, by what is known: the question is asked of nobody else. */
export function mayBePregnant(patient: { gender: string; date_of_birth: string | null }, today: string): boolean {
  if (patient.gender === "male") return false;
  if (!patient.date_of_birth) return patient.gender === "female";
  const born = patient.date_of_birth;
  const years = Number(today.slice(0, 4)) - Number(born.slice(0, 4)) - (today.slice(5) < born.slice(5) ? 1 : 0);
  return patient.gender === "female" && years >= fertile.from && years <= fertile.to;
}

const remembered = 50;

/** What was just taken, the last one first and each once: a tube listed twice would get two labels. */
export const withTaken = (before: readonly LabSample[], sample: LabSample): LabSample[] => [sample, ...before.filter(({ id }) => id !== sample.id)].slice(0, remembered);
