import type { Vitals } from "@hm/client";
import type { Tone } from "@hm/ui";

export type Measure = Exclude<keyof Vitals, "note">;

export interface MeasureInfo {
  name: Measure;
  unit: string;
  /** What the server accepts. */
  min: number;
  max: number;
  decimals: 0 | 1;
}

/** In the order in which they are taken. */
export const measures: readonly MeasureInfo[] = [
  { name: "temperature_c", unit: "°C", min: 25, max: 45, decimals: 1 },
  { name: "pulse_bpm", unit: "/min", min: 20, max: 250, decimals: 0 },
  { name: "resp_rate", unit: "/min", min: 5, max: 80, decimals: 0 },
  { name: "bp_systolic", unit: "mmHg", min: 50, max: 300, decimals: 0 },
  { name: "bp_diastolic", unit: "mmHg", min: 30, max: 200, decimals: 0 },
  { name: "spo2", unit: "%", min: 0, max: 100, decimals: 0 },
  { name: "weight_kg", unit: "kg", min: 0, max: 500, decimals: 1 },
  { name: "height_cm", unit: "cm", min: 0, max: 300, decimals: 1 },
  { name: "pain", unit: "/10", min: 0, max: 10, decimals: 0 },
];

/** Upper ends of the bands and their points; the last band has no end. */
type Bands = readonly (readonly [number, number])[];

/**
 * Points per measure of the National Early Warning Score 2 (Royal College of
 * Physicians, 2017), oxygen saturation scale 1. For patients of 16 years and above.
 */
const bands: Partial<Record<Measure, Bands>> = {
  resp_rate: [[8, 3], [11, 1], [20, 0], [24, 2], [Infinity, 3]],
  spo2: [[91, 3], [93, 2], [95, 1], [Infinity, 0]],
  bp_systolic: [[90, 3], [100, 2], [110, 1], [219, 0], [Infinity, 3]],
  pulse_bpm: [[40, 3], [50, 1], [90, 0], [110, 1], [130, 2], [Infinity, 3]],
  temperature_c: [[35, 3], [36, 1], [38, 0], [39, 1], [Infinity, 2]],
};

export const adultFrom = 16;

/** Points of one measure, or null when it has none. */
export function points(measure: Measure, value: number | undefined): number | null {
  const scale = bands[measure];
  if (!scale || value === undefined) return null;
  return scale.find(([upTo]) => value <= upTo)![1];
}

export interface EarlyWarning {
  total: number;
  /** Measures that were scored; five make the score complete but for consciousness. */
  scored: number;
  tone: Tone;
  level: "low" | "single" | "medium" | "high";
}

/** The sum over what was measured, and how urgent that is. */
export function earlyWarning(vitals: Vitals): EarlyWarning | null {
  const scores = (Object.keys(bands) as Measure[]).map((measure) => points(measure, vitals[measure])).filter((score) => score !== null);
  if (scores.length === 0) return null;
  const total = scores.reduce((sum, score) => sum + score, 0);
  const scored = scores.length;
  if (total >= 7) return { total, scored, tone: "critical", level: "high" };
  if (total >= 5) return { total, scored, tone: "warn", level: "medium" };
  if (scores.includes(3)) return { total, scored, tone: "warn", level: "single" };
  return { total, scored, tone: "ok", level: "low" };
}

export function toneOf(measure: Measure, value: number | undefined): Tone | null {
  const score = points(measure, value);
  if (score === null || score === 0) return null;
  return score === 3 ? "critical" : "warn";
}

/** A typed measure: a comma is a decimal point; anything but a number is null. */
export function readMeasure(typed: string): number | null {
  const text = typed.trim().replace(",", ".");
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

/** Body mass index in kg/m², or null where it means nothing. */
export function bodyMassIndex({ weight_kg, height_cm }: Vitals): number | null {
  if (!weight_kg || !height_cm || height_cm < 50) return null;
  return Math.round((weight_kg / (height_cm / 100) ** 2) * 10) / 10;
}
