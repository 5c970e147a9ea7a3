import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { parseAst } from "vite";
import { expect, it } from "vitest";
import en from "./en.json";

const web = join(import.meta.dirname, "../../../..");
const folders = ["apps/staff/src", "packages/ui/src", "packages/forms/src", "packages/tools/src"].map((folder) => join(web, folder));
const files = folders
  .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.includes(".test."))
  .map((entry) => join(entry.parentPath, entry.name));

interface Node {
  type: string;
  [key: string]: unknown;
}

const spoken = new Set(["label", "title", "placeholder", "description", "aria-label", "aria-description", "alt", "hint"]);
const hasWords = (value: unknown): boolean => typeof value === "string" && /\p{L}{2,}/u.test(value);

/** Every text between tags, and every attribute people read, that is written in the code. */
function literals(node: unknown, found: string[] = []): string[] {
  if (Array.isArray(node)) for (const one of node) literals(one, found);
  else if (typeof node === "object" && node !== null) {
    const { type, ...rest } = node as Node;
    if (type === "JSXText" && hasWords(rest.value)) found.push(String(rest.value).trim());
    if (type === "JSXAttribute") {
      const name = (rest.name as Node).name;
      const value = rest.value as Node | null;
      if (spoken.has(String(name)) && value?.type === "Literal" && hasWords(value.value)) found.push(String(value.value));
    }
    for (const child of Object.values(rest)) literals(child, found);
  }
  return found;
}

it("finds a text written in the code", () => {
  const program = parseAst('const x = <p title="Hello">words {"bo"}</p>;', { lang: "tsx" });
  expect(literals(program)).toEqual(["Hello", "words"]);
});

it.each(files.filter((file) => file.endsWith(".tsx")).map((file) => relative(web, file)))("%s speaks only through translations", (file) => {
  expect(literals(parseAst(readFileSync(join(web, file), "utf8"), { lang: "tsx" }))).toEqual([]);
});

it("keeps no translation that nobody asks for", () => {
  const source = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const keys = (node: object, path: string): string[] =>
    Object.entries(node).flatMap(([name, value]) => {
      const here = path ? `${path}.${name}` : name;
      return typeof value === "object" && value !== null ? keys(value, here) : [here.replace(/_(one|other)$/, "")];
    });
  // a key may be asked for whole, or by a template whose fixed beginning it shares
  const unused = keys(en, "").filter((key) => {
    if (source.includes(`"${key}"`)) return false;
    const beginnings = key.split(".").slice(0, -1).map((_, index, parts) => parts.slice(0, index + 1).join("."));
    return !beginnings.some((beginning) => source.includes(`\`${beginning}.$`)) && !source.includes(`\`${key.replace(/_why$/, "").split(".").slice(0, -1).join(".")}.$`);
  });
  expect(unused).toEqual([]);
});
