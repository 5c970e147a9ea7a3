import { calendarDate, dateTimeIn } from "@hm/ui";
import { plainText } from "./cel";
import { type FieldSchema, choicesOf, titleOf, unitText, words as inWords } from "./schema";

export interface PlainWords {
  yes: string;
  no: string;
}

const marks: PlainWords = { yes: "✓", no: "✗" };

/** Any value as text: choices by their title, lists by lines, groups as `name: value`; a tool's value by its own summary. */
export function plain(value: unknown, schema?: FieldSchema, words: PlainWords = marks, timeZone?: string): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? words.yes : words.no;
  const choice = schema && choicesOf(schema)?.find((one) => one.value === value);
  if (choice) return choice.label;
  if (typeof value === "number") return plainText(value);
  if (typeof value === "string") return dated(value, schema, timeZone);
  if (Array.isArray(value)) {
    const { items } = schema ?? {};
    return value.map((one) => plain(one, items, words, timeZone)).join(items && choicesOf(items) ? ", " : "\n");
  }
  if (typeof value !== "object") return String(value);
  const { summary } = value as { summary?: unknown };
  if (typeof summary === "string" && !schema?.properties?.summary?.title) return summary;
  return Object.entries(value)
    .map(([name, part]) => {
      const one = schema?.properties?.[name];
      const unit = one?.["x-unit"] ? `\u202f${unitText(one["x-unit"])}` : "";
      return `${one ? titleOf(name, one) : inWords(name)}: ${plain(part, one, words, timeZone)}${unit}`;
    })
    .join("; ");
}

function dated(text: string, schema: FieldSchema | undefined, timeZone: string | undefined): string {
  if (schema?.format === "date" && /^\d{4}-\d\d-\d\d$/.test(text)) return calendarDate(text);
  if (schema?.format === "date-time" && !Number.isNaN(Date.parse(text))) return dateTimeIn(timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, text);
  return text;
}
