import { readDate } from "@hm/ui";

/** What a receptionist typed into the one field for age or birth date. */
export type AgeOrBirth =
  | { kind: "empty" }
  | { kind: "age"; years: number }
  | { kind: "birth"; date: string }
  | { kind: "unclear" };

const oldest = 130;

/**
 * Reads `34` as years, and a date as day-month-year with any separator or as
 * year-month-day. A date that does not exist, or lies ahead, is unclear.
 */
export function readAgeOrBirth(typed: string, today: string): AgeOrBirth {
  const text = typed.trim();
  if (text === "") return { kind: "empty" };
  if (/^\d{1,3}$/.test(text)) {
    const years = Number(text);
    return years <= oldest ? { kind: "age", years } : { kind: "unclear" };
  }
  const date = readDate(text);
  if (date === null) return { kind: "unclear" };
  if (date > today || Number(today.slice(0, 4)) - Number(date.slice(0, 4)) > oldest) return { kind: "unclear" };
  return { kind: "birth", date };
}
