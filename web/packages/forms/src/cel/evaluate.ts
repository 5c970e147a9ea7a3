import { type Apply, type Tables, functions, methods } from "./functions";
import { type Node, parse } from "./parser";
import { type Shapes, typeOf } from "./types";
import { CostError, EvaluationError, TypeName, type Value, type ValueMap, at, fail } from "./values";

/** A compiled expression. */
export interface Program {
  /**
   * The value over some facts.
   * @throws EvaluationError where there is none: an input is missing, a division by nought
   * @throws CostError when it does more work than one expression may
   */
  evaluate: (facts: ReadonlyMap<string, Value>) => Value;
  /** The expression as it was read. */
  node: Node;
}

/** So many steps are some milliseconds; a form must stay quick to type in. */
const mostSteps = 200_000;

interface Scope {
  facts: ReadonlyMap<string, Value>;
  locals: { name: string; value: Value; outer: Scope["locals"] } | null;
  meter: { steps: number };
}

type Evaluate = (scope: Scope) => Value;

/** @throws SyntaxError for what is not CEL, or calls a function that there is not */
export function compile(source: string, shapes: Shapes = new Map(), tables: Tables = {}): Program {
  const node = parse(source);
  const evaluate = new Compiler(tables).compile(node, shapes);
  return { node, evaluate: (facts) => evaluate({ facts, locals: null, meter: { steps: 0 } }) };
}

class Compiler {
  constructor(private readonly tables: Tables) {}

  compile(node: Node, shapes: Shapes): Evaluate {
    const inner = this.step(node, shapes);
    return (scope) => {
      if (++scope.meter.steps > mostSteps) throw new CostError("the expression does too much work");
      return inner(scope);
    };
  }

  private step(node: Node, shapes: Shapes): Evaluate {
    const of = (one: Node): Evaluate => this.compile(one, shapes);
    switch (node.kind) {
      case "literal": {
        const { value } = node;
        return () => value;
      }
      case "name":
        return (scope) => lookup(scope, node.name);
      case "select": {
        const target = of(node.of);
        return (scope) => present(field(target(scope), node.field));
      }
      case "has": {
        const target = of(node.of);
        return (scope) => field(target(scope), node.field) !== undefined;
      }
      case "index": {
        const [target, index] = [of(node.of), of(node.index)];
        return (scope) => present(element(target(scope), index(scope)));
      }
      case "and":
        return decided(of(node.left), of(node.right), false);
      case "or":
        return decided(of(node.left), of(node.right), true);
      case "choose": {
        const [condition, then, otherwise] = [of(node.condition), of(node.then), of(node.otherwise)];
        return (scope) => (truth(condition(scope)) ? then(scope) : otherwise(scope));
      }
      case "list": {
        const items = node.items.map(of);
        return (scope) => items.map((item) => item(scope));
      }
      case "map": {
        const entries = node.entries.map(([key, value]) => [of(key), of(value)] as const);
        return (scope) => {
          const map: ValueMap = new Map();
          for (const [key, value] of entries) {
            const name = key(scope);
            if (typeof name !== "string" && typeof name !== "bigint" && typeof name !== "boolean") return fail("this cannot be a key");
            if (map.has(name)) return fail("a key stands twice");
            map.set(name, value(scope));
          }
          return map;
        };
      }
      case "each":
        return this.each(node, shapes);
      case "call":
        return this.call(node.name, node.args, node.method, shapes);
    }
  }

  private call(name: string, args: Node[], method: boolean, shapes: Shapes): Evaluate {
    const known: Record<string, Apply> = method ? methods : functions;
    const apply = Object.hasOwn(known, name) ? known[name]! : undefined;
    if (!apply) throw new SyntaxError(`there is no function ${name}()`);
    const given = args.map((arg) => this.compile(arg, shapes));
    const { tables } = this;
    if (name === "sum" && args[0] && typeOf(args[0], shapes, this.tables).items?.kind === "double") {
      return (scope) => {
        const list = given[0]!(scope);
        return Array.isArray(list) && list.length === 0 ? 0 : apply([list], tables);
      };
    }
    return (scope) => apply(given.map((arg) => arg(scope)), tables);
  }

  private each(node: Extract<Node, { kind: "each" }>, shapes: Shapes): Evaluate {
    const over = this.compile(node.over, shapes);
    const items = typeOf(node.over, shapes, this.tables).items;
    const inner = new Map(shapes);
    if (items) inner.set(node.variable, items);
    else inner.delete(node.variable);
    const body = this.compile(node.body, inner);
    const condition = node.condition && this.compile(node.condition, inner);
    return (scope) => {
      const list = elements(over(scope));
      const within = (value: Value): Scope => ({ ...scope, locals: { name: node.variable, value, outer: scope.locals } });
      switch (node.macro) {
        case "all":
          return quantified(list, (one) => truth(body(within(one))), false);
        case "exists":
          return quantified(list, (one) => truth(body(within(one))), true);
        case "exists_one":
          return list.filter((one) => truth(body(within(one)))).length === 1;
        case "filter":
          return list.filter((one) => truth(body(within(one))));
        case "map":
          return (condition ? list.filter((one) => truth(condition(within(one)))) : list).map((one) => body(within(one)));
      }
    };
  }
}

function lookup(scope: Scope, name: string): Value {
  for (let local = scope.locals; local; local = local.outer) if (local.name === name) return local.value;
  return present(scope.facts.get(name) ?? TypeName.known.get(name));
}

const present = (value: Value | undefined): Value => (value === undefined ? fail("a value is missing") : value);

function field(target: Value, name: string): Value | undefined {
  if (!(target instanceof Map)) return fail("only an object has fields");
  return target.get(name);
}

function element(target: Value, index: Value): Value | undefined {
  if (target instanceof Map) return at(target, index);
  if (!Array.isArray(target)) return fail("only a list has an index");
  if (typeof index === "bigint" || (typeof index === "number" && Number.isInteger(index))) return index < 0 ? undefined : target[Number(index)];
  return fail("an index is a whole number");
}

const truth = (value: Value): boolean => (typeof value === "boolean" ? value : fail("this is neither true nor false"));

function elements(value: Value): Value[] {
  if (Array.isArray(value)) return value;
  return value instanceof Map ? [...value.keys()] : fail("only a list can be gone through");
}

/** CEL's logic: one side that decides is enough, even when the other is in error. */
function decided(left: Evaluate, right: Evaluate, decides: boolean): Evaluate {
  return (scope) => quantified([left, right], (side) => truth(side(scope)), decides);
}

function quantified<T>(list: T[], holds: (one: T) => boolean, decides: boolean): boolean {
  let error: EvaluationError | undefined;
  for (const one of list) {
    try {
      if (holds(one) === decides) return decides;
    } catch (thrown) {
      if (!(thrown instanceof EvaluationError)) throw thrown;
      error ??= thrown;
    }
  }
  if (error) throw error;
  return !decides;
}

