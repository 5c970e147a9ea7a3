import type { ControlLot, ControlTarget } from "@hm/client";

/** One field of today's entry: an analyte of a lot. */
export interface Line {
  key: string;
  lot: ControlLot;
  target: ControlTarget;
}

/** Lots that may be run now, materials together and levels in order: as the vials are taken. */
export function linesOf(lots: ControlLot[]): Line[] {
  return inOrder(lots.filter(({ actions }) => actions.includes("run"))).flatMap((lot) => lot.targets.map((target) => ({ key: `${lot.id} ${target.analyte}`, lot, target })));
}

export function inOrder(lots: ControlLot[]): ControlLot[] {
  return lots.toSorted((one, other) => one.material.localeCompare(other.material) || one.level - other.level || other.created_at.localeCompare(one.created_at));
}

/** A typed number with a point or a comma; null for anything else. Texts such as 1e3 and 0x10 are no values of a device. */
export function numberOf(typed: string): number | null {
  const text = typed.trim().replace(",", ".");
  return /^-?\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : null;
}

/** A value that far off is a slip of the hand more often than of the method: it is asked for once more. */
export function isDoubtful(value: number, { mean, sd }: { mean: number; sd: number }): boolean {
  return Math.abs(value - mean) > 10 * sd;
}
