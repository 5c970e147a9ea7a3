import { type Token, tokens } from "./lexer";
import { type Value, int } from "./values";

export type Macro = "all" | "exists" | "exists_one" | "map" | "filter";

export type Node =
  | { kind: "literal"; value: Value }
  | { kind: "name"; name: string }
  | { kind: "select"; of: Node; field: string }
  | { kind: "has"; of: Node; field: string }
  | { kind: "index"; of: Node; index: Node }
  | { kind: "call"; name: string; args: Node[]; method: boolean }
  | { kind: "and" | "or"; left: Node; right: Node }
  | { kind: "choose"; condition: Node; then: Node; otherwise: Node }
  | { kind: "list"; items: Node[] }
  | { kind: "map"; entries: [Node, Node][] }
  | { kind: "each"; macro: Macro; over: Node; variable: string; condition: Node | null; body: Node };

// What the server takes at most (modules/packs/expressions.go).
const longest = 4_000;
const deepest = 60;

const macros: readonly string[] = ["all", "exists", "exists_one", "map", "filter"];
const reserved: readonly string[] = ["as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while"];
const relations = ["==", "!=", "<=", ">=", "<", ">", "in"];

/** @throws SyntaxError for a text that is not CEL */
export function parse(source: string): Node {
  if ([...source].length > longest) throw new SyntaxError("the expression is too long");
  return new Parser(tokens(source)).whole();
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: Token[]) {}

  whole(): Node {
    const node = this.expression();
    if (this.next.kind !== "end") throw this.wrong("the end");
    return node;
  }

  private get next(): Token {
    return this.tokens[this.at]!;
  }

  private wrong(expected: string): SyntaxError {
    return new SyntaxError(`${expected} expected before ${this.next.text || "the end"}, at ${this.next.at}`);
  }

  private take(text: string): boolean {
    if (this.next.kind !== "sign" || this.next.text !== text) return false;
    this.at++;
    return true;
  }

  private need(text: string): void {
    if (!this.take(text)) throw this.wrong(text);
  }

  private expression(): Node {
    if (++this.depth > deepest) throw new SyntaxError("the expression nests too deep");
    const condition = this.or();
    let node = condition;
    if (this.take("?")) {
      const then = this.or();
      this.need(":");
      node = { kind: "choose", condition, then, otherwise: this.expression() };
    }
    this.depth--;
    return node;
  }

  private or(): Node {
    let left = this.and();
    while (this.take("||")) left = { kind: "or", left, right: this.and() };
    return left;
  }

  private and(): Node {
    let left = this.relation();
    while (this.take("&&")) left = { kind: "and", left, right: this.relation() };
    return left;
  }

  private relation(): Node {
    return this.chain(relations, () => this.sum());
  }

  private sum(): Node {
    return this.chain(["+", "-"], () => this.product());
  }

  private product(): Node {
    return this.chain(["*", "/", "%"], () => this.unary());
  }

  private chain(signs: readonly string[], inner: () => Node): Node {
    let left = inner();
    for (;;) {
      const sign = this.next.kind === "sign" && signs.find((one) => one === this.next.text);
      if (!sign) return left;
      this.at++;
      left = { kind: "call", name: sign, args: [left, inner()], method: false };
    }
  }

  private unary(): Node {
    if (this.take("!")) return { kind: "call", name: "!", args: [this.unary()], method: false };
    if (this.take("-")) {
      const { kind, text } = this.next;
      if (kind === "int" || kind === "double") {
        this.at++;
        return this.members({ kind: "literal", value: numberOf(kind, text, true) });
      }
      return { kind: "call", name: "-", args: [this.unary()], method: false };
    }
    return this.members(this.primary());
  }

  private members(start: Node): Node {
    let node = start;
    for (;;) {
      if (this.take("[")) {
        node = { kind: "index", of: node, index: this.expression() };
        this.need("]");
      } else if (this.take(".")) {
        const field = this.name();
        node = this.take("(") ? this.method(node, field) : { kind: "select", of: node, field };
      } else return node;
    }
  }

  private method(target: Node, name: string): Node {
    const args = this.list(")");
    if (!macros.includes(name)) return { kind: "call", name, args: [target, ...args], method: true };
    const [variable, ...bodies] = args;
    if (variable?.kind !== "name" || bodies.length < 1 || bodies.length > (name === "map" ? 2 : 1)) {
      throw new SyntaxError(`${name}() takes a name and an expression`);
    }
    return { kind: "each", macro: name as Macro, over: target, variable: variable.name, condition: bodies.length === 2 ? bodies[0]! : null, body: bodies.at(-1)! };
  }

  private primary(): Node {
    const { kind, text } = this.next;
    if (this.take("(")) {
      const node = this.expression();
      this.need(")");
      return node;
    }
    if (this.take("[")) return { kind: "list", items: this.list("]") };
    if (this.take("{")) return this.mapping();
    if (this.take(".")) return this.named(this.name());
    if (kind === "int" || kind === "double") {
      this.at++;
      return { kind: "literal", value: numberOf(kind, text, false) };
    }
    if (kind === "text") {
      this.at++;
      return { kind: "literal", value: text };
    }
    if (kind === "name") {
      this.at++;
      if (text === "true" || text === "false") return { kind: "literal", value: text === "true" };
      if (text === "null") return { kind: "literal", value: null };
      if (reserved.includes(text)) throw new SyntaxError(`${text} is a reserved word`);
      return this.named(text);
    }
    throw this.wrong("a value");
  }

  private named(name: string): Node {
    if (!this.take("(")) return { kind: "name", name };
    const args = this.list(")");
    if (name !== "has") return { kind: "call", name, args, method: false };
    const [path] = args;
    if (args.length !== 1 || path?.kind !== "select") throw new SyntaxError("has() takes the path of a field");
    return { kind: "has", of: path.of, field: path.field };
  }

  private mapping(): Node {
    const entries: [Node, Node][] = [];
    while (!this.take("}")) {
      if (entries.length > 0) {
        this.need(",");
        if (this.take("}")) break;
      }
      const key = this.expression();
      this.need(":");
      entries.push([key, this.expression()]);
    }
    return { kind: "map", entries };
  }

  private list(end: string): Node[] {
    const items: Node[] = [];
    while (!this.take(end)) {
      if (items.length > 0) {
        this.need(",");
        if (end === "]" && this.take(end)) break;
      }
      items.push(this.expression());
    }
    return items;
  }

  private name(): string {
    const { kind, text } = this.next;
    if (kind !== "name") throw this.wrong("a name");
    this.at++;
    return text;
  }
}

function numberOf(kind: "int" | "double", text: string, negative: boolean): Value {
  if (kind === "double") return negative ? -Number(text) : Number(text);
  try {
    return int(negative ? -BigInt(text) : BigInt(text));
  } catch {
    throw new SyntaxError(`${text} is too large`);
  }
}
