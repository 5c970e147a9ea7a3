/**
 * Dates as hospitals write them, in the facility's time zone whatever the browser's:
 * a nurse's night must not begin at another clock's midnight.
 */
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export interface DateParts {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let known = formatters.get(timeZone);
  if (!known) {
    known = new Intl.DateTimeFormat("en-GB", {
      timeZone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    formatters.set(timeZone, known);
  }
  return known;
}

export function partsIn(timeZone: string, at: Date): DateParts {
  const parts = Object.fromEntries(formatter(timeZone).formatToParts(at).map((part) => [part.type, Number(part.value)]));
  return { year: parts.year!, month: parts.month!, day: parts.day!, hour: parts.hour!, minute: parts.minute! };
}

const two = (value: number): string => String(value).padStart(2, "0");

/** `07-Mar-1988` from `1988-03-07`. */
export function calendarDate(date: string): string {
  const [year, month, day] = date.split("-");
  return `${day}-${months[Number(month) - 1]}-${year}`;
}

/**
 * A typed date: day-month-year with any separator, or year-month-day. Null for text
 * that is no date, or one that does not exist.
 */
export function readDate(typed: string): string | null {
  const text = typed.trim();
  const dayFirst = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$/.exec(text);
  const yearFirst = /^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})$/.exec(text);
  const [year, month, day] = dayFirst ? [dayFirst[3], dayFirst[2], dayFirst[1]] : yearFirst ? yearFirst.slice(1) : [];
  if (!year || !month || !day) return null;
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const parsed = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date ? null : date;
}

/** Today's date at the facility, `YYYY-MM-DD`. */
export function todayIn(timeZone: string, now: Date = new Date()): string {
  const { year, month, day } = partsIn(timeZone, now);
  return `${year}-${two(month)}-${two(day)}`;
}

/** `14:05` at the facility. */
export function timeIn(timeZone: string, at: string | Date): string {
  const { hour, minute } = partsIn(timeZone, new Date(at));
  return `${two(hour)}:${two(minute)}`;
}

/** `07-Mar-2026 14:05` at the facility. */
export function dateTimeIn(timeZone: string, at: string | Date): string {
  const { year, month, day, hour, minute } = partsIn(timeZone, new Date(at));
  return `${two(day)}-${months[month - 1]}-${year} ${two(hour)}:${two(minute)}`;
}

/** `2026-03-07T14:05:09+05:30`: a moment by the facility's clock, RFC 3339. */
export function offsetTimeIn(timeZone: string, at: Date): string {
  const { year, month, day, hour, minute } = partsIn(timeZone, at);
  const offset = Date.UTC(year, month - 1, day, hour, minute) / 60_000 - Math.floor(at.getTime() / 60_000);
  const size = Math.abs(offset);
  const seconds = two(at.getUTCSeconds());
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${seconds}${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The moment at which a calendar day begins at the facility, RFC 3339 in UTC. */
export function instantIn(timeZone: string, date: string): string {
  const midnight = new Date(`${date}T00:00:00Z`).getTime();
  let at = midnight;
  // the zone's distance from UTC, asked for where it is used: a clock change may lie between
  for (let round = 0; round < 2; round++) {
    const { year, month, day, hour, minute } = partsIn(timeZone, new Date(at));
    at += midnight - Date.UTC(year, month - 1, day, hour, minute);
  }
  return new Date(at).toISOString();
}

/** The calendar day at the facility of a moment, `YYYY-MM-DD`. */
export function dayIn(timeZone: string, at: string | Date): string {
  return todayIn(timeZone, new Date(at));
}

export interface Age {
  unit: "years" | "months" | "days";
  count: number;
}

/** Age in completed units: days under a month, months under two years, then years. */
export function ageOn(today: string, born: string): Age {
  const [ty, tm, td] = today.split("-").map(Number) as [number, number, number];
  const [by, bm, bd] = born.split("-").map(Number) as [number, number, number];
  const totalMonths = (ty - by) * 12 + (tm - bm) - (td < bd ? 1 : 0);
  if (totalMonths >= 24) return { unit: "years", count: Math.floor(totalMonths / 12) };
  if (totalMonths >= 1) return { unit: "months", count: totalMonths };
  const days = (Date.UTC(ty, tm - 1, td) - Date.UTC(by, bm - 1, bd)) / 86_400_000;
  return { unit: "days", count: Math.max(0, Math.round(days)) };
}

/** Whole minutes from one moment to another, never negative. */
export function minutesBetween(from: string, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - new Date(from).getTime()) / 60_000));
}
