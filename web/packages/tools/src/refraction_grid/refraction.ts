import { isRecord, number } from "../parts/read";
import type { Emitted } from "../host";
import { readAcuity } from "./acuity";

export const bases = ["up", "down", "in", "out"] as const;
export type Base = (typeof bases)[number];
export const sides = ["od", "os"] as const;
export type Side = (typeof sides)[number];

/** One eye; dioptres but for the axis (degrees) and the acuity. What was not entered is absent. */
export interface Eye {
  sphere?: number;
  cylinder?: number;
  axis?: number;
  add?: number;
  prism?: number;
  base?: Base;
  va?: string;
}

export interface Refraction {
  od: Eye;
  os: Eye;
  /** Distances in millimetres: between the pupils, and of the lens from the eye. */
  pd?: number;
  vd?: number;
}

export type Quantity = "sphere" | "cylinder" | "axis" | "add" | "prism";

export interface Range {
  low: number;
  high: number;
  step: number;
}

export const ranges: Record<Quantity | "pd" | "vd", Range> = {
  sphere: { low: -30, high: 30, step: 0.25 },
  cylinder: { low: -10, high: 10, step: 0.25 },
  axis: { low: 1, high: 180, step: 1 },
  add: { low: 0.75, high: 3.5, step: 0.25 },
  prism: { low: 0, high: 20, step: 0.25 },
  pd: { low: 45, high: 80, step: 0.5 },
  vd: { low: 0, high: 20, step: 0.5 },
};

/** The same lens written with the other sign of its cylinder: S' = S + C, C' = −C, the axis turned by 90 into 1..180. */
export function transpose<T extends Pick<Eye, "sphere" | "cylinder" | "axis">>(eye: T): T {
  const { cylinder, axis } = eye;
  if (!cylinder) return eye;
  return {
    ...eye,
    sphere: (eye.sphere ?? 0) + cylinder,
    cylinder: -cylinder,
    ...(axis === undefined ? {} : { axis: axis > 90 ? axis - 90 : axis + 90 }),
  };
}

/** S + C/2: the sphere that focuses this eye best without a cylinder. Null until something is entered. */
export function sphericalEquivalent({ sphere, cylinder }: Eye): number | null {
  return sphere === undefined && cylinder === undefined ? null : (sphere ?? 0) + (cylinder ?? 0) / 2;
}

/** The power a lens needs when it is moved `metres` towards the eye, dioptres: F' = F / (1 − dF). */
export function vertexPower(power: number, metres: number): number {
  return power / (1 - metres * power);
}

/** One step up or down from a value, on the scale's own marks; an axis goes round. */
export function stepped(of: Quantity | "pd" | "vd", value: number | undefined, steps: number): number {
  const { low, high, step } = ranges[of];
  const rest: Record<typeof of, number> = { sphere: 0, cylinder: 0, axis: 0, add: low - step, prism: 0, pd: 62, vd: 12 };
  if (value === undefined && (of === "pd" || of === "vd")) return rest[of];
  const mark = Math.round((value ?? rest[of]) / step) + steps;
  const next = mark * step;
  if (of === "axis") return ((((next - 1) % 180) + 180) % 180) + 1;
  return Math.min(high, Math.max(low, next));
}

export type FaultCode = "axisNeeded" | "axisNotNeeded" | "baseNeeded" | "outside" | "offStep" | "cylinderMinus" | "cylinderPlus";
export type Faults = Partial<Record<keyof Eye, FaultCode>>;

/** What is wrong with an eye, by field. `cylinder` is the sign that the house writes. */
export function faultsOf(eye: Eye, cylinder: "minus" | "plus" | "any"): Faults {
  const faults: Faults = {};
  for (const name of ["sphere", "cylinder", "axis", "add", "prism"] as const) {
    const value = eye[name];
    if (value === undefined) continue;
    const { low, high, step } = ranges[name];
    if (value < low || value > high) faults[name] = "outside";
    else if (Math.abs(value / step - Math.round(value / step)) > 1e-9) faults[name] = "offStep";
  }
  if (eye.cylinder && !faults.cylinder) {
    if (cylinder === "minus" && eye.cylinder > 0) faults.cylinder = "cylinderMinus";
    if (cylinder === "plus" && eye.cylinder < 0) faults.cylinder = "cylinderPlus";
  }
  if (eye.cylinder && eye.axis === undefined) faults.axis = "axisNeeded";
  if (!eye.cylinder && eye.axis !== undefined) faults.axis ??= "axisNotNeeded";
  if (eye.prism && eye.base === undefined) faults.base = "baseNeeded";
  return faults;
}

/** `+1.25`, `−0.50`, `0.00`: with its sign, always to the hundredth. */
export function dioptres(value: number): string {
  const shown = Math.abs(value) % 0.25 === 0 ? Math.abs(value).toFixed(2) : Math.abs(value).toFixed(3);
  return value > 0 ? `+${shown}` : value < 0 ? `−${shown}` : shown;
}

/** An eye as a prescription writes it: `−1.25 / −0.50 × 90 add +2.00 2Δ in (6/6)`. */
export function prescription(eye: Eye, baseWord: (base: Base) => string = (base) => base): string {
  const parts: string[] = [];
  if (eye.sphere !== undefined || eye.cylinder !== undefined) parts.push(dioptres(eye.sphere ?? 0));
  if (eye.cylinder) parts.push(`/ ${dioptres(eye.cylinder)}${eye.axis === undefined ? "" : ` × ${eye.axis}`}`);
  if (eye.add !== undefined) parts.push(`add ${dioptres(eye.add)}`);
  if (eye.prism) parts.push(`${eye.prism}Δ${eye.base ? ` ${baseWord(eye.base)}` : ""}`);
  if (eye.va) parts.push(parts.length > 0 ? `(${eye.va})` : eye.va);
  return parts.join(" ");
}

/** What was recorded, read with care. */
export function readRefraction(value: unknown): Refraction {
  const source = isRecord(value) ? value : {};
  return { od: readEye(source.od), os: readEye(source.os), ...present({ pd: number(source.pd), vd: number(source.vd) }) };
}

function readEye(value: unknown): Eye {
  if (!isRecord(value)) return {};
  const base = bases.find((one) => one === value.base);
  return {
    ...present({ sphere: number(value.sphere), cylinder: number(value.cylinder), axis: number(value.axis), add: number(value.add), prism: number(value.prism) }),
    ...(base ? { base } : {}),
    ...(typeof value.va === "string" && value.va ? { va: value.va } : {}),
  };
}

function present<T extends string>(values: Record<T, number | null>): Partial<Record<T, number>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Partial<Record<T, number>>;
}

/** What the tool gives: what was entered, what follows from it, and the prescription in words. */
export function emitted(refraction: Refraction): Emitted {
  const { od, os, pd, vd } = refraction;
  const summary = sides
    .map((side) => [side.toUpperCase(), prescription(refraction[side])] as const)
    .filter(([, said]) => said)
    .map(([side, said]) => `${side} ${said}`);
  if (pd !== undefined) summary.push(`PD ${pd} mm`);
  return {
    ...(Object.keys(od).length > 0 ? { od: derived(od) } : {}),
    ...(Object.keys(os).length > 0 ? { os: derived(os) } : {}),
    ...(pd === undefined ? {} : { pd }),
    ...(vd === undefined ? {} : { vd }),
    summary: summary.join("; "),
  };
}

function derived(eye: Eye): Record<string, unknown> {
  const se = sphericalEquivalent(eye);
  const acuity = eye.va ? readAcuity(eye.va, "metres") : null;
  return { ...eye, ...(se === null ? {} : { se }), ...(acuity ? { logmar: acuity.logmar } : {}) };
}
