import { plainText } from "./cel";
import { type FieldSchema, choicesOf, titleOf, words as inWords } from "./schema";

/** Any value as text: choices by their title, lists by lines, groups as `name: value`; a tool's value by its own summary. */
export function plain(value: unknown, schema?: FieldSchema, words: { yes: string; no: string } = { yes: "✓", no: "✗" }): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number" && !(schema && choicesOf(schema))) return plainText(value);
  if (Array.isArray(value)) return value.map((one) => plain(one, schema?.items, words)).join(schema?.items && choicesOf(schema.items) ? ", " : "\n");
  if (typeof value === "object") {
    const { summary } = value as { summary?: unknown };
    if (typeof summary === "string" && !schema?.properties?.summary?.title) return summary;
    return Object.entries(value)
      .map(([name, part]) => `${schema?.properties?.[name] ? titleOf(name, schema.properties[name]) : inWords(name)}: ${plain(part, schema?.properties?.[name], words)}`)
      .join("; ");
  }
  const choice = schema && choicesOf(schema)?.find((one) => one.value === value);
  return choice ? choice.label : String(value);
}
