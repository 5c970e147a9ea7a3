import type { LabTrend } from "@hm/client";

export type TrendPoint = LabTrend["points"][number];

/** A number, or what lies beyond the instrument's reach: which end it is, and the end itself. */
export interface Amount {
  value: number;
  beyond: "below" | "above" | null;
}

/** A value as a place on a scale; null for words, titres and what was withdrawn. */
export function amountOf(value: unknown): Amount | null {
  if (typeof value === "number") return { value, beyond: null };
  if (typeof value !== "string") return null;
  const bound = /^\s*([<>≤≥])=?\s*(\d+(?:\.\d+)?)\s*$/.exec(value);
  return bound ? { value: Number(bound[2]), beyond: bound[1] === "<" || bound[1] === "≤" ? "below" : "above" } : null;
}

export interface Placed extends Amount {
  at: string;
  point: TrendPoint;
  /** As it was judged then, by the range of then. */
  outside: boolean;
}

/** What has a place on one scale: the values in the newest unit. How many are in others is told beside it. */
export function placedOf(points: readonly TrendPoint[]): { placed: Placed[]; inOtherUnits: number } {
  const unit = points.at(-1)?.unit ?? null;
  const amounts = points.flatMap((point) => {
    const amount = amountOf(point.value);
    return amount ? [{ ...amount, at: point.at, point, outside: point.flag !== null && point.flag !== "N" }] : [];
  });
  const placed = amounts.filter(({ point }) => point.unit === unit);
  return { placed, inOtherUnits: amounts.length - placed.length };
}

/** What one line may join: nothing is known of the way to a value beyond the instrument's reach, and from it. */
export function joined<Point>(points: readonly Point[], isBeyond: (point: Point, index: number) => boolean): Point[][] {
  const runs: Point[][] = [[]];
  points.forEach((point, index) => (isBeyond(point, index) ? runs.push([]) : runs.at(-1)!.push(point)));
  return runs.filter(({ length }) => length > 1);
}
