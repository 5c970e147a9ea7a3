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

const rubrics = [
  { id: "1", path: "Mind, fear, death, of", remedies: 64 },
  { id: "2", path: "Stomach, thirst, small quantities, for, often", remedies: 18 },
  { id: "3", path: "Generals, night, midnight, after, aggravation", remedies: 71 },
  { id: "4", path: "Mind, restlessness, anxious, driving out of bed", remedies: 22 },
  { id: "5", path: "Mind, fear, alone, of being", remedies: 39 },
  { id: "6", path: "Generals, heat, lack of vital", remedies: 102 },
];
const remedies = ["Ars.", "Acon.", "Phos.", "Lyc.", "Rhus-t.", "Bry.", "Calc.", "Puls.", "Sulph.", "Bell.", "Nux-v.", "Sep.", "Merc.", "Ign.", "Kali-c."];

interface Analysis {
  rubrics: { rubric_id: string; weight: number; eliminate: boolean }[];
  method: string;
}

/** Grades made up from the names, so that they stay the same. */
function analysis({ rubrics: chosen, method }: Analysis): unknown {
  const weighed = remedies.map((abbreviation, at) => {
    const grades = chosen.map(({ rubric_id }) => (at === 0 ? 3 : (abbreviation.charCodeAt(0) * 7 + abbreviation.charCodeAt(1) + Number(rubric_id) * 11 + at) % 4));
    return { remedy: abbreviation, abbreviation, grades, coverage: grades.filter(Boolean).length, total: grades.reduce((sum, grade, index) => sum + grade * chosen[index]!.weight, 0) };
  });
  const left = weighed.filter(({ grades }) => chosen.every(({ eliminate }, index) => !eliminate || grades[index]! > 0));
  const by = method === "coverage" ? (one: (typeof left)[number]) => one.coverage * 1000 + one.total : (one: (typeof left)[number]) => one.total;
  return { remedies: left.toSorted((a, b) => by(b) - by(a)), rubrics: [], excluded: [] };
}

/** What the server would answer; the gallery has none. */
export async function answer(path: string, request?: HostRequest): Promise<unknown> {
  const address = new URL(path, location.origin);
  if (address.pathname === "/api/repertory") return { edition: { source: "gallery" }, chapters: ["Mind", "Stomach", "Generals"].map((chapter) => ({ chapter, rubrics: 2 })) };
  if (address.pathname === "/api/repertory/rubrics") {
    const words = (address.searchParams.get("q") ?? "").toLowerCase();
    return { results: rubrics.filter(({ path }) => path.toLowerCase().includes(words)).map(({ id, path, remedies }) => ({ id, chapter: path.split(", ")[0], path: path.split(", ").slice(1).join(", "), see: null, remedies_count: remedies })) };
  }
  if (address.pathname === "/api/repertory/analyses") return analysis(request?.body as Analysis);
  if (!address.pathname.endsWith("/observations")) throw new Error(`the gallery has no answer for ${path}`);
  const code = address.searchParams.get("code") ?? "";
  const results = (rows[code] ?? []).flatMap((value, index) => (value === null ? [] : [{ code, system: address.searchParams.get("system"), value, unit: units[code] ?? "", at: new Date(begin + index * 3.5 * 3_600_000).toISOString(), document_id: `d${index}` }]));
  return { results: results.reverse() };
}
