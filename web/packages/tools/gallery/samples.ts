import type { ToolHostProps } from "@hm/tools";

export interface Sample {
  name: string;
  title: string;
  props: Omit<ToolHostProps, "host" | "title">;
  value: unknown;
  readOnly?: boolean;
}

export const samples: Sample[] = [
  {
    name: "radar",
    title: "Prakriti and vikriti",
    props: {
      tool: "radar",
      titles: { vata: "Vata", pitta: "Pitta", kapha: "Kapha" },
      bind: { axes: ["vata", "pitta", "kapha"], series: [{ title: "Prakriti", fields: ["vata", "pitta", "kapha"] }, { title: "Vikriti", fields: ["vata_now", "pitta_now", "kapha_now"] }] },
      config: { share: true },
    },
    value: { vata: 8, pitta: 16, kapha: 6, vata_now: 19, pitta_now: 12, kapha_now: 5 },
    readOnly: true,
  },
  {
    name: "radar-one",
    title: "Miasms",
    props: { tool: "radar", bind: { axes: ["psora", "sycosis", "syphilis", "tubercular"] }, config: { max: 10 } },
    value: { psora: 7, sycosis: 4, syphilis: 1, tubercular: 5 },
    readOnly: true,
  },
  {
    name: "refraction_grid",
    title: "Refraction",
    props: { tool: "refraction_grid" },
    value: { od: { sphere: -1.25, cylinder: -0.5, axis: 90, add: 2, prism: 2, base: "in", va: "6/9" }, os: { sphere: -1.5, cylinder: -0.75, va: "CF" }, pd: 62, summary: "" },
  },
  {
    name: "waveform",
    title: "ECG",
    props: { tool: "waveform", config: { prior: { synthetic: { seed: 3, rhythm: "sinus", rate: 64 }, measurements: { rr_ms: 938, qt_ms: 390 }, summary: "" } } },
    value: { synthetic: { seed: 11, rhythm: "sinus", rate: 88, st_mv: { V2: 0.3, V3: 0.35, V4: 0.2 } }, measurements: { rr_ms: 682, pr_ms: 160, qrs_ms: 92, qt_ms: 420 }, summary: "" },
  },
  {
    name: "waveform-afib",
    title: "ECG",
    props: { tool: "waveform", config: { synthetic: { seed: 5, rhythm: "afib" } } },
    value: null,
  },
];
