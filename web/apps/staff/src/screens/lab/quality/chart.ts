/** A Levey-Jennings chart as numbers: where runs, their mean and the lines of 1, 2 and 3 SD lie. */

export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** What the chart needs of a run; each was judged by the target of its own day. */
export interface Charted {
  value: number;
  mean: number;
  sd: number;
}

/** How far the chart reaches, in SD. What lies farther is drawn at its edge, as an arrow. */
export const reach = 4;

export const lines = [3, 2, 1, 0, -1, -2, -3] as const;

export interface Placed {
  x: number;
  y: number;
  /** Farther from the mean than the chart reaches: 1 above, -1 below. */
  beyond: -1 | 0 | 1;
}

/** Runs stand one beside the other, whatever time lies between: gaps say nothing about a method. */
export function lay(runs: Charted[], frame: Frame): { points: Placed[]; y: (z: number) => number; narrow: boolean } {
  const across = frame.width - frame.left - frame.right;
  const y = (z: number) => frame.top + ((reach - z) / (2 * reach)) * (frame.height - frame.top - frame.bottom);
  const step = runs.length > 1 ? across / (runs.length - 1) : 0;
  const points = runs.map(({ value, mean, sd }, index) => {
    const z = (value - mean) / sd;
    const beyond = z > reach ? 1 : z < -reach ? -1 : 0;
    return { x: frame.left + (runs.length > 1 ? index * step : across / 2), y: y(beyond === 0 ? z : beyond * reach), beyond } as Placed;
  });
  return { points, y, narrow: runs.length > 1 && step < 26 };
}

/** How many runs of the newest fit, each wide enough to be hit. */
export function howMany(width: number, frame: Pick<Frame, "left" | "right">): number {
  return Math.max(8, Math.floor((width - frame.left - frame.right) / 16));
}

export function nearest(points: { x: number }[], x: number): number {
  return points.reduce((best, point, index) => (Math.abs(point.x - x) < Math.abs(points[best]!.x - x) ? index : best), 0);
}

/** The digits after the point of numbers that stand beside each other. */
export function decimalsOf(...numbers: number[]): number {
  return Math.max(0, ...numbers.map((one) => (String(one).split("e")[0]!.split(".")[1] ?? "").length));
}

/** Where a line of so many SD lies, told with the target's own digits. */
export function lineValue(mean: number, sd: number, sds: number): string {
  return (mean + sds * sd).toFixed(decimalsOf(mean, sd));
}

export type Mark = "in" | "warning" | "rejected" | "excluded";

export function markOf(run: { status: string; excluded: unknown }): Mark {
  if (run.excluded) return "excluded";
  return run.status === "REJECTED" ? "rejected" : run.status === "WARNING" ? "warning" : "in";
}
