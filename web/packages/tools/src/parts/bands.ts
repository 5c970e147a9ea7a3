import { number, record, records } from "./read";

export type Band = { from: number; value: unknown; source: Record<string, unknown> } | { is: unknown; value: unknown; source: Record<string, unknown> };

/** The bands of a pack, as templates' tables write them: `from` a number on, or `is` exactly this. */
export function readBands(value: unknown): Band[] {
  return records(value).flatMap((source): Band[] => {
    const from = number(source.from);
    if (from !== null) return [{ from, value: source.value ?? null, source }];
    return "is" in source ? [{ is: source.is, value: source.value ?? null, source }] : [];
  });
}

/** The band a value is in: the last whose `from` is not above it, or the one that `is` it; null when there is none. */
export function bandOf(bands: Band[], value: number | string | boolean): Band | null {
  const equal = bands.find((band) => "is" in band && band.is === value);
  if (equal) return equal;
  if (typeof value !== "number") return null;
  return bands.reduce<Band | null>((best, band) => ("from" in band && band.from <= value && (best === null || !("from" in best) || band.from >= best.from) ? band : best), null);
}

export function scoreOf(bands: Band[], value: number | string | boolean): number | null {
  return number(record(bandOf(bands, value)).value);
}
