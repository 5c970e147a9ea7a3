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
  const dayFirst = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/.exec(text);
  const yearFirst = /^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$/.exec(text);
  const [year, month, day] = dayFirst
    ? [dayFirst[3], dayFirst[2], dayFirst[1]]
    : yearFirst
      ? [yearFirst[1], yearFirst[2], yearFirst[3]]
      : [];
  if (!year || !month || !day) return { kind: "unclear" };
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const parsed = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date) return { kind: "unclear" };
  if (date > today || Number(today.slice(0, 4)) - Number(year) > oldest) return { kind: "unclear" };
  return { kind: "birth", date };
}
