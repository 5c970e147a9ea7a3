import { unitText } from "@hm/ui";
import { number, record, text } from "../parts/read";
import type { Observation, Wanted } from "../parts/observations";

export interface TrendSeries extends Wanted {
  title: string;
  unit: string;
  /** The normal band; either end may be open. */
  low: number | null;
  high: number | null;
  decimals: number;
}

export interface TrendPoint {
  at: string;
  value: number;
}

export type Place = "low" | "high" | "within";

export function readSeries(source: unknown, locale: string): TrendSeries {
  const { code, system, title, unit, low, high, decimals } = record(source);
  return { code: text(code), system: text(system), title: text(title, locale) || text(code), unit: unitText(text(unit)), low: number(low), high: number(high), decimals: Math.min(4, Math.max(0, Math.trunc(number(decimals) ?? 1))) };
}

/** The numbers among the observations, oldest first; texts and codes have no place on a line. */
export function pointsOf(observations: Observation[]): TrendPoint[] {
  return observations.flatMap(({ at, value }) => (typeof value === "number" ? [{ at, value }] : []));
}

export function placeOf(value: number, { low, high }: Pick<TrendSeries, "low" | "high">): Place {
  if (low !== null && value < low) return "low";
  if (high !== null && value > high) return "high";
  return "within";
}

/** About `count` round numbers that take in the whole span. */
export function ticks(low: number, high: number, count = 4): number[] {
  const span = high - low || Math.abs(high) || 1;
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one >= raw - 1e-12)!;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil((high === low ? high + step : high) / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Drawn {
  points: { x: number; y: number }[];
  /** Value lines. */
  lines: { value: number; y: number }[];
  band: { y: number; height: number } | null;
}

/** Where points, value lines and the normal band lie in a frame. The band always is in sight. */
export function lay(points: TrendPoint[], series: Pick<TrendSeries, "low" | "high">, frame: Frame): Drawn {
  const values = [...points.map(({ value }) => value), ...[series.low, series.high].filter((end): end is number => end !== null)];
  const marks = ticks(Math.min(...values), Math.max(...values));
  const [bottom, top] = [marks[0]!, marks.at(-1)!];
  const y = (value: number) => frame.top + ((top - value) / (top - bottom)) * (frame.height - frame.top - frame.bottom);
  const times = points.map(({ at }) => Date.parse(at));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const across = frame.width - frame.left - frame.right;
  const x = (time: number) => frame.left + (last === first ? across / 2 : ((time - first) / (last - first)) * across);
  const hasBand = series.low !== null || series.high !== null;
  const upper = y(series.high ?? top);
  const lower = y(series.low ?? bottom);
  return {
    points: points.map(({ value }, index) => ({ x: x(times[index]!), y: y(value) })),
    lines: marks.map((value) => ({ value, y: y(value) })),
    band: hasBand ? { y: upper, height: Math.max(0, lower - upper) } : null,
  };
}

export function nearest(points: { x: number }[], x: number): number {
  return points.reduce((best, point, index) => (Math.abs(point.x - x) < Math.abs(points[best]!.x - x) ? index : best), 0);
}
