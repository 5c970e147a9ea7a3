/** Reading what a pack wrote: a wrong shape gives nothing, never an error. */
export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

export const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const records = (value: unknown): Record<string, unknown>[] => list(value).filter(isRecord);

export const texts = (value: unknown): string[] => list(value).filter((one): one is string => typeof one === "string");

export function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A text in the page's language: packs write a string or a map of locales. */
export function text(value: unknown, locale = "en"): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (!isRecord(value)) return "";
  const chosen = value[locale] ?? value[locale.split("-")[0]!] ?? value.en ?? Object.values(value)[0];
  return typeof chosen === "string" ? chosen : "";
}

/** `chief_complaint` as a person writes it. */
export function spoken(name: string): string {
  const words = name.replaceAll(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A number without a tail of noughts, at most so many decimals. */
export function brief(value: number, decimals = 2): string {
  const factor = 10 ** decimals;
  const rounded = Math.round((value + Number.EPSILON * Math.sign(value)) * factor) / factor;
  return String(Object.is(rounded, -0) ? 0 : rounded).replace("-", "−");
}

/** A number with its sign, `+2` or `−2`; nought has none. */
export function signed(value: number, decimals = 2): string {
  const shown = brief(value, decimals);
  return value > 0 && shown !== "0" ? `+${shown}` : shown;
}

/** The longest summary that a tool gives: a line of a record, not the record. */
const longest = 500;

/** Words that end with … where they are too many. */
export const clipped = (words: string): string => (words.length > longest ? `${words.slice(0, longest - 1)}…` : words);

export type Tone = "neutral" | "info" | "progress" | "ok" | "warn" | "critical";
const tones: readonly string[] = ["neutral", "info", "progress", "ok", "warn", "critical"];

export const tone = (value: unknown): Tone => (typeof value === "string" && tones.includes(value) ? (value as Tone) : "neutral");
