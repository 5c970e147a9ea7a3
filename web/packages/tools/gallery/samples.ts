import type { ToolHostProps } from "@hm/tools";

export interface Sample {
  name: string;
  title: string;
  props: Omit<ToolHostProps, "host" | "title">;
  value: unknown;
  readOnly?: boolean;
}

const loinc = "loinc";

/** Royal College of Physicians, National Early Warning Score 2, 2017. */
const news2 = {
  parameters: [
    { code: "9279-1", system: loinc, title: { en: "Respirations", hi: "श्वसन" }, unit: "/min", bands: [{ from: 0, value: 3 }, { from: 9, value: 1 }, { from: 12, value: 0 }, { from: 21, value: 2 }, { from: 25, value: 3 }] },
    { code: "59408-5", system: loinc, title: "SpO₂", unit: "%", bands: [{ from: 0, value: 3 }, { from: 92, value: 2 }, { from: 94, value: 1 }, { from: 96, value: 0 }] },
    { code: "air", system: "hm", title: "Air or oxygen", bands: [{ is: "air", value: 0, title: "Air" }, { is: "mask", value: 2, title: "Mask" }] },
    { code: "8480-6", system: loinc, title: "Systolic", unit: "mmHg", bands: [{ from: 0, value: 3 }, { from: 91, value: 2 }, { from: 101, value: 1 }, { from: 111, value: 0 }, { from: 220, value: 3 }] },
    { code: "8867-4", system: loinc, title: "Pulse", unit: "/min", bands: [{ from: 0, value: 3 }, { from: 41, value: 1 }, { from: 51, value: 0 }, { from: 91, value: 1 }, { from: 111, value: 2 }, { from: 131, value: 3 }] },
    { code: "acvpu", system: "hm", title: "Consciousness", bands: [{ is: "A", value: 0, title: "Alert" }, { is: "C", value: 3, title: "Confused" }] },
    { code: "8310-5", system: loinc, title: "Temperature", unit: "°C", decimals: 1, bands: [{ from: 0, value: 3 }, { from: 35.1, value: 1 }, { from: 36.1, value: 0 }, { from: 38.1, value: 1 }, { from: 39.1, value: 2 }] },
  ],
  aggregate: {
    title: "NEWS2",
    bands: [{ from: 0, title: "Low", tone: "ok" }, { from: 5, title: "Medium", tone: "warn" }, { from: 7, title: "High", tone: "critical" }],
    any: { score: 3, title: "Low–medium", tone: "info" },
  },
};

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
  {
    name: "time_grid",
    title: "Observation chart",
    props: { tool: "time_grid", config: news2 },
    value: null,
    readOnly: true,
  },
  {
    name: "trend",
    title: "Blood pressure",
    props: { tool: "trend", bind: { observations: [{ code: "8480-6", system: loinc, title: "Systolic", low: 90, high: 140, decimals: 0 }, { code: "8310-5", system: loinc, title: "Temperature", low: 36.1, high: 38 }] } },
    value: null,
    readOnly: true,
  },
  {
    name: "score_grid",
    title: "HEART",
    props: {
      tool: "score_grid",
      config: {
        items: [
          { code: "history", title: "History", options: [{ value: 0, title: "Slightly suspicious" }, { value: 1, title: "Moderately suspicious" }, { value: 2, title: "Highly suspicious" }] },
          { code: "ecg", title: "ECG", options: [{ value: 0, title: "Normal" }, { value: 1, title: "Unspecific repolarisation" }, { value: 2, title: "ST deviation" }] },
          { code: "age", title: "Age", options: [{ value: 0, title: "under 45" }, { value: 1, title: "45–64" }, { value: 2, title: "65 or more" }] },
          { code: "risk", title: "Risk factors", help: "Hypertension, diabetes, smoking, cholesterol, obesity, family", options: [{ value: 0, title: "None" }, { value: 1, title: "1 or 2" }, { value: 2, title: "3 or more, or known disease" }] },
          { code: "troponin", title: "Troponin", options: [{ value: 0, title: "Normal" }, { value: 1, title: "1–3 × limit" }, { value: 2, title: "over 3 × limit" }] },
        ],
        bands: [{ from: 0, title: "Low", tone: "ok" }, { from: 4, title: "Moderate", tone: "warn" }, { from: 7, title: "High", tone: "critical" }],
      },
    },
    value: { answers: { history: 1, ecg: 1, age: 2, risk: 1, troponin: 0 }, total: 5, band: "Moderate", summary: "HEART: 5, Moderate" },
  },
  {
    name: "body_map",
    title: "Pain",
    props: { tool: "body_map", config: { findings: [{ code: "pain", title: "Pain", tone: "warn" }, { code: "swelling", title: "Swelling", tone: "info" }, { code: "wound", title: "Open wound", tone: "critical" }] } },
    value: { regions: [{ code: "lower_back", findings: ["pain"], note: "worse in the morning" }, { code: "right_knee", findings: ["swelling", "wound"] }], summary: "" },
  },
  {
    name: "body_map-eye",
    title: "Slit lamp and fundus",
    props: { tool: "body_map", config: { drawing: "eye", findings: [{ code: "haemorrhage", title: "Haemorrhage", tone: "critical" }, { code: "exudate", title: "Exudate", tone: "warn" }, { code: "oedema", title: "Oedema", tone: "info" }] } },
    value: { regions: [{ code: "od_macula", findings: ["oedema"] }, { code: "os_nasal_conjunctiva", findings: ["haemorrhage"] }], summary: "" },
  },
  {
    name: "rubric_grid",
    title: "Repertorisation",
    props: { tool: "rubric_grid" },
    value: {
      rubrics: [
        { rubric_id: "1", path: "Mind, fear, death, of", weight: 3, eliminate: true },
        { rubric_id: "2", path: "Stomach, thirst, small quantities, for, often", weight: 2, eliminate: false },
        { rubric_id: "3", path: "Generals, night, midnight, after, aggravation", weight: 1, eliminate: false },
        { rubric_id: "4", path: "Mind, restlessness, anxious, driving out of bed", weight: 1, eliminate: false },
      ],
      method: "total",
      top: [],
      summary: "",
    },
  },
];
