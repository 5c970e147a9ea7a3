import { isRecord, number } from "../parts/read";

export const taken = ["rr_ms", "pr_ms", "qrs_ms", "qt_ms"] as const;
export type Interval = (typeof taken)[number];

/** What calipers measure, milliseconds, and what follows from it. */
export interface Measurements {
  rate?: number;
  rr_ms?: number;
  pr_ms?: number;
  qrs_ms?: number;
  qt_ms?: number;
  qtcb_ms?: number;
  qtcf_ms?: number;
}

/** Beats per minute at this distance of beats. */
export const rateOf = (rr: number): number => 60_000 / rr;

/** QT corrected for the rate by the square root of RR in seconds (Bazett 1920). */
export const bazett = (qt: number, rr: number): number => qt / Math.sqrt(rr / 1000);

/** QT corrected for the rate by the cube root of RR in seconds (Fridericia 1920). */
export const fridericia = (qt: number, rr: number): number => qt / Math.cbrt(rr / 1000);

/** One interval measured, and all that follows worked out anew. */
export function withInterval(before: Measurements, interval: Interval, milliseconds: number): Measurements {
  return derived({ ...before, [interval]: Math.round(milliseconds) });
}

/** Rate and corrected QT from what was measured; without RR there is none. */
export function derived({ rr_ms, pr_ms, qrs_ms, qt_ms }: Measurements): Measurements {
  const found: Measurements = { rr_ms, pr_ms, qrs_ms, qt_ms };
  if (rr_ms) found.rate = Math.round(rateOf(rr_ms));
  if (rr_ms && qt_ms) {
    found.qtcb_ms = Math.round(bazett(qt_ms, rr_ms));
    found.qtcf_ms = Math.round(fridericia(qt_ms, rr_ms));
  }
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export function readMeasurements(value: unknown): Measurements {
  const source = isRecord(value) && isRecord(value.measurements) ? value.measurements : {};
  const read = Object.fromEntries(taken.map((name) => [name, number(source[name]) ?? undefined])) as Measurements;
  return derived(read);
}

export type Judgement = "usual" | "outside" | "critical";

/** Against the usual limits: PR 120-200, QRS under 120, QTc under 450 (men) or 460 (women), critical from 500. */
export function judge(name: keyof Measurements, value: number, gender: string): Judgement {
  switch (name) {
    case "rate":
      return value < 60 || value > 100 ? "outside" : "usual";
    case "pr_ms":
      return value < 120 || value > 200 ? "outside" : "usual";
    case "qrs_ms":
      return value >= 120 ? "outside" : "usual";
    case "qtcb_ms":
    case "qtcf_ms":
      if (value >= 500) return "critical";
      return value >= (gender === "female" ? 460 : 450) ? "outside" : "usual";
    default:
      return "usual";
  }
}
