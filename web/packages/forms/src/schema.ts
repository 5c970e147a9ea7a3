import type { Computing } from "./evaluator";

/** The part of JSON Schema 2020-12 that templates use, with the packs' own words. */
export interface FieldSchema {
  $ref?: string;
  $defs?: Record<string, FieldSchema>;
  type?: "string" | "integer" | "number" | "boolean" | "array" | "object";
  title?: string;
  description?: string;
  enum?: (string | number)[];
  oneOf?: { const?: string | number; title?: string }[];
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
  "x-carry"?: boolean;
}

export interface FieldUi {
  widget?: string;
  /** Title and unit are of computed values, which have no schema to give them. */
  title?: string;
  unit?: string;
  /** A computed value that is only a step on the way. */
  hidden?: boolean;
  /** Under the field. */
  help?: string;
  placeholder?: string;
  /** Height of a long text. */
  lines?: number;
  /** What the ends of a slider mean. */
  min_label?: string;
  max_label?: string;
  /** The properties of a table's rows that are shown, in this order. */
  columns?: string[] | null;
  config?: Record<string, unknown> | null;
}

export interface FormUi {
  pages?: { title?: string; rows: (string[] | null)[] | null }[] | null;
  fields?: Record<string, FieldUi> | null;
  show_if?: Record<string, string> | null;
}

/** A signature tool in its place: at a field, whose value it edits, or at a page, where it shows what it is bound to. */
export interface ToolPlace {
  tool: string;
  at: string;
  field?: string;
  page?: number;
  title?: string;
  bind?: Record<string, unknown> | null;
  config?: unknown;
}

/** A template as the server sends it: its schema is JSON that the API's document cannot type. */
export interface Template extends Computing {
  ui?: FormUi | null;
  tools?: ToolPlace[] | null;
}

export interface Form extends Template {
  schema: FieldSchema;
  ui: FormUi;
  tools: ToolPlace[];
}

/** The template as a form to be drawn: every definition stands where it is asked for. */
export function formOf(template: Template): Form {
  const schema = (template.schema ?? {}) as FieldSchema;
  return { ...template, schema: inlined(schema, schema.$defs ?? {}, 0), ui: template.ui ?? {}, tools: template.tools ?? [] };
}

/** A schema that holds itself is drawn this deep. */
const deepest = 8;

/** Puts each `#/$defs/name` where it is asked for; the asking place's own words win. */
function inlined(schema: FieldSchema, definitions: Record<string, FieldSchema>, depth: number): FieldSchema {
  if (depth > deepest || typeof schema !== "object" || schema === null) return {};
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
  if (schema.oneOf?.length && schema.oneOf.every((one) => one.const !== undefined)) {
    return schema.oneOf.map((one) => ({ value: one.const!, label: one.title ?? words(String(one.const)) }));
  }
  if (schema.enum) return schema.enum.map((value) => ({ value, label: words(String(value)) }));
  return null;
}

/** The answers of a question that is scored: its choices, or else the few whole numbers from least to most. */
export function scoresOf(schema: FieldSchema): Choice[] | null {
  const choices = choicesOf(schema);
  if (choices) return choices;
  const { type, minimum, maximum } = schema;
  if (type !== "integer" || minimum === undefined || maximum === undefined || maximum - minimum > 10) return null;
  return Array.from({ length: maximum - minimum + 1 }, (_, step) => ({ value: minimum + step, label: String(minimum + step) }));
}

/** `chief_complaint` as a person writes it: Chief complaint. */
export function words(code: string): string {
  const text = code.replaceAll(/[_-]+/g, " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function titleOf(name: string, schema: FieldSchema | undefined): string {
  return schema?.title ?? words(name);
}

const sides = [
  ["right", "left"],
  ["od", "os"],
  ["re", "le"],
] as const;

/** The two sides of a pair, the right one first, as the record of every examination has it; null for what is no pair. */
export function sidesOf(schema: FieldSchema): readonly [string, string] | null {
  const names = Object.keys(schema.properties ?? {});
  return sides.find(([right, left]) => names.length === 2 && names.includes(right) && names.includes(left)) ?? null;
}

export interface SideWords {
  right: string;
  left: string;
  rightEye: string;
  leftEye: string;
}

/** What the sides of a pair are called. */
export function sideTitles(schema: FieldSchema, pair: readonly [string, string], say: SideWords): [string, string] {
  const eyes = pair[0] !== "right";
  return [schema.properties?.[pair[0]]?.title ?? (eyes ? say.rightEye : say.right), schema.properties?.[pair[1]]?.title ?? (eyes ? say.leftEye : say.left)];
}

/** What a place in the payload is called, by the titles on the way to it. */
export function labelOf(schema: FieldSchema, path: string, say?: SideWords): string {
  const titles: string[] = [];
  let here: FieldSchema | undefined = schema;
  for (const step of path.split(".")) {
    if (here?.type === "array" && /^\d+$/.test(step)) {
      here = here.items;
      titles.push(`${titles.pop() ?? ""} ${Number(step) + 1}`.trim());
      continue;
    }
    const pair: readonly [string, string] | null = here && say ? sidesOf(here) : null;
    titles.push(pair && here && say && pair.includes(step) ? sideTitles(here, pair, say)[pair.indexOf(step)]! : titleOf(step, here?.properties?.[step]));
    here = here?.properties?.[step];
  }
  return titles.join(", ");
}

// units are written the same in forms, tools and charts
export { unitText } from "@hm/ui";

export interface FormPage {
  title: string | null;
  rows: string[][];
}

/** The pages of a form, of its fields and named results; fields that no page names follow on the last one, so that none is ever lost. */
export function pagesOf(schema: FieldSchema, ui: FormUi | null | undefined, results: readonly string[] = []): FormPage[] {
  const names = Object.keys(schema.properties ?? {});
  const pages = (ui?.pages ?? []).map((page) => ({
    title: page.title || null,
    rows: (page.rows ?? []).map((row) => (row ?? []).filter((name) => names.includes(name) || results.includes(name))).filter((row) => row.length > 0),
  }));
  const placed = new Set(pages.flatMap((page) => page.rows.flat()));
  const rest = names.filter((name) => !placed.has(name)).map((name) => [name]);
  if (pages.length === 0) return [{ title: null, rows: rest }];
  pages.at(-1)!.rows.push(...rest);
  return pages;
}

/** A payload with one field set; an empty field is absent, never an empty string. */
export function withField(payload: Payload, name: string, value: unknown): Payload {
  const { [name]: _, ...others } = payload;
  const empty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  return empty ? others : { ...others, [name]: value };
}

export const groupOf = (value: unknown): Payload => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Payload) : {});

/** A group with one of its fields set; a group without any is absent. */
export function withPart(group: Payload, name: string, value: unknown): Payload | undefined {
  const changed = withField(group, name, value);
  return Object.keys(changed).length === 0 ? undefined : changed;
}
