import { instantIn } from "@hm/ui";

/** What turnaround is told of: days of the facility's own calendar, today included. */
export const periods = ["today", "week", "month", "quarter"] as const;
export type Period = (typeof periods)[number];

const days: Record<Period, number> = { today: 1, week: 7, month: 30, quarter: 90 };

/** The moment at which the first day of a period begins. */
export function since(period: Period, today: string, timeZone: string): string {
  const first = new Date(`${today}T00:00:00Z`);
  first.setUTCDate(first.getUTCDate() - days[period] + 1);
  return instantIn(timeZone, first.toISOString().slice(0, 10));
}

/** Minutes as people say them: 45 min, 3 h 05, 2 d 4 h. */
export function duration(minutes: number): { key: "minutes" | "hours" | "days"; large: number; small: string } {
  const whole = Math.round(minutes);
  if (whole < 60) return { key: "minutes", large: whole, small: "" };
  if (whole < 48 * 60) return { key: "hours", large: Math.floor(whole / 60), small: String(whole % 60).padStart(2, "0") };
  const hours = Math.round(minutes / 60);
  return { key: "days", large: Math.floor(hours / 24), small: String(hours % 24) };
}

/** How many minutes a bar's whole track stands for: the target at four fifths of it, unless the test took longer than that. */
export function scaleOf({ p90_minutes, target_minutes }: { p90_minutes: number | null; target_minutes: number | null }): number {
  return Math.max(1, p90_minutes ?? 0, (target_minutes ?? 0) * 1.25);
}

/** The worst first: what is overdue now, then what keeps its target least. */
export function worstFirst<Row extends { overdue_now: number; within_target: number | null; key: string }>(rows: Row[]): Row[] {
  return rows.toSorted((one, other) => other.overdue_now - one.overdue_now || (one.within_target ?? 2) - (other.within_target ?? 2) || one.key.localeCompare(other.key));
}
