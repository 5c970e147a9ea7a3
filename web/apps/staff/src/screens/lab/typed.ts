import type { BenchAnalyte } from "@hm/client";

/** Why a typed value cannot be sent, as the key of its sentence. */
export type TypedFault = "notANumber" | "notATitre" | "notAChoice";

export interface Typed {
  /** As it is sent: what was typed, in its own digits. Null while nothing is. */
  value: string | null;
  fault: TypedFault | null;
  /** What a number amounts to, to weigh it here; null for the rest and for < and >. */
  amount: number | null;
}

const nothing: Typed = { value: null, fault: null, amount: null };
const number = /^([<>]?)\s*([+-]?(?:\d+(?:\.\d+)?|\.\d+))$/;
const titre = /^([<>]?)\s*1\s*:\s*(\d+)$/;

/** Reads what stands in a cell. A comma is refused: it parts thousands here and decimals elsewhere. */
export function readTyped(analyte: Pick<BenchAnalyte, "kind" | "choices">, text: string): Typed {
  const typed = text.trim();
  if (typed === "") return nothing;
  switch (analyte.kind) {
    case "number": {
      const parts = number.exec(typed);
      if (!parts) return { value: null, fault: "notANumber", amount: null };
      return { value: `${parts[1]}${parts[2]}`, fault: null, amount: parts[1] ? null : Number(parts[2]) };
    }
    case "titre": {
      const parts = titre.exec(typed);
      return parts ? { value: `${parts[1]}1:${parts[2]}`, fault: null, amount: null } : { value: null, fault: "notATitre", amount: null };
    }
    case "coded":
      return analyte.choices.some(({ code }) => code === typed) ? { value: typed, fault: null, amount: null } : { value: null, fault: "notAChoice", amount: null };
    default:
      return { value: typed, fault: null, amount: null };
  }
}

type Bounds = Pick<BenchAnalyte, "reference_low" | "reference_high" | "critical_low" | "critical_high">;

export type Guess = "N" | "L" | "H" | "LL" | "HH" | "A";

/**
 * What a value looks like against the range of this person, while it is not saved: a hint. The server judges, and its
 * word replaces this. Only in the analyte's own unit.
 */
export function guessFlag(analyte: Bounds & Pick<BenchAnalyte, "choices">, typed: Typed): Guess | null {
  if (typed.amount === null) {
    const choice = analyte.choices.find(({ code }) => code === typed.value);
    return choice ? (choice.is_abnormal || choice.is_critical ? "A" : "N") : null;
  }
  const value = typed.amount;
  const [low, high, criticalLow, criticalHigh] = [analyte.reference_low, analyte.reference_high, analyte.critical_low, analyte.critical_high].map(bound) as [number | null, number | null, number | null, number | null];
  if (criticalLow !== null && value <= criticalLow) return "LL";
  if (criticalHigh !== null && value >= criticalHigh) return "HH";
  if (low !== null && value < low) return "L";
  if (high !== null && value > high) return "H";
  return low === null && high === null ? null : "N";
}

const bound = (value: unknown): number | null => {
  const amount = typeof value === "number" ? value : typeof value === "string" && value !== "" ? Number(value) : Number.NaN;
  return Number.isFinite(amount) ? amount : null;
};

/** How many times beyond a critical bound a value may lie and still be believed at once, and beyond a usual one. */
const farOut = { critical: 4, usual: 20 };

/** Whether a point may be missing: nobody writes 02 who does not mean 0.2. Asked about in any unit. */
export const lacksPoint = (analyte: Pick<BenchAnalyte, "kind">, typed: Typed): boolean => analyte.kind === "number" && /^[<>]?[+-]?0\d/.test(typed.value ?? "");

/**
 * Whether no living body is likely to show this value: a point forgotten, a key pressed twice. It is asked about, never
 * refused.
 */
export function isUnlikely(analyte: Bounds, typed: Typed): boolean {
  const value = typed.amount;
  if (value === null) return false;
  const [low, high, criticalLow, criticalHigh] = [analyte.reference_low, analyte.reference_high, analyte.critical_low, analyte.critical_high].map(bound) as [number | null, number | null, number | null, number | null];
  // a scale that goes below nothing, as base excess does, has no factor
  if (low !== null && low < 0) return Math.abs(value) > farOut.usual * Math.max(Math.abs(low), Math.abs(high ?? 0));
  if (value < 0) return low !== null || high !== null;
  const [top, bottom] = [criticalHigh ?? high, criticalLow ?? low];
  if (top !== null && top > 0 && value > top * (criticalHigh === null ? farOut.usual : farOut.critical)) return true;
  return bottom !== null && bottom > 0 && value < bottom / (criticalLow === null ? farOut.usual : farOut.critical);
}
