import type { Patient, PatientChange } from "@hm/client";
import { readAgeOrBirth } from "../desk/ageOrBirth";

/** What the form edits, each field as it is typed. */
export interface PatientFields {
  full_name: string;
  /** An age in years or a date, as the walk-in form reads it. */
  born: string;
  gender: Patient["gender"];
  phone: string;
  email: string;
  address: string;
  blood_group: string;
  /** `system: value`, one a line. */
  identifiers: string;
}

export type FieldName = keyof PatientFields;
export const fieldNames = ["full_name", "born", "gender", "phone", "email", "address", "blood_group", "identifiers"] as const satisfies readonly FieldName[];

export function fieldsOf(patient: Patient): PatientFields {
  const [year, month, day] = (patient.date_of_birth ?? "").split("-");
  return {
    full_name: patient.full_name,
    born: year && month && day ? `${day}-${month}-${year}` : "",
    gender: patient.gender,
    phone: patient.phone ?? "",
    email: patient.email ?? "",
    address: patient.address ?? "",
    blood_group: patient.blood_group ?? "",
    identifiers: patient.identifiers.map(({ system, value }) => `${system}: ${value}`).join("\n"),
  };
}

/** Fields that read other than they did. */
export function differing(before: PatientFields, now: PatientFields): FieldName[] {
  return fieldNames.filter((name) => before[name] !== now[name]);
}

/** The identifiers of a text, or null when a line is none. */
export function readIdentifiers(text: string): Patient["identifiers"] | null {
  const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
  const read = lines.map((line) => /^([^:]+):\s*(.+)$/.exec(line));
  if (read.some((one) => one === null)) return null;
  return read.map((one) => ({ system: one![1]!.trim(), value: one![2]!.trim() }));
}

/** What to send: only what was changed, so that a colleague's change to another field stands. */
export function changeOf(changes: Partial<PatientFields>, today: string): PatientChange {
  const change: PatientChange = {};
  const orNull = (text: string) => text.trim() || null;
  if (changes.full_name !== undefined) change.full_name = changes.full_name.trim();
  if (changes.gender !== undefined) change.gender = changes.gender;
  if (changes.phone !== undefined) change.phone = orNull(changes.phone);
  if (changes.email !== undefined) change.email = orNull(changes.email);
  if (changes.address !== undefined) change.address = orNull(changes.address);
  if (changes.blood_group !== undefined) change.blood_group = orNull(changes.blood_group);
  if (changes.identifiers !== undefined) change.identifiers = readIdentifiers(changes.identifiers) ?? [];
  if (changes.born !== undefined) {
    const born = readAgeOrBirth(changes.born, today);
    if (born.kind === "birth") Object.assign(change, { date_of_birth: born.date, birth_date_estimated: false });
    else if (born.kind === "age") change.age_years = born.years;
    else if (born.kind === "empty") change.date_of_birth = null;
  }
  return change;
}
