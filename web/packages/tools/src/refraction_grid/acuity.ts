import { brief } from "../parts/read";

/** How an acuity is written: at 6 metres, at 20 feet, as a decimal, or as the logarithm of the angle. */
export type Notation = "metres" | "feet" | "decimal" | "logmar";
export const notations: readonly Notation[] = ["metres", "feet", "decimal", "logmar"];

export interface Acuity {
  logmar: number;
  /** Below what a chart can measure: counting fingers, hand movements, perception of light, none. */
  sign?: Sign;
}

export type Sign = "CF" | "HM" | "PL" | "NPL";

/** What stands in for the logMAR of what no chart measures: agreed values, to compare with, not measurements. */
export const signs: Record<Sign, number> = { CF: 1.9, HM: 2.3, PL: 2.7, NPL: 3.0 };

/** The lines of a chart at 6 metres, and nearer to it below 6/60. */
export const lines = ["6/4", "6/5", "6/6", "6/7.5", "6/9", "6/12", "6/15", "6/18", "6/24", "6/36", "6/60", "5/60", "4/60", "3/60", "2/60", "1/60"] as const;

const spellings: Record<string, Sign> = { CF: "CF", FC: "CF", HM: "HM", HMCF: "HM", PL: "PL", LP: "PL", NPL: "NPL", NLP: "NPL" };
/** A letter read too many or too few on a line of five, logMAR. */
const letter = 0.02;

export const fromDecimal = (decimal: number): number => -Math.log10(decimal);
export const toDecimal = (logmar: number): number => 10 ** -logmar;
/** Letters of an ETDRS chart: 85 at 0.0, 50 for each unit of logMAR. */
export const letters = (logmar: number): number => Math.round(85 - 50 * logmar);

/** Reads `6/9`, `6/9-2`, `20/30`, `0.67`, `CF`; a bare number is a decimal, or a logMAR where that is the notation. */
export function readAcuity(typed: string, notation: Notation): Acuity | null {
  const text = typed.trim().replace("−", "-").replace(",", ".").toUpperCase();
  const sign = spellings[text.replaceAll(/[\s.]/g, "")];
  if (sign) return { logmar: signs[sign], sign };
  const fraction = /^(\d+(?:\.\d+)?)\s*\/\s*(\d+(?:\.\d+)?)\s*([+-]\d)?$/.exec(text);
  if (fraction) {
    const at = Number(fraction[1]);
    const line = Number(fraction[2]);
    if (at <= 0 || line <= 0) return null;
    return inReach(fromDecimal(at / line) - Number(fraction[3] ?? 0) * letter);
  }
  const bare = /^(LOGMAR\s*)?([+-]?\d+(?:\.\d+)?)$/.exec(text);
  if (!bare) return null;
  const value = Number(bare[2]);
  if (bare[1] || notation === "logmar") return inReach(value);
  return value > 0 ? inReach(fromDecimal(value)) : null;
}

function inReach(logmar: number): Acuity | null {
  return logmar >= -0.5 && logmar <= 2 ? { logmar: Math.round(logmar * 100) / 100 + 0 } : null;
}

/** An acuity in a notation: to the nearest line of the chart, except as a number. */
export function writeAcuity({ logmar, sign }: Acuity, notation: Notation): string {
  if (sign) return sign;
  switch (notation) {
    case "logmar":
      return logmar.toFixed(2);
    case "decimal":
      return brief(onLine(logmar) ?? toDecimal(logmar), logmar > 0.9 ? 3 : 2);
    case "metres":
      return nearest(logmar);
    case "feet":
      return `20/${rounded(20 / toDecimal(logmar))}`;
  }
}

function nearest(logmar: number): string {
  const distance = (line: string) => Math.abs(fromDecimal(ratio(line)) - logmar);
  return lines.reduce<string>((best, line) => (distance(line) < distance(best) ? line : best), lines[0]);
}

/** The exact decimal of a line of the chart, which its logMAR has rounded. */
function onLine(logmar: number): number | null {
  const line = nearest(logmar);
  return Math.abs(fromDecimal(ratio(line)) - logmar) < 0.006 ? ratio(line) : null;
}

function ratio(line: string): number {
  const [at, of] = line.split("/").map(Number) as [number, number];
  return at / of;
}

/** As charts are printed: whole feet, below 20/200 in tens, below 20/400 in hundreds. */
function rounded(feet: number): number {
  const step = feet < 15 ? 1 : feet < 100 ? 5 : feet < 200 ? 10 : feet < 1000 ? 50 : 100;
  return Math.round(feet / step) * step;
}
