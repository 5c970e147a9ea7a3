import type { Lead, Signal } from "./signal";

export const rhythms = ["sinus", "first_degree", "lbbb", "pvc", "afib", "flutter", "vt"] as const;
export type Rhythm = (typeof rhythms)[number];

/** What a made-up ECG is made of. The same gives the same samples, always. */
export interface Synthetic {
  seed: number;
  rhythm: Rhythm;
  /** Beats per minute; the rhythm's usual one when absent. */
  rate?: number;
  pr_ms?: number;
  qrs_ms?: number;
  qt_ms?: number;
  /** ST elevation (or depression) of I, II and the chest leads, millivolts; the other limb leads follow from I and II. */
  st_mv?: Partial<Record<Lead, number>>;
}

/** Millivolts of P, Q, R, S and T. */
type Shape = readonly [p: number, q: number, r: number, s: number, t: number];

// I, II and the chest leads; the other limb leads follow from I and II
type Recorded = "I" | "II" | "V1" | "V2" | "V3" | "V4" | "V5" | "V6";
const normal: Record<Recorded, Shape> = {
  I: [0.09, -0.06, 0.7, -0.12, 0.2],
  II: [0.15, -0.08, 1.15, -0.16, 0.3],
  V1: [0.05, 0, 0.22, -0.95, -0.06],
  V2: [0.06, 0, 0.5, -1.5, 0.42],
  V3: [0.07, 0, 0.95, -1.0, 0.48],
  V4: [0.08, -0.06, 1.5, -0.55, 0.44],
  V5: [0.08, -0.1, 1.35, -0.22, 0.34],
  V6: [0.07, -0.1, 1.05, -0.08, 0.26],
};
/** Left bundle branch block: broad, without Q, the T wave against the QRS. */
const leftBundle: Record<Recorded, Shape> = {
  I: [0.09, 0, 0.85, 0, -0.22],
  II: [0.14, 0, 0.6, -0.1, -0.1],
  V1: [0.05, 0, 0.08, -1.5, 0.35],
  V2: [0.06, 0, 0.12, -2.0, 0.55],
  V3: [0.07, 0, 0.18, -1.7, 0.5],
  V4: [0.08, 0, 0.5, -0.7, 0.2],
  V5: [0.08, 0, 1.1, 0, -0.25],
  V6: [0.07, 0, 1.2, 0, -0.3],
};
/** A beat that begins in a ventricle. */
const ventricular: Record<Recorded, Shape> = {
  I: [0, 0, -0.7, 0.1, 0.3],
  II: [0, -0.1, 1.6, -0.3, -0.5],
  V1: [0, 0, 1.4, -0.2, -0.45],
  V2: [0, 0, 1.7, -0.3, -0.5],
  V3: [0, 0, 1.5, -0.5, -0.45],
  V4: [0, 0, 0.7, -1.2, 0.35],
  V5: [0, 0, 0.4, -1.3, 0.4],
  V6: [0, 0, 0.3, -1.1, 0.35],
};
/** How strongly the atria's flutter and fibrillation show. */
const atrial: Record<Recorded, number> = { I: 0.2, II: -1, V1: 0.9, V2: 0.4, V3: 0.3, V4: 0.2, V5: 0.2, V6: 0.2 };
const recorded = Object.keys(normal) as Recorded[];

interface Usual {
  rate: number;
  pr: number;
  qrs: number;
}

const usual: Record<Rhythm, Usual> = {
  sinus: { rate: 72, pr: 160, qrs: 92 },
  first_degree: { rate: 64, pr: 260, qrs: 92 },
  lbbb: { rate: 74, pr: 170, qrs: 150 },
  pvc: { rate: 76, pr: 160, qrs: 92 },
  afib: { rate: 96, pr: 0, qrs: 90 },
  flutter: { rate: 75, pr: 0, qrs: 90 },
  vt: { rate: 170, pr: 0, qrs: 160 },
};

interface Beat {
  /** Beginning of its QRS, seconds. */
  at: number;
  /** To the next one, seconds. */
  rr: number;
  shapes: Record<Recorded, Shape>;
  pr: number | null;
  qrs: number;
}

/** A 12-lead ECG as a sum of Gaussians on each beat: to show and to teach, never a patient's. */
export function synthesize(wish: Synthetic, seconds = 10, hz = 500): Signal {
  const random = generator(wish.seed);
  const beats = beatsOf(wish, seconds, random);
  const count = Math.round(seconds * hz);
  const made = Object.fromEntries(recorded.map((lead) => [lead, new Float64Array(count)])) as Record<Recorded, Float64Array>;

  for (const beat of beats) for (const lead of recorded) addBeat(made[lead], hz, beat, lead, wish);
  const phases = Array.from({ length: 6 }, () => random() * 2 * Math.PI);
  for (const lead of recorded) {
    const wander = random() * 2 * Math.PI;
    for (let index = 0; index < count; index++) {
      const t = index / hz;
      made[lead][index]! += 0.015 * Math.sin(2 * Math.PI * 0.22 * t + wander) + 0.006 * (random() - 0.5) + atrialWave(wish.rhythm, t, phases) * atrial[lead];
    }
  }
  const { I, II } = made;
  const derive = (of: (i: number, ii: number) => number) => Float64Array.from(I, (i, index) => of(i, II[index]!));
  const all: Record<Lead, Float64Array> = { ...made, III: derive((i, ii) => ii - i), aVR: derive((i, ii) => -(i + ii) / 2), aVL: derive((i, ii) => i - ii / 2), aVF: derive((i, ii) => ii - i / 2) };
  return { sampling_hz: hz, leads: Object.fromEntries(Object.entries(all).map(([lead, samples]) => [lead, Array.from(samples, (mv) => Math.round(mv * 1000) / 1000)])) };
}

function beatsOf(wish: Synthetic, seconds: number, random: () => number): Beat[] {
  const { rhythm } = wish;
  const { rate, pr, qrs } = { rate: wish.rate ?? usual[rhythm].rate, pr: wish.pr_ms ?? usual[rhythm].pr, qrs: wish.qrs_ms ?? usual[rhythm].qrs };
  const even = 60 / rate;
  const conducts = rhythm !== "afib" && rhythm !== "flutter" && rhythm !== "vt";
  const shapes = rhythm === "lbbb" ? leftBundle : rhythm === "vt" ? ventricular : normal;
  const beats: Beat[] = [];
  let at = -even * (0.3 + 0.4 * random());
  for (let count = 0; at < seconds + 1; count++) {
    const early = rhythm === "pvc" && count % 4 === 3;
    const vary = rhythm === "afib" ? 0.55 + 0.9 * random() : rhythm === "sinus" || rhythm === "pvc" ? 1 + 0.02 * Math.sin(at * 1.4) : 1;
    // an early beat comes at three fifths of the distance, and the pause after it makes up for that
    const rr = early ? even * 1.4 : rhythm === "pvc" && count % 4 === 2 ? even * 0.6 : even * vary;
    beats.push({ at, rr, shapes: early ? ventricular : shapes, pr: conducts && !early ? pr / 1000 : null, qrs: (early ? 160 : qrs) / 1000 });
    at += rr;
  }
  return beats;
}

/** Beginning of the QRS to the end of T, seconds: as asked, or 400 ms corrected for the rate. */
function qtOf(beat: Beat, wish: Synthetic): number {
  return wish.qt_ms === undefined ? Math.min(0.4 * Math.sqrt(Math.min(beat.rr, 1.4)) + Math.max(0, beat.qrs - 0.1), beat.rr * 0.75) : wish.qt_ms / 1000;
}

function addBeat(samples: Float64Array, hz: number, beat: Beat, lead: Recorded, wish: Synthetic): void {
  const [p, q, r, s, t] = beat.shapes[lead];
  const { at, qrs } = beat;
  const qt = qtOf(beat, wish);
  const broad = qrs > 0.12;
  if (beat.pr !== null) bump(samples, hz, at - beat.pr + 0.045, 0.02, p);
  if (q !== 0) bump(samples, hz, at + qrs * 0.14, qrs * 0.07, q);
  bump(samples, hz, at + qrs * (broad ? 0.36 : 0.42), qrs * (broad ? 0.13 : 0.1), r);
  // a broad R is notched
  if (broad && r > 0.4) bump(samples, hz, at + qrs * 0.68, qrs * 0.11, r * 0.85);
  bump(samples, hz, at + qrs * (broad ? 0.5 : 0.72), qrs * (broad ? 0.17 : 0.1), s);
  const width = Math.max(0.024, Math.min(0.045, (qt - qrs) / 6));
  bump(samples, hz, at + qt - 2.1 * width, width, t);
  addElevation(samples, hz, beat, wish.st_mv?.[lead] ?? 0, wish);
}

/** Lifts what lies between the end of the QRS and the middle of T. */
function addElevation(samples: Float64Array, hz: number, beat: Beat, mv: number, wish: Synthetic): void {
  if (mv === 0) return;
  const from = beat.at + beat.qrs;
  const to = beat.at + qtOf(beat, wish) * 0.82;
  const soft = 0.012;
  const first = Math.max(0, Math.floor((from - 0.1) * hz));
  const last = Math.min(samples.length - 1, Math.ceil((to + 0.2) * hz));
  for (let index = first; index <= last; index++) {
    const t = index / hz;
    samples[index]! += mv / (1 + Math.exp(-(t - from) / soft)) / (1 + Math.exp((t - to) / (soft * 2.5)));
  }
}

function bump(samples: Float64Array, hz: number, centre: number, width: number, mv: number): void {
  const first = Math.max(0, Math.floor((centre - 4 * width) * hz));
  const last = Math.min(samples.length - 1, Math.ceil((centre + 4 * width) * hz));
  for (let index = first; index <= last; index++) samples[index]! += mv * Math.exp(-0.5 * ((index / hz - centre) / width) ** 2);
}

function atrialWave(rhythm: Rhythm, t: number, phases: number[]): number {
  // 300 a minute, like the teeth of a saw
  if (rhythm === "flutter") return 0.18 * (2 * ((t * 5) % 1) - 1);
  if (rhythm !== "afib") return 0;
  return 0.022 * phases.reduce((sum, phase, index) => sum + Math.sin(2 * Math.PI * (4.3 + 0.9 * index) * t + phase), 0);
}

/** A small generator of numbers from 0 to 1: the same row of them for the same seed (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
