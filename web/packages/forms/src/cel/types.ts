import type { Tables } from "./functions";
import type { Node } from "./parser";
import { type Shape, anyValue } from "./shape";
import { Duration, Instant, type Value } from "./values";

/** The shapes of the names an expression sees. */
export type Shapes = ReadonlyMap<string, Shape>;

const results: Record<string, Shape["kind"]> = {
  "==": "bool", "!=": "bool", "<": "bool", "<=": "bool", ">": "bool", ">=": "bool", "!": "bool", in: "bool",
  matches: "bool", startsWith: "bool", endsWith: "bool", contains: "bool", bool: "bool",
  size: "int", int: "int", days_between: "int",
  double: "double", round: "double", sqrt: "double", log10: "double", pow: "double", floor: "double", ceil: "double",
  string: "text", lower: "text", timestamp: "time",
};

/**
 * What an expression comes out as, as far as it can be told beforehand; `any` where it cannot.
 * The evaluator goes by the values themselves and needs this only where there is none: the sum
 * of an empty list of doubles is a double.
 */
export function typeOf(node: Node, shapes: Shapes, tables: Tables): Shape {
  switch (node.kind) {
    case "literal":
      return typeOfValue(node.value);
    case "name":
      return shapes.get(node.name) ?? anyValue;
    case "select":
      return typeOf(node.of, shapes, tables).fields?.get(node.field) ?? anyValue;
    case "index":
      return typeOf(node.of, shapes, tables).items ?? anyValue;
    case "has":
    case "and":
    case "or":
      return { kind: "bool" };
    case "choose":
      return common([typeOf(node.then, shapes, tables), typeOf(node.otherwise, shapes, tables)]);
    case "list":
      return { kind: "list", items: common(node.items.map((item) => typeOf(item, shapes, tables))) };
    case "each": {
      const over = typeOf(node.over, shapes, tables);
      if (node.macro === "filter") return over.kind === "list" ? over : { kind: "list" };
      if (node.macro !== "map") return { kind: "bool" };
      return { kind: "list", items: typeOf(node.body, new Map(shapes).set(node.variable, over.items ?? anyValue), tables) };
    }
    case "call":
      return typeOfCall(node.name, node.args, shapes, tables);
    default:
      return anyValue;
  }
}

function typeOfCall(name: string, args: Node[], shapes: Shapes, tables: Tables): Shape {
  const kind = results[name];
  if (kind) return { kind };
  const given = args.map((arg) => typeOf(arg, shapes, tables));
  if (name === "table" && args[0]?.kind === "literal") return { kind: kindOfTable(tables[String(args[0].value)] ?? []) };
  if (name === "sum") return given[0]?.items ?? anyValue;
  if (["+", "-", "*", "/", "%", "abs"].includes(name)) return common(given);
  if (name === "min" || name === "max") {
    const numbers = given.length === 1 ? [given[0]?.items ?? anyValue] : given;
    return numbers.every(({ kind }) => kind === "int" || kind === "double") && numbers.some(({ kind }) => kind === "double") ? { kind: "double" } : common(numbers);
  }
  return anyValue;
}

function kindOfTable(bands: Tables[string]): Shape["kind"] {
  if (bands.every(({ value }) => typeof value === "string")) return "text";
  return bands.every(({ value }) => Number.isInteger(value)) ? "int" : "double";
}

function common(shapes: Shape[]): Shape {
  const [first, ...others] = shapes;
  return first && others.every(({ kind }) => kind === first.kind) ? first : anyValue;
}

function typeOfValue(value: Value): Shape {
  if (typeof value === "bigint") return { kind: "int" };
  if (typeof value === "number") return { kind: "double" };
  if (typeof value === "string") return { kind: "text" };
  if (typeof value === "boolean") return { kind: "bool" };
  return value instanceof Instant || value instanceof Duration ? { kind: "time" } : anyValue;
}
