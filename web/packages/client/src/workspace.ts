/** What the server tells a frontend to be, for this person at this facility: `GET /api/workspace`. */
export interface Workspace {
  /** The language of every word here. */
  locale: string;
  direction: "ltr" | "rtl";
  /** The languages that the packs speak. */
  locales: string[];
  facility: { id: string; code: string; name: string; time_zone: string };
  default_pack: string;
  permissions: string[];
  packs: WorkspacePack[];
}

/** A medical system or specialty, resolved for the facility and put into words. */
export interface WorkspacePack {
  id: string;
  version: string;
  name: string;
  kind: "base" | "system" | "specialty" | "site";
  extends: string[];
  locales: string[];
  sign_off: SignOff;
  /** Semantic key to this system's word for it. */
  labels: Record<string, string>;
  theme: { primary?: string; icon?: string };
  navigation: { code: string; title: string; screen: string }[];
  encounter_types: NamedCode[];
  order_types: NamedCode[];
  workflows: WorkflowSteps[];
  templates: { code: string; version: string; title: string }[];
  chart: ChartCard[];
  tools: PackTool[];
  patient_schema: DataSchema | null;
  encounter_schema: DataSchema | null;
  catalog: { services: number; order_sets: NamedCode[] };
}

export interface NamedCode {
  code: string;
  name: string;
}

/** Who took clinical responsibility for a pack's content; both empty until somebody has. */
export interface SignOff {
  clinician: string;
  date: string;
}

export interface WorkflowSteps {
  encounter_type: string;
  steps: WorkflowStep[];
  close: { tasks: string[]; documents: string[] };
}

export interface WorkflowStep {
  /** The code of the task that the step opens. */
  code: string;
  title: string;
  role: string;
  optional: boolean;
  completed_by: { kind?: string; template?: string } | null;
}

export interface ChartCard {
  code: string;
  title: string;
  card: "trend" | "latest_document" | "documents" | "orders" | "tool";
  observations?: { code: string; system: string; title?: string }[];
  template?: string;
  order_type?: string;
  tool?: string;
}

export interface PackTool {
  code: string;
  tool: string;
  title: string;
  config?: Record<string, unknown>;
  url?: string;
  integrity?: string;
  element?: string;
}

/** A JSON Schema of type object, as the forms draw it. */
export type DataSchema = { properties?: Record<string, unknown> } & Record<string, unknown>;
