/** The part of OpenAPI 3.1 that the page shows. */
export interface OpenApi {
  info: { title: string; version: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, RawOperation>>;
  components?: { schemas?: Record<string, Schema>; parameters?: Record<string, Parameter>; responses?: Record<string, Response> };
}

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  title?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  examples?: unknown[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  oneOf?: Schema[];
  anyOf?: Schema[];
  allOf?: Schema[];
}

export interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}

export interface Response {
  $ref?: string;
  description?: string;
  content?: Record<string, { schema?: Schema }>;
}

interface RawOperation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content?: Record<string, { schema?: Schema }> };
  responses?: Record<string, Response>;
  deprecated?: boolean;
}

export interface Operation extends RawOperation {
  id: string;
  method: string;
  path: string;
}

export interface Group {
  name: string;
  description?: string;
  operations: Operation[];
}

const methods = ["get", "post", "put", "patch", "delete"];

/** Operations by their first tag, in the document's order of tags. */
export function groupsOf(document: OpenApi): Group[] {
  const groups = new Map<string, Group>((document.tags ?? []).map((tag) => [tag.name, { ...tag, operations: [] }]));
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const raw = item[method];
      if (!raw) continue;
      const name = raw.tags?.[0] ?? path.split("/")[2] ?? "other";
      const group = groups.get(name) ?? { name, operations: [] };
      groups.set(name, group);
      group.operations.push({ ...raw, id: raw.operationId ?? `${method}-${path}`, method: method.toUpperCase(), path });
    }
  }
  return [...groups.values()].filter((group) => group.operations.length > 0);
}

/** Groups that hold every word of a search, in path, summary or id. */
export function filtered(groups: Group[], search: string): Group[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return groups;
  const holds = ({ method, path, summary = "", id }: Operation) => {
    const text = `${method} ${path} ${summary} ${id}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return groups.map((group) => ({ ...group, operations: group.operations.filter(holds) })).filter((group) => group.operations.length > 0);
}

/** Follows a local reference; the name of what it leads to comes with it. */
export function resolve<T extends { $ref?: string }>(document: OpenApi, value: T): { value: T; name: string | null } {
  let current = value;
  let name: string | null = null;
  for (let hops = 0; current.$ref && hops < 8; hops++) {
    const place = current.$ref.replace(/^#\//, "").split("/");
    name = place.at(-1) ?? null;
    const found = place.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
    if (typeof found !== "object" || found === null) break;
    current = found as T;
  }
  return { value: current, name };
}

/** A type in few words: `string (uuid)`, `list of Patient`, `A | B`. */
export function typeOf(document: OpenApi, schema: Schema): string {
  const { value, name } = resolve(document, schema);
  if (value.oneOf ?? value.anyOf) return (value.oneOf ?? value.anyOf)!.map((one) => typeOf(document, one)).join(" | ");
  const types = Array.isArray(value.type) ? value.type : value.type ? [value.type] : [];
  const words = types.map((type) => {
    if (type === "array") return value.items ? `list of ${typeOf(document, value.items)}` : "list";
    if (type === "object" && name) return name;
    return value.format && type !== "null" ? `${type} (${value.format})` : type;
  });
  return words.join(" or ") || name || "any";
}

/** Limits, choices and defaults of a schema, as short notes. */
export function notesOf(schema: Schema): string[] {
  const notes: string[] = [];
  if (schema.enum) notes.push(schema.enum.map(String).join(" · "));
  if (schema.minimum !== undefined || schema.maximum !== undefined) notes.push(`${schema.minimum ?? "…"} to ${schema.maximum ?? "…"}`);
  if (schema.minLength !== undefined || schema.maxLength !== undefined) notes.push(`${schema.minLength ?? 0} to ${schema.maxLength ?? "…"} characters`);
  if (schema.pattern) notes.push(schema.pattern);
  if (schema.default !== undefined) notes.push(`default ${JSON.stringify(schema.default)}`);
  if (schema.examples?.length) notes.push(`e.g. ${JSON.stringify(schema.examples[0])}`);
  return notes;
}
