import type { HostRequest } from "@hm/tools";

const rows: Record<string, (number | string | null)[]> = {
  "9279-1": [16, 18, 18, 22, 24, 26, 21, 18, 17],
  "59408-5": [98, 97, 96, 94, 93, 91, 95, 96, 97],
  air: ["air", "air", "air", "air", "mask", "mask", "mask", "air", "air"],
  "8480-6": [128, 124, 118, 112, 104, 96, 108, 116, 146],
  "8867-4": [76, 82, 88, 96, 112, 128, 104, 92, 84],
  acvpu: ["A", "A", "A", "A", "A", "C", "A", null, "A"],
  "8310-5": [36.8, 37.2, 37.9, 38.6, 39.2, 39.4, 38.4, 37.6, 37.1],
};
const units: Record<string, string> = { "8480-6": "mmHg", "8310-5": "°C", "8867-4": "/min" };
const begin = Date.parse("2026-03-11T14:30:00Z");

/** What the server would answer; the gallery has none. */
export async function answer(path: string, _request?: HostRequest): Promise<unknown> {
  const address = new URL(path, location.origin);
  if (!address.pathname.endsWith("/observations")) throw new Error(`the gallery has no answer for ${path}`);
  const code = address.searchParams.get("code") ?? "";
  const results = (rows[code] ?? []).flatMap((value, index) => (value === null ? [] : [{ code, system: address.searchParams.get("system"), value, unit: units[code] ?? "", at: new Date(begin + index * 3.5 * 3_600_000).toISOString(), document_id: `d${index}` }]));
  return { results: results.reverse() };
}
