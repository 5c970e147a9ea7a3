import { CostError, EvaluationError, type Program, type Shape, type Tables, type Value, anyValue, cast, compile, plainText, shapeOf, toFact, toJson, typeOf } from "./cel";
import type { Payload } from "./schema";

/** What expressions know beside the document itself; what is not known is left out. */
export interface About {
  patient?: { age_years?: number; age_days?: number; gender?: string; system_specific_data?: Record<string, unknown> };
  encounter?: { encounter_type?: string; pack?: string; status?: string; system_data?: Record<string, unknown> };
  /** RFC 3339 with the offset of the facility, by whose calendar days are counted. */
  now?: string;
}

/** The part of a template that computes. */
export interface Computing {
  schema: unknown;
  /** In order: each sees those before it. */
  computed?: { name: string; expression: string; title?: string; unit?: string }[] | null;
  ui?: { show_if?: Record<string, string> | null } | null;
  summary?: string;
  tables?: unknown;
}

export interface Evaluated {
  /** Every computed field; null while an input is missing. */
  computed: Payload;
  /** The fields whose condition does not hold. */
  hidden: ReadonlySet<string>;
  /** One line; empty while nothing it names is known. */
  summary: string;
}

export interface Evaluator {
  (payload: Payload, about?: About): Evaluated;
  /** Computed fields and conditions that cannot be read here; the server has the last word on them. */
  unreadable: readonly string[];
  /** Computed fields that come out as lists or groups. */
  lists: ReadonlySet<string>;
}

const integer: Shape = { kind: "int" };
const text: Shape = { kind: "text" };
const object = (fields: Record<string, Shape>): Shape => ({ kind: "object", fields: new Map(Object.entries(fields)) });

const patient = object({ age_years: integer, age_days: integer, gender: text, system_specific_data: anyValue });
const encounter = object({ encounter_type: text, pack: text, status: text, system_data: anyValue });

/** A template's computed fields, conditions and summary, as the server finds them (modules/packs/compute.go). */
export function evaluator(template: Computing, words: { yes: string; no: string } = { yes: "yes", no: "no" }): Evaluator {
  const doc = shapeOf(template.schema);
  const known: Shape = { kind: "object", fields: new Map() };
  const shapes = new Map<string, Shape>([["doc", doc], ["computed", known], ["patient", patient], ["encounter", encounter], ["now", { kind: "time" }]]);
  const tables = (template.tables ?? {}) as Tables;
  const unreadable: string[] = [];
  const read = (name: string, source: string): Program | null => {
    try {
      return compile(source, shapes, tables);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      unreadable.push(name);
      return null;
    }
  };
  const computations = (template.computed ?? []).map(({ name, expression }) => {
    const program = read(name, expression);
    known.fields!.set(name, program ? factShape(typeOf(program.node, shapes, tables)) : anyValue);
    return { name, program };
  });
  const conditions = Object.entries(template.ui?.show_if ?? {}).map(([name, source]) => ({ name, program: read(name, source) }));
  const summary = segmentsOf(template.summary ?? "");

  const run = (payload: Payload, about: About = {}): Evaluated => {
    const facts = new Map<string, Value>();
    for (const [name, value] of Object.entries({ doc: payload, patient: about.patient ?? {}, encounter: about.encounter ?? {}, now: about.now })) {
      const fact = cast(value, shapes.get(name)!);
      if (fact !== undefined) facts.set(name, fact);
    }
    const results = new Map<string, Value>();
    facts.set("computed", results);
    const computed: Payload = {};
    for (const { name, program } of computations) {
      const value = program && valueOf(program, facts);
      computed[name] = value === null ? null : toJson(value);
      if (value !== null) results.set(name, value);
    }
    // what cannot be read here hides nothing: better one field too many than a lost one
    const hidden = new Set(conditions.filter(({ program }) => program && valueOf(program, facts) !== true).map(({ name }) => name));
    return { computed, hidden, summary: summarise(summary, facts, doc, words) };
  };
  const lists = new Set([...known.fields!].filter(([, { kind }]) => kind === "list" || kind === "object").map(([name]) => name));
  return Object.assign(run, { unreadable, lists });
}

/** Null where an input is missing, or there is no value. */
function valueOf(program: Program, facts: ReadonlyMap<string, Value>): Value {
  try {
    return toFact(program.evaluate(facts));
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof CostError || error instanceof RangeError) return null;
    throw error;
  }
}

/** What a result is to those after it: times have become texts. */
const factShape = (shape: Shape): Shape => (shape.kind === "time" || shape.kind === "object" ? anyValue : shape);

/**
 * A payload without the answers to questions that are no longer asked. One answer may hide
 * another's question, so it goes on until nothing changes.
 */
export function withoutHidden(evaluate: Evaluator, payload: Payload, about?: About): Payload {
  let kept = payload;
  for (;;) {
    const { hidden } = evaluate(kept, about);
    const next = Object.fromEntries(Object.entries(kept).filter(([name]) => !hidden.has(name)));
    if (Object.keys(next).length === Object.keys(kept).length) return kept;
    kept = next;
  }
}

/** A piece of a summary: words, or the value found at a path. */
type Segment = string | string[];

const longestSummary = 300;

function segmentsOf(source: string): Segment[] {
  return source
    .split(/(\{[^{}]*\})/)
    .filter((piece) => piece !== "")
    .map((piece) => (piece.startsWith("{") ? piece.slice(1, -1).split(".") : piece));
}

function summarise(segments: Segment[], facts: ReadonlyMap<string, Value>, doc: Shape, words: { yes: string; no: string }): string {
  let found = false;
  const line = segments
    .map((segment) => {
      if (typeof segment === "string") return segment;
      const result = at(facts.get("computed"), segment);
      const said = result === undefined ? spoken(at(facts.get("doc"), segment), named(doc, segment), words) : spoken(result, undefined, words);
      found ||= said !== "";
      return said || "–";
    })
    .join("");
  if (!found) return "";
  const short = [...line.split(/[\s\u0085]+/).filter(Boolean).join(" ")];
  return short.length > longestSummary ? `${short.slice(0, longestSummary - 1).join("")}…` : short.join("");
}

function at(value: Value | undefined, path: string[]): Value | undefined {
  let here = value;
  for (const name of path) here = here instanceof Map ? here.get(name) : undefined;
  return here;
}

function named(shape: Shape, path: string[]): Shape | undefined {
  let here: Shape | undefined = shape;
  for (const name of path) here = here?.fields?.get(name);
  return here;
}

/** A value as a person reads it: a coded choice by its title, a list with commas. */
function spoken(value: Value | undefined, shape: Shape | undefined, words: { yes: string; no: string }): string {
  if (typeof value === "string") return shape?.choices?.get(value) ?? value;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return plainText(value);
  if (Array.isArray(value)) return value.map((item) => spoken(item, shape?.items, words)).filter(Boolean).join(", ");
  return "";
}
