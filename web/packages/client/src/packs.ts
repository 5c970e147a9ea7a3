export interface Pack {
  id: string;
  version: string;
  name: string;
  kind: "base" | "system" | "specialty" | "site";
  origin: "built_in" | "tenant";
  installed_at: string | null;
  extends: string[];
  locales: string[];
  sign_off: { clinician: string; date: string };
}
export interface PackDetails extends Pack {
  versions: unknown[];
  templates: { code: string; version: string; title: string }[];
}
export interface AllowedToolEntry {
  url: string;
  integrity: string;
}
