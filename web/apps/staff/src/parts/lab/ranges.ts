/** A bound as it is written; null where there is none. */
const written = (bound: unknown): string | null => (typeof bound === "number" || (typeof bound === "string" && bound !== "") ? String(bound) : null);

/** A reference range in one line: `3.5–5.1`, `≤ 40`, or in words; empty where none is known. */
export function rangeText({ reference_low, reference_high, reference_text }: { reference_low?: unknown; reference_high?: unknown; reference_text?: string | null }): string {
  const [low, high] = [written(reference_low), written(reference_high)];
  if (low !== null && high !== null) return `${low}–${high}`;
  if (low !== null) return `≥ ${low}`;
  if (high !== null) return `≤ ${high}`;
  return reference_text ?? "";
}
