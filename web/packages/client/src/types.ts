/** The shapes of the HTTP contract that the apps use. */

export type Timestamp = string;
export type CalendarDate = string;

export interface Page<T> {
  results: T[];
  next: string | null;
  count?: number;
}

export interface Membership {
  tenant_id: string;
  tenant_code: string;
  tenant_name: string;
  facility_id: string;
  facility_code: string;
  facility_name: string;
  roles: string[];
  permissions: string[];
}

export interface Me {
  user: { id: string; username: string; full_name: string; email: string | null; is_superuser: boolean };
  memberships: Membership[];
  scope: { tenant_id: string; facility_id: string } | null;
}

export type Gender = "male" | "female" | "other" | "unknown";

export interface Identifier {
  system: string;
  value: string;
}

export interface Patient {
  id: string;
  tenant_id: string;
  facility_id: string;
  mrn: string;
  full_name: string;
  date_of_birth: CalendarDate | null;
  birth_date_estimated: boolean;
  gender: Gender;
  phone: string | null;
  email: string | null;
  address: string | null;
  blood_group: string | null;
  identifiers: Identifier[];
  system_specific_data: Record<string, unknown>;
  created_at: Timestamp;
  updated_at: Timestamp;
}

/** Somebody registered who may be the person about to be. */
export interface Duplicate extends Patient {
  /** 0 to 1. */
  score: number;
  reasons: string[];
}

export interface NewPatient {
  full_name: string;
  gender: Gender;
  date_of_birth?: CalendarDate;
  age_years?: number;
  mrn?: string;
  phone?: string;
  email?: string;
  address?: string;
  blood_group?: string;
  identifiers?: Identifier[];
}

export type EncounterType = "OPD" | "IPD" | "EMERGENCY" | "CONSULTATION" | "DAYCARE" | "TELECONSULT";
export type EncounterStatus = "CREATED" | "CHECKED_IN" | "IN_CONSULT" | "CLOSED" | "CANCELLED";

export interface Encounter {
  id: string;
  patient_id: string;
  patient: { id: string; full_name: string; mrn: string };
  encounter_type: EncounterType;
  pack: string;
  status: EncounterStatus;
  reason: string | null;
  attending_doctor_id: string | null;
  attending_doctor?: { id: string; full_name: string } | null;
  scheduled_at: Timestamp | null;
  checked_in_at: Timestamp | null;
  consult_started_at: Timestamp | null;
  closed_at: Timestamp | null;
  cancelled_at: Timestamp | null;
  system_data: Record<string, unknown>;
  created_at: Timestamp;
  updated_at: Timestamp;
  actions: string[];
}

export interface CloseGate {
  can_close: boolean;
  missing_tasks: string[];
  missing_documents: string[];
  blocking: { rule: string; code: string; message: string }[];
}

export interface Vitals {
  temperature_c?: number;
  pulse_bpm?: number;
  resp_rate?: number;
  bp_systolic?: number;
  bp_diastolic?: number;
  spo2?: number;
  weight_kg?: number;
  height_cm?: number;
  pain?: number;
  note?: string;
}

export interface Assessment {
  chief_complaint?: string;
  history?: string;
  diagnosis?: string;
  note?: string;
}

export interface Plan {
  medications?: string[];
  investigations?: string[];
  advice?: string;
  follow_up?: string;
}

export interface Note {
  subjective?: string;
  objective?: string;
  assessment?: string;
  plan?: string;
}

export type EntryKind = "VITALS" | "ASSESSMENT" | "PLAN" | "NOTE";

export interface EntryContents {
  VITALS: Vitals;
  ASSESSMENT: Assessment;
  PLAN: Plan;
  NOTE: Note;
}

export type Entry<K extends EntryKind = EntryKind> = {
  [Kind in K]: { id: string; kind: Kind; content: EntryContents[Kind]; authored_at: Timestamp; author_id: string };
}[K];

export interface TimelineItem {
  id: string;
  type: string;
  code: string;
  title: string;
  at: Timestamp;
  actor: { id: string; name: string } | null;
  meta: Record<string, unknown>;
}

export type TaskStatus = "OPEN" | "IN_PROGRESS" | "DONE" | "CANCELLED";

export interface Task {
  id: string;
  encounter_id: string;
  patient_id: string;
  code: string;
  title: string;
  status: TaskStatus;
  assigned_to_id: string | null;
  due_at: Timestamp | null;
  started_at: Timestamp | null;
  completed_at: Timestamp | null;
  is_overdue: boolean;
  created_at: Timestamp;
  actions: string[];
}

export type DocumentStatus = "DRAFT" | "FINAL" | "AMENDED";

export interface ClinicalDocument {
  id: string;
  encounter_id: string;
  patient_id: string;
  pack: string;
  template_code: string;
  template_version: string;
  version: number;
  status: DocumentStatus;
  supersedes_id: string | null;
  payload: Record<string, unknown>;
  computed: Record<string, unknown>;
  summary: string;
  author_id: string;
  reason: string | null;
  created_at: Timestamp;
  actions: string[];
}

export interface Template {
  code: string;
  version: string;
  title: string;
  pack: string;
  schema: Record<string, unknown>;
  ui?: Record<string, unknown>;
}

export interface AuditEvent {
  id: string;
  at: Timestamp;
  /** null for the system itself, and for somebody unknown at sign-in. */
  actor: { id: string; name: string } | null;
  code: string;
  outcome: "ok" | "refused" | "failed";
  entity_type: string;
  entity_id: string | null;
  patient_ids: string[];
  request_id: string;
  origin: string;
  detail: Record<string, unknown>;
  /** Place in the tree; null until it is sealed. */
  leaf_index: number | null;
}

export interface AuditVerification {
  ok: boolean;
  tree_size: number;
  root_hash: string;
  sealed_until: Timestamp | null;
  unsealed: number;
  broken: { id: string; what: string; reason: string }[];
  broken_more: boolean;
}

export interface UserPlace {
  id: string;
  facility_id: string;
  roles: string[];
  is_active: boolean;
}

export interface User {
  id: string;
  username: string;
  full_name: string;
  email: string | null;
  is_active: boolean;
  otp_enabled: boolean;
  memberships: UserPlace[];
}

export interface Role {
  id: string;
  code: string;
  name: string;
  built_in: boolean;
  permissions: string[];
}

export interface Permission {
  code: string;
  module: string;
  description: string;
}

export interface Facility {
  id: string;
  code: string;
  name: string;
  time_zone: string;
  mrn_pattern: string;
  several_active_encounters: boolean;
  packs: string[];
  is_active: boolean;
}
