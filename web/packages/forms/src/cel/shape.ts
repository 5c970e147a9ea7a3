import { Instant, type Value, instantOf } from "./values";

/** What expressions know about a value; modules/packs/shape.go derives the same from the same schema. */
export interface Shape {
  kind: "any" | "bool" | "int" | "double" | "text" | "time" | "list" | "object";
  fields?: Map<string, Shape>;
  items?: Shape;
  /** Titles of coded choices, by code. */
  choices?: Map<string, string>;
}

type Schema = Record<string, unknown>;

const sameInstance = ["allOf", "anyOf", "oneOf", "if", "then", "else", "dependentSchemas"];
const stated: Record<string, Shape["kind"]> = { boolean: "bool", integer: "int", number: "double", string: "text", array: "list", object: "any" };

export const anyValue: Shape = { kind: "any" };

/** The shape of a template's schema, as the server sent it. */
export function shapeOf(schema: unknown): Shape {
  const definitions = isSchema(schema) && isSchema(schema.$defs) ? schema.$defs : {};
  const shape = new Shaper(definitions).shape(schema);
  return shape.kind === "object" ? shape : { kind: "object", fields: new Map() };
}

const isSchema = (value: unknown): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);
const isList = (value: unknown): value is unknown[] => Array.isArray(value);

class Shaper {
  private readonly known = new Map<string, Shape>();

  constructor(private readonly definitions: Schema) {}

  shape(schema: unknown): Shape {
    const out: Shape = { kind: "any" };
    this.fill(out, schema);
    return out;
  }

  private fill(out: Shape, schema: unknown): void {
    if (!isSchema(schema)) return;
    this.merge(out, schema);
    if (out.kind !== "list") delete out.items;
  }

  /** Adds what one schema says of a value to what is already known of it; the first word counts. */
  private merge(out: Shape, schema: unknown): void {
    if (!isSchema(schema)) return;
    if (out.kind === "any") out.kind = kindOf(schema);
    if (isSchema(schema.properties) && (out.kind === "object" || out.kind === "any")) {
      out.kind = "object";
      for (const [name, property] of Object.entries(schema.properties)) addField(out, name, () => this.shape(property));
    }
    if (schema.items !== undefined && !out.items && schema.prefixItems === undefined) out.items = this.shape(schema.items);
    if (typeof schema.$ref === "string") this.mergeShape(out, this.named(schema.$ref.replace(/^#\/\$defs\//, "")));
    for (const [word, value] of Object.entries(schema)) {
      if (!sameInstance.includes(word)) continue;
      if (word === "oneOf" || word === "anyOf") addChoices(out, value);
      const parts = isList(value) ? value : word === "dependentSchemas" && isSchema(value) ? Object.values(value) : [value];
      for (const part of parts) this.merge(out, part);
    }
  }

  private named(name: string): Shape {
    const known = this.known.get(name);
    if (known) return known;
    const shape: Shape = { kind: "any" };
    this.known.set(name, shape); // a schema that holds itself ends here
    this.fill(shape, this.definitions[name]);
    return shape;
  }

  private mergeShape(out: Shape, other: Shape): void {
    if (out.kind === "any") out.kind = other.kind;
    out.items ??= other.items;
    for (const [name, field] of other.fields ?? []) addField(out, name, () => field);
    for (const [code, title] of other.choices ?? []) (out.choices ??= new Map()).set(code, title);
  }
}

function addField(shape: Shape, name: string, make: () => Shape): void {
  shape.fields ??= new Map();
  if (!shape.fields.has(name)) shape.fields.set(name, make());
}

function addChoices(shape: Shape, alternatives: unknown): void {
  if (!isList(alternatives)) return;
  for (const one of alternatives) {
    if (isSchema(one) && typeof one.const === "string" && typeof one.title === "string") (shape.choices ??= new Map()).set(one.const, one.title);
  }
}

/** The type a schema states, or the one its constants have. */
function kindOf(schema: Schema): Shape["kind"] {
  const { type } = schema;
  if (typeof type === "string") return stated[type] ?? "any";
  if (isList(type)) {
    const names = type.filter((name) => name !== "null");
    return names.length === 1 ? (stated[String(names[0])] ?? "any") : "any";
  }
  const kinds = new Set((isList(schema.enum) ? schema.enum : [schema.const]).map((value) => typeof value));
  if (kinds.size !== 1) return "any";
  return kinds.has("boolean") ? "bool" : kinds.has("string") ? "text" : "any";
}

/**
 * Gives a JSON value the type its shape says; what does not fit, and null, is undefined: an
 * expression over it must come out as null, never as an error.
 */
export function cast(value: unknown, shape: Shape): Value | undefined {
  switch (shape.kind) {
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "int":
      return typeof value === "bigint" ? value : typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 2 ** 63 ? BigInt(value) : undefined;
    case "double":
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    case "text":
      return typeof value === "string" ? value : undefined;
    case "time":
      return value instanceof Instant ? value : typeof value === "string" ? instantOf(value) : undefined;
    case "list":
      return Array.isArray(value) ? castItems(value, shape.items ?? anyValue) : undefined;
    case "object": {
      if (!isSchema(value)) return undefined;
      const out = new Map<string, Value>();
      for (const [name, field] of shape.fields ?? []) {
        const found = Object.hasOwn(value, name) && value[name] !== null ? cast(value[name], field) : undefined;
        if (found !== undefined) out.set(name, found);
      }
      return out;
    }
    default:
      return castAny(value);
  }
}

function castItems(items: unknown[], shape: Shape): Value[] {
  return items.map((item) => cast(item, shape)).filter((item) => item !== undefined);
}

/** A value of no declared type: every number is a double. */
function castAny(value: unknown): Value | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return castItems(value, anyValue);
  if (value instanceof Instant || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (!isSchema(value)) return undefined;
  const out = new Map<string, Value>();
  for (const [name, item] of Object.entries(value)) {
    const found = castAny(item);
    if (found !== undefined) out.set(name, found);
  }
  return out;
}
