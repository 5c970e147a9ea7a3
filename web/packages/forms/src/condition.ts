/**
 * The part of CEL that templates use to show and hide fields: paths, literals, lists,
 * has(), size(), `in`, comparisons and logic. It only lays the form out; what may be
 * stored is the server's decision, with the whole language.
 */
export type Condition = (facts: Record<string, unknown>) => boolean;

type Evaluate = (facts: Record<string, unknown>) => unknown;

/** A path that leads nowhere; CEL calls it an error, and a condition in error does not hold. */
class Missing extends Error {}

/** @throws SyntaxError for text outside the supported part */
export function compileCondition(text: string): Condition {
  const evaluate = new Parser(text).whole();
  return (facts) => {
    try {
      return evaluate(facts) === true;
    } catch (error) {
      if (error instanceof Missing) return false;
      throw error;
    }
  };
}

const token = /\s*(?:(\d+(?:\.\d+)?)|('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|([A-Za-z_]\w*)|(==|!=|<=|>=|&&|\|\||[-!<>()[\],.]))/y;

interface Token {
  kind: "number" | "text" | "name" | "sign" | "end";
  text: string;
}

class Parser {
  private readonly tokens: Token[] = [];
  private at = 0;

  constructor(source: string) {
    const text = source.trimEnd();
    token.lastIndex = 0;
    while (token.lastIndex < text.length) {
      const from = token.lastIndex;
      const match = token.exec(text);
      if (!match) throw new SyntaxError(`condition: cannot read ${JSON.stringify(text.slice(from))}`);
      const [, number, quoted, name, sign] = match;
      if (number !== undefined) this.tokens.push({ kind: "number", text: number });
      else if (quoted !== undefined) this.tokens.push({ kind: "text", text: quoted.slice(1, -1).replaceAll(/\\(.)/g, "$1") });
      else if (name !== undefined) this.tokens.push(name === "in" ? { kind: "sign", text: name } : { kind: "name", text: name });
      else this.tokens.push({ kind: "sign", text: sign! });
    }
    this.tokens.push({ kind: "end", text: "" });
  }

  whole(): Evaluate {
    const evaluate = this.or();
    if (this.peek().kind !== "end") throw new SyntaxError(`condition: unexpected ${this.peek().text}`);
    return evaluate;
  }

  private peek(): Token {
    return this.tokens[this.at]!;
  }

  private take(text: string): boolean {
    const { kind, text: found } = this.peek();
    if (kind !== "sign" || found !== text) return false;
    this.at++;
    return true;
  }

  private need(text: string): void {
    if (!this.take(text)) throw new SyntaxError(`condition: ${text} expected before ${this.peek().text || "the end"}`);
  }

  private or(): Evaluate {
    let left = this.and();
    while (this.take("||")) left = either(left, this.and(), true);
    return left;
  }

  private and(): Evaluate {
    let left = this.comparison();
    while (this.take("&&")) left = either(left, this.comparison(), false);
    return left;
  }

  private comparison(): Evaluate {
    const left = this.unary();
    for (const [sign, compare] of comparisons) {
      if (this.take(sign)) {
        const right = this.unary();
        return (facts) => compare(left(facts), right(facts));
      }
    }
    return left;
  }

  private unary(): Evaluate {
    if (this.take("!")) {
      const inner = this.unary();
      return (facts) => inner(facts) !== true;
    }
    if (this.take("-")) {
      const inner = this.unary();
      return (facts) => -Number(inner(facts));
    }
    return this.primary();
  }

  private primary(): Evaluate {
    if (this.take("(")) {
      const inner = this.or();
      this.need(")");
      return inner;
    }
    if (this.take("[")) return this.list();
    const { kind, text } = this.peek();
    this.at++;
    if (kind === "number") return () => Number(text);
    if (kind === "text") return () => text;
    if (kind !== "name") throw new SyntaxError(`condition: unexpected ${text || "end"}`);
    if (text === "true" || text === "false") return () => text === "true";
    if (text === "null") return () => null;
    if (text === "has" && this.take("(")) {
      const path = this.path(this.name());
      this.need(")");
      return (facts) => {
        try {
          return path(facts) !== null;
        } catch (error) {
          if (error instanceof Missing) return false;
          throw error;
        }
      };
    }
    if (text === "size" && this.take("(")) {
      const inner = this.or();
      this.need(")");
      return (facts) => lengthOf(inner(facts));
    }
    return this.path(text);
  }

  private list(): Evaluate {
    const items: Evaluate[] = [];
    while (!this.take("]")) {
      if (items.length > 0) this.need(",");
      items.push(this.or());
    }
    return (facts) => items.map((item) => item(facts));
  }

  private name(): string {
    const { kind, text } = this.peek();
    if (kind !== "name") throw new SyntaxError(`condition: a name expected before ${text || "the end"}`);
    this.at++;
    return text;
  }

  private path(first: string): Evaluate {
    const names = [first];
    while (this.take(".")) names.push(this.name());
    if (this.peek().text === "(") throw new SyntaxError(`condition: ${names.join(".")}() is not supported`);
    return (facts) => {
      let value: unknown = facts;
      for (const name of names) {
        if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) throw new Missing(name);
        value = (value as Record<string, unknown>)[name];
      }
      return value;
    };
  }
}

/** CEL's logic: one side that decides is enough, even when the other is in error. */
function either(left: Evaluate, right: Evaluate, decides: boolean): Evaluate {
  return (facts) => {
    let missing: Missing | undefined;
    for (const side of [left, right]) {
      try {
        if (side(facts) === decides) return decides;
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        missing = error;
      }
    }
    if (missing) throw missing;
    return !decides;
  };
}

const comparisons: [string, (left: unknown, right: unknown) => boolean][] = [
  ["==", (left, right) => left === right],
  ["!=", (left, right) => left !== right],
  ["<=", (left, right) => order(left, right) <= 0],
  [">=", (left, right) => order(left, right) >= 0],
  ["<", (left, right) => order(left, right) < 0],
  [">", (left, right) => order(left, right) > 0],
  ["in", (left, right) => (Array.isArray(right) ? right.includes(left) : false)],
];

function order(left: unknown, right: unknown): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0;
  throw new Missing("comparable values");
}

function lengthOf(value: unknown): number {
  if (typeof value === "string") return [...value].length;
  if (Array.isArray(value)) return value.length;
  if (typeof value === "object" && value !== null) return Object.keys(value).length;
  throw new Missing("size");
}
