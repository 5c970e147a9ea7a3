import { isRecord, number, text } from "../parts/read";
import { type Rhythm, type Synthetic, rhythms, synthesize } from "./synthetic";

export const leadNames = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"] as const;
export type Lead = (typeof leadNames)[number];

/** A recording: millivolts, so many samples a second. A lead that was not recorded is absent. */
export interface Signal {
  sampling_hz: number;
  leads: Partial<Record<Lead, number[]>>;
}

export interface Recording {
  signal: Signal;
  /** How it was made up, when nobody recorded it. */
  synthetic?: Synthetic;
}

/** The recording that a value holds, or null when it holds none that can be drawn. */
export function readRecording(value: unknown): Recording | null {
  if (!isRecord(value)) return null;
  if (isRecord(value.leads)) {
    const hz = number(value.sampling_hz);
    if (hz === null || hz < 50 || hz > 4000) return null;
    const leads: Partial<Record<Lead, number[]>> = {};
    for (const lead of leadNames) {
      const samples = value.leads[lead];
      if (Array.isArray(samples) && samples.length > 0 && samples.every((sample) => typeof sample === "number" && Number.isFinite(sample))) leads[lead] = samples as number[];
    }
    return Object.keys(leads).length > 0 ? { signal: { sampling_hz: hz, leads } } : null;
  }
  if (!isRecord(value.synthetic)) return null;
  const synthetic = readSynthetic(value.synthetic);
  return { signal: synthesize(synthetic), synthetic };
}

function readSynthetic(source: Record<string, unknown>): Synthetic {
  const within = (value: unknown, low: number, high: number) => {
    const read = number(value);
    return read === null ? undefined : Math.min(high, Math.max(low, read));
  };
  const rhythm = rhythms.find((one) => one === text(source.rhythm)) ?? ("sinus" satisfies Rhythm);
  const st = isRecord(source.st_mv) ? Object.fromEntries(leadNames.map((lead) => [lead, within((source.st_mv as Record<string, unknown>)[lead], -1, 1)]).filter(([, mv]) => mv !== undefined)) : undefined;
  return {
    seed: Math.trunc(number(source.seed) ?? 1),
    rhythm,
    rate: within(source.rate, 20, 300),
    pr_ms: within(source.pr_ms, 60, 400),
    qrs_ms: within(source.qrs_ms, 60, 220),
    qt_ms: within(source.qt_ms, 200, 700),
    st_mv: st as Synthetic["st_mv"],
  };
}

/**
 * Where the R peaks are, seconds: the tops of the squared slope, smoothed over 80 ms, above a
 * third of its greatest, at least 250 ms apart. Good for a rate, not for a diagnosis.
 */
export function rPeaks({ sampling_hz: hz, leads }: Signal): number[] {
  const samples = leads.II ?? leads.V5 ?? Object.values(leads)[0];
  if (!samples || samples.length < hz) return [];
  const window = Math.max(1, Math.round(hz * 0.08));
  const energy = new Float64Array(samples.length);
  let sum = 0;
  const slope = (index: number) => (index > 0 && index < samples.length ? samples[index]! - samples[index - 1]! : 0) ** 2;
  for (let index = 0; index < samples.length; index++) {
    sum += slope(index) - slope(index - window);
    energy[index] = sum;
  }
  let greatest = 0;
  for (const one of energy) if (one > greatest) greatest = one;
  if (greatest <= 0) return [];
  const apart = Math.round(hz * 0.25);
  const peaks: number[] = [];
  let best = -1;
  for (let index = 0; index <= energy.length; index++) {
    if (index < energy.length && energy[index]! > greatest / 3) {
      if (best < 0 || energy[index]! > energy[best]!) best = index;
      continue;
    }
    if (best >= 0 && (peaks.length === 0 || best - peaks.at(-1)! >= apart)) peaks.push(best);
    best = -1;
  }
  return peaks.map((index) => Math.max(0, index - window / 2) / hz);
}

/** The mean rate of the recording per minute, and how much the distances differ; null with fewer than two beats. */
export function meanRate(signal: Signal): { rate: number; irregular: boolean } | null {
  const peaks = rPeaks(signal);
  if (peaks.length < 2) return null;
  const gaps = peaks.slice(1).map((at, index) => at - peaks[index]!);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const spread = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  return { rate: 60 / mean, irregular: spread / mean > 0.1 };
}
