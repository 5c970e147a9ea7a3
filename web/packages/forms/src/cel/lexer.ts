export interface Token {
  kind: "int" | "double" | "text" | "name" | "sign" | "end";
  /** The token as it is meant: a text without quotes and escapes, a number's digits. */
  text: string;
  at: number;
}

const space = /(?:\s|\/\/[^\n]*)*/y;
const number = /0[xX][0-9a-fA-F]+|(?:\d+\.\d+|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\d+/y;
const name = /[A-Za-z_]\w*/y;
const sign = /==|!=|<=|>=|&&|\|\||[-+*/%!<>()[\]{},.?:]/y;
const quoted = /([rR]?)("""[^]*?(?<!\\)"""|'''[^]*?(?<!\\)'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;
const rawQuoted = /[rR]("""[^]*?"""|'''[^]*?'''|"[^"\n]*"|'[^'\n]*')/y;

/** @throws SyntaxError where the text is no CEL, or is of the part that forms do not use (uint, bytes) */
export function tokens(source: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  for (;;) {
    at += match(space)!.length;
    if (at >= source.length) return [...found, { kind: "end", text: "", at }];
    const raw = match(rawQuoted);
    const text = raw ?? match(quoted);
    const digits = text === undefined ? match(number) : undefined;
    const word = text === undefined && digits === undefined ? match(name) : undefined;
    const one = text ?? digits ?? word ?? match(sign);
    if (one === undefined) throw new SyntaxError(`cannot read ${JSON.stringify(source.slice(at, at + 20))}`);
    if (text !== undefined) found.push({ kind: "text", text: raw === undefined ? unescaped(inside(text)) : inside(text.slice(1)), at });
    else if (digits !== undefined) found.push({ kind: /^0[xX]|^\d+$/.test(digits) ? "int" : "double", text: digits, at });
    else if (word !== undefined) found.push({ kind: word === "in" ? "sign" : "name", text: word, at });
    else found.push({ kind: "sign", text: one, at });
    at += one.length;
    if (digits !== undefined && /[A-Za-z_]/.test(source.charAt(at))) throw new SyntaxError(`cannot read the number ${digits}${source.charAt(at)}`);
    if (word !== undefined && /["']/.test(source.charAt(at))) throw new SyntaxError(`${word}"..." is not supported`);
  }
}

function inside(text: string): string {
  const quotes = /^("""|''')/.test(text) ? 3 : 1;
  return text.slice(quotes, -quotes);
}

const escape = /\\(?:([0-3][0-7]{2})|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g;
const plain: Record<string, string> = { a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "\\": "\\", "'": "'", '"': '"', "`": "`", "?": "?" };

function unescaped(text: string): string {
  return text.replace(escape, (whole, octal?: string, hex?: string, short?: string, long?: string, letter?: string) => {
    const code = hex ?? short ?? long;
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    const meant = plain[letter!];
    if (meant === undefined) throw new SyntaxError(`cannot read the escape ${whole}`);
    return meant;
  });
}
