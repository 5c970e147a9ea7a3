import type { ComponentType } from "react";

/** What a tool can ask the server for, in the scope and with the permissions of who is signed in. */
export interface HostRequest {
  method?: "GET" | "POST";
  body?: unknown;
  signal?: AbortSignal;
}

/**
 * Everything a tool knows of the page around it: the one contract of built-in tools and
 * of third parties' custom elements. A tool keeps nothing that it does not emit.
 */
export interface Host<Value = unknown> {
  /** The patient as the API writes one, or what the page knows of it; null in a preview. */
  patient: ({ id: string } & Record<string, unknown>) | null;
  encounter: ({ id: string } & Record<string, unknown>) | null;
  /** A tool at a field: the field's value. At a page: every field and computed value of the document, by name. */
  value: Value;
  readOnly: boolean;
  /** BCP 47, such as `en` or `hi`. */
  locale: string;
  dir: "ltr" | "rtl";
  /** The page's colours and measures, by name: `primary`, `text`, `critical`, `critical-soft`, `radius` ... */
  tokens: Record<string, string>;
  /** The facility's time zone, IANA; the browser's own without one. */
  timeZone?: string;
  /** Answers the JSON of `/api/...`; rejects with an Error whose message can be shown. */
  fetch(path: string, request?: HostRequest): Promise<unknown>;
  /** The new value of the field: plain JSON with a `summary` that anybody can read without the tool. */
  emit(value: Emitted): void;
}

/** What a tool gives back. */
export interface Emitted {
  summary: string;
  [name: string]: unknown;
}

/** What a pack configures a tool with. Its shape is the tool's; a tool reads it with care. */
export type ToolConfig = Record<string, unknown>;

/** Names of fields and computed values that a tool shows: a name, or lists of names, by what the tool calls them. */
export type ToolBind = Record<string, unknown>;

export interface ToolProps {
  config: ToolConfig;
  bind: ToolBind;
  /** What people call the fields named by `bind`. */
  titles: Record<string, string>;
  /** Names the tool for those who cannot see it. */
  title: string;
  host: Host;
}

export type ToolComponent = ComponentType<ToolProps>;

/** A third party's tool: a module that defines a custom element. */
export interface CustomToolSource {
  /** https, or same-origin from `/`. */
  url: string;
  /** `sha256-`, `sha384-` or `sha512-` and the hash in base64. */
  integrity: string;
  /** The custom element's name, `x-...`. */
  element: string;
}

/** One line of the tenant's allow-list. */
export interface AllowedTool {
  url: string;
  integrity: string;
}

/** The plain words of a value, for whoever has no tool to draw it. */
export function summaryOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  const { summary } = value as { summary?: unknown };
  return typeof summary === "string" ? summary : "";
}

const tokenNames = {
  primary: "--mantine-primary-color-filled",
  "primary-soft": "--mantine-primary-color-0",
  page: "--hm-page",
  surface: "--hm-surface",
  line: "--hm-line",
  "line-strong": "--hm-line-strong",
  text: "--hm-text",
  label: "--hm-label",
  unit: "--hm-unit",
  neutral: "--hm-neutral",
  "neutral-soft": "--hm-neutral-soft",
  info: "--hm-info",
  "info-soft": "--hm-info-soft",
  progress: "--hm-progress",
  "progress-soft": "--hm-progress-soft",
  ok: "--hm-ok",
  "ok-soft": "--hm-ok-soft",
  warn: "--hm-warn",
  "warn-soft": "--hm-warn-soft",
  critical: "--hm-critical",
  "critical-soft": "--hm-critical-soft",
  radius: "--hm-radius",
  font: "--mantine-font-family",
} as const;

/** The page's tokens as they are now: a pack's hue is in them. */
export function pageTokens(of: Element = document.documentElement): Record<string, string> {
  const style = getComputedStyle(of);
  return Object.fromEntries(Object.entries(tokenNames).map(([name, property]) => [name, style.getPropertyValue(property).trim()]));
}

/** Asks only HM's own API: a path that leads elsewhere is refused before it leaves. */
export function ownFetch(send: Host["fetch"]): Host["fetch"] {
  return (path, request) => {
    const address = new URL(path, "http://hm.invalid");
    if (!path.startsWith("/api/") || address.host !== "hm.invalid" || !address.pathname.startsWith("/api/")) {
      return Promise.reject(new Error("A tool can only ask the API, at a path that begins with /api/."));
    }
    return send(path, request);
  };
}
