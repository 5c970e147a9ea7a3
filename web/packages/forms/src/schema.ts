import { type Condition, compileCondition } from "./condition";

/** The part of JSON Schema 2020-12 that templates use, with the packs' own words. */
export interface FieldSchema {
  $ref?: string;
  $defs?: Record<string, FieldSchema>;
  type?: "string" | "integer" | "number" | "boolean" | "array" | "object";
  title?: string;
  description?: string;
  enum?: (string | number)[];
  oneOf?: { const: string | number; title?: string }[];
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: FieldSchema;
  properties?: Record<string, FieldSchema>;
  required?: string[];
  default?: unknown;
  "x-unit"?: string;
}

export interface FieldUi {
  widget?: string;
  /** Under the field. */
  help?: string;
  placeholder?: string;
  /** Height of a long text. */
  lines?: number;
}

export interface FormUi {
  pages?: { title?: string; rows: (string[] | null)[] | null }[] | null;
  fields?: Record<string, FieldUi>;
  show_if?: Record<string, string>;
}

/** A template's form as the server sends it: its schema is JSON that the document cannot type. */
export function formOf(template: { schema: unknown; ui: FormUi }): { schema: FieldSchema; ui: FormUi } {
  const schema = template.schema as FieldSchema;
  return { schema: inlined(schema, schema.$defs ?? {}, 0), ui: template.ui };
}

/** A schema that holds itself is drawn this deep. */
const deepest = 8;

/** Puts each `#/$defs/name` where it is asked for; the asking place's own words win. */
function inlined(schema: FieldSchema, definitions: Record<string, FieldSchema>, depth: number): FieldSchema {
  if (depth > deepest) return {};
  const { $ref, ...own } = schema;
  const name = $ref?.startsWith("#/$defs/") ? $ref.slice("#/$defs/".length) : undefined;
  const whole = name && definitions[name] ? { ...inlined(definitions[name], definitions, depth + 1), ...own } : schema;
  return {
    ...whole,
    ...(whole.items ? { items: inlined(whole.items, definitions, depth + 1) } : {}),
    ...(whole.properties
      ? { properties: Object.fromEntries(Object.entries(whole.properties).map(([field, one]) => [field, inlined(one, definitions, depth + 1)])) }
      : {}),
  };
}

export type Payload = Record<string, unknown>;

export interface Choice {
  value: string | number;
  label: string;
}

/** The choices of a field, or null when it is free. */
export function choicesOf(schema: FieldSchema): Choice[] | null {
  if (schema.oneOf?.every((one) => one.const !== undefined)) return schema.oneOf.map((one) => ({ value: one.const, label: one.title ?? words(String(one.const)) }));
  if (schema.enum) return schema.enum.map((value) => ({ value, label: words(String(value)) }));
  return null;
}

/** `chief_complaint` as a person writes it: Chief complaint. */
export function words(code: string): string {
  const text = code.replaceAll(/[_-]+/g, " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function titleOf(name: string, schema: FieldSchema): string {
  return schema.title ?? words(name);
}

export interface FormPage {
  title: string | null;
  rows: string[][];
}

/** The pages of a form; fields that no page names follow on the last one, so that none is ever lost. */
export function pagesOf(schema: FieldSchema, ui: FormUi | undefined): FormPage[] {
  const names = Object.keys(schema.properties ?? {});
  const pages = (ui?.pages ?? []).map((page) => ({
    title: page.title || null,
    rows: (page.rows ?? []).map((row) => (row ?? []).filter((name) => names.includes(name))).filter((row) => row.length > 0),
  }));
  const placed = new Set(pages.flatMap((page) => page.rows.flat()));
  const rest = names.filter((name) => !placed.has(name)).map((name) => [name]);
  if (pages.length === 0) return [{ title: null, rows: rest }];
  pages.at(-1)!.rows.push(...rest);
  return pages;
}

/**
 * The fields that are to be seen with this payload. A condition that cannot be read
 * here hides nothing: better one field too many than a lost one.
 */
export function shownWith(ui: FormUi | undefined): (name: string, payload: Payload) => boolean {
  const conditions = new Map<string, Condition>();
  for (const [name, text] of Object.entries(ui?.show_if ?? {})) {
    try {
      conditions.set(name, compileCondition(text));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return (name, payload) => conditions.get(name)?.({ doc: payload }) ?? true;
}

/** A payload with one field set; an empty field is absent, never an empty string. */
export function withField(payload: Payload, name: string, value: unknown): Payload {
  const { [name]: _, ...others } = payload;
  const empty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  return empty ? others : { ...others, [name]: value };
}
