import type { Account } from "./person";

/** The demo's sign-ins that the journeys use. */
const at = (username: string, facility: string): Account => ({ username, password: "hm-demo-2026", facility });

export const demo = {
  receptionist: at("reception@asha", "Asha Main"),
  nurse: at("nurse@asha", "Asha Main"),
  doctor: at("doctor@asha", "Asha Main"),
  technician: at("technician@asha", "Asha Main"),
  pathologist: at("pathologist@asha", "Asha Main"),
  admin: at("admin@asha", "Asha Main"),
  auditor: at("auditor@asha", "Asha Main"),
  /** One facility for each built-in medical system. */
  doctors: {
    allopathy: at("doctor.allopathy@asha", "allopathy"),
    ayurveda: at("doctor.ayurveda@asha", "ayurveda"),
    homeopathy: at("doctor.homeopathy@asha", "homeopathy"),
    eye: at("doctor.eye@asha", "eye"),
    cardiac: at("doctor.cardiac@asha", "cardiac"),
  },
  /** The hospital's second house: its collection list and alerts are short, and its alone. */
  east: {
    nurse: at("nurse2@asha", "Asha East"),
    doctor: at("doctor2@asha", "Asha East"),
    technician: at("technician2@asha", "Asha East"),
    pathologist: at("pathologist2@asha", "Asha East"),
  },
  /** The other tenant, for what changes a whole tenant or a whole laboratory. */
  otherReceptionist: at("reception@birch", "Birch Clinic"),
  otherDoctor: at("doctor@birch", "Birch Clinic"),
  otherTechnician: at("technician@birch", "Birch Clinic"),
  otherPathologist: at("pathologist@birch", "Birch Clinic"),
  otherAdmin: at("admin@birch", "Birch Clinic"),
};

/** A name that no other run and no other journey uses. */
export const uniqueName = (first: string): string => `${first} ${letters(Date.now())}${letters(Math.floor(Math.random() * 26 ** 3))}`;

/** A number in letters only: a name with digits in it looks like a record number. */
function letters(number: number): string {
  let rest = number;
  let text = "";
  do {
    text = String.fromCharCode(97 + (rest % 26)) + text;
    rest = Math.floor(rest / 26);
  } while (rest > 0);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
