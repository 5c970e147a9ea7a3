import type { About, Payload, Template } from "../src";

export interface Sample {
  name: string;
  template: Template;
  value: Payload;
  faults?: Record<string, string>;
  carry?: { values: Payload; when?: string };
  readOnly?: boolean;
}

export const about: About = { now: "2026-03-07T10:00:00+05:30", patient: { age_years: 54, gender: "female" }, encounter: { encounter_type: "OPD", pack: "base" } };

const often = [
  { const: 0, title: "Not at all" },
  { const: 1, title: "Several days" },
  { const: 2, title: "More than half the days" },
  { const: 3, title: "Nearly every day" },
];
const question = (title: string) => ({ type: "integer" as const, title, oneOf: often });
const eye = {
  type: "object" as const,
  properties: {
    sphere: { type: "number" as const, title: "Sphere", "x-unit": "[diop]" },
    cylinder: { type: "number" as const, title: "Cylinder", "x-unit": "[diop]" },
    axis: { type: "integer" as const, title: "Axis", "x-unit": "deg", minimum: 0, maximum: 180 },
    acuity: { type: "string" as const, title: "Acuity", enum: ["6/6", "6/9", "6/12", "6/18", "6/60"] },
  },
};

/** Every widget once, with long and short words, each kind of fault and each script. */
export const every: Template = {
  schema: {
    type: "object",
    required: ["complaint", "weight_kg", "consent", "sleep", "medicines", "scores"],
    properties: {
      complaint: { type: "string", title: "Chief complaint", maxLength: 500 },
      short: { type: "string", title: "Referred by", maxLength: 80 },
      weight_kg: { type: "number", title: "Weight", minimum: 0, maximum: 500, "x-unit": "kg", "x-carry": true },
      height_cm: { type: "number", title: "Height", minimum: 20, maximum: 260, "x-unit": "cm", "x-carry": true },
      temperature: { type: "number", title: "Temperature", "x-unit": "Cel" },
      blood_pressure: { type: "string", title: "Blood pressure", maxLength: 20 },
      onset: { type: "string", format: "date", title: "Onset" },
      seen_at: { type: "string", format: "date-time", title: "Seen at" },
      consent: { type: "boolean", title: "Consent given" },
      smoker: { type: "boolean", title: "Smokes", description: "Any tobacco in the last year" },
      side: { type: "string", title: "Side", oneOf: [{ const: "l", title: "Left" }, { const: "r", title: "Right" }, { const: "b", title: "Both" }] },
      sleep: {
        type: "string",
        title: "Sleep (nidra)",
        oneOf: [
          { const: "light", title: "Light, broken at the least noise" },
          { const: "sound", title: "Sound but short" },
          { const: "deep", title: "Deep and long, hard to wake" },
        ],
      },
      pulse: { type: "string", title: "नाड़ी", oneOf: [{ const: "v", title: "वात: सर्प जैसी, पतली" }, { const: "p", title: "पित्त: मेंढक जैसी" }, { const: "k", title: "कफ: हंस जैसी, भरी" }] },
      symptoms: { type: "array", title: "Symptoms", items: { type: "string", enum: ["fever", "cough", "breathlessness", "chest_pain", "fatigue", "nausea", "loss_of_appetite", "headache"] } },
      allergies: { type: "array", title: "Allergies", items: { type: "string" } },
      drug: { type: "string", title: "Drug", enum: ["aspirin", "atorvastatin", "bisoprolol", "clopidogrel", "furosemide", "heparin", "insulin", "metformin", "ramipril"] },
      pain: { type: "integer", title: "Pain", minimum: 0, maximum: 10 },
      vata: { type: "integer", title: "Vata", minimum: 0, maximum: 30 },
      q1: question("Little interest or pleasure in doing things"),
      q2: question("Feeling down, depressed or hopeless"),
      scores: { type: "object", title: "Over the last two weeks", required: ["nervous", "worry"], properties: { nervous: question("Feeling nervous, anxious or on edge"), worry: question("Not being able to stop or control worrying"), restless: question("Being so restless that it is hard to sit still") } },
      medicines: {
        type: "array",
        title: "Medicines",
        minItems: 1,
        maxItems: 20,
        items: {
          type: "object",
          required: ["name"],
          properties: {
            name: { type: "string", title: "Medicine", maxLength: 80 },
            dose: { type: "number", title: "Dose", "x-unit": "mg" },
            route: { type: "string", title: "Route", oneOf: [{ const: "po", title: "By mouth" }, { const: "iv", title: "Into a vein" }, { const: "sc", title: "Under the skin" }] },
            days: { type: "integer", title: "Days", minimum: 1 },
          },
        },
      },
      diagnoses: {
        type: "array",
        title: "Diagnoses",
        items: {
          type: "object",
          required: ["description"],
          properties: {
            description: { type: "string", title: "Diagnosis" },
            code: { type: "string", title: "ICD-10", maxLength: 10 },
            since: { type: "string", format: "date", title: "Since" },
            certain: { type: "boolean", title: "Certain" },
            stage: { type: "string", title: "Stage", enum: ["I", "II", "III"] },
            severity: { type: "string", title: "Severity", oneOf: [{ const: "mild", title: "Mild" }, { const: "moderate", title: "Moderate" }, { const: "severe", title: "Severe" }] },
            note: { type: "string", title: "Remark", maxLength: 500 },
          },
        },
      },
      refraction: { type: "object", title: "Refraction", properties: { od: eye, os: eye } },
      pressure: { type: "object", title: "Intraocular pressure", properties: { od: { type: "number", "x-unit": "mm[Hg]", minimum: 0, maximum: 80 }, os: { type: "number", "x-unit": "mm[Hg]", minimum: 0, maximum: 80 } } },
      exam: { type: "object", title: "Abdomen", properties: { soft: { type: "boolean", title: "Soft" }, tender: { type: "string", title: "Tender where", maxLength: 80 }, liver_cm: { type: "number", title: "Liver below the margin", "x-unit": "cm" } } },
      note: { type: "string", title: "Remarks" },
      quit: { type: "string", title: "Wishes to stop", oneOf: [{ const: "y", title: "Yes" }, { const: "n", title: "Not now" }] },
    },
  },
  ui: {
    pages: [
      { title: "Complaint", rows: [["complaint"], ["short", "onset", "seen_at"], ["weight_kg", "height_cm", "bmi"], ["temperature", "blood_pressure"]] },
      { title: "Habits and constitution", rows: [["consent", "smoker", "quit"], ["side", "drug"], ["sleep"], ["pulse"], ["symptoms"], ["allergies"], ["pain", "vata"]] },
      { title: "Questionnaires", rows: [["q1"], ["q2"], ["scores"]] },
      { title: "Eyes and examination", rows: [["refraction"], ["pressure"], ["exam"]] },
      { title: "Treatment", rows: [["medicines"], ["diagnoses"], ["note"]] },
    ],
    fields: {
      complaint: { widget: "textarea", lines: 2, help: "In the patient's own words", placeholder: "Since when, where, how" },
      sleep: { widget: "choice" },
      pulse: { widget: "chips" },
      symptoms: { widget: "chips" },
      pain: { widget: "slider", min_label: "No pain", max_label: "The worst thinkable" },
      vata: { widget: "slider" },
      q1: { widget: "score_grid" },
      q2: { widget: "score_grid" },
      scores: { widget: "score_grid" },
      refraction: { widget: "laterality" },
      pressure: { widget: "laterality" },
    },
    show_if: { quit: "doc.smoker" },
  },
  computed: [
    { name: "bmi", expression: "round(doc.weight_kg / pow(doc.height_cm / 100.0, 2), 1)", title: "Body mass index", unit: "kg/m2" },
    { name: "phq2", expression: "doc.q1 + doc.q2", title: "PHQ-2" },
    { name: "steps", expression: "doc.medicines.map(m, m.name)" },
    { name: "burden", expression: "size(doc.medicines) > 4 ? 'many' : 'few'", title: "Medicines" },
    { name: "at_risk", expression: "computed.phq2 >= 3", title: "Positive screen" },
  ],
  summary: "{complaint}, BMI {bmi}",
};

const filled: Payload = {
  complaint: "Headache since two weeks, worse in the morning",
  short: "Dr. Rao",
  weight_kg: 82.5,
  height_cm: 171,
  temperature: 37.2,
  onset: "2026-02-21",
  seen_at: "2026-03-07T05:30:00Z",
  consent: true,
  smoker: true,
  quit: "n",
  side: "l",
  sleep: "light",
  pulse: "v",
  symptoms: ["fever", "headache"],
  allergies: ["Penicillin", "Nuts"],
  drug: "metformin",
  pain: 7,
  vata: 20,
  q1: 2,
  q2: 1,
  scores: { nervous: 3, worry: 1 },
  medicines: [
    { name: "Metformin", dose: 500, route: "po", days: 30 },
    { name: "Insulin glargine", dose: 10, route: "sc" },
  ],
  diagnoses: [{ description: "Type 2 diabetes", code: "E11", since: "2019-05-01", certain: true, stage: "II", severity: "moderate", note: "Poorly controlled since the move" }],
  refraction: { od: { sphere: -1.25, cylinder: -0.5, axis: 90, acuity: "6/9" }, os: { sphere: -1, acuity: "6/6" } },
  pressure: { od: 16, os: 22 },
  exam: { soft: true, liver_cm: 2 },
};

export const samples: Sample[] = [
  { name: "filled", template: every, value: filled },
  { name: "empty", template: every, value: {}, carry: { when: "12-Jan-2026", values: { weight_kg: 84, height_cm: 171 } } },
  {
    name: "faulty",
    template: every,
    value: { ...filled, weight_kg: 999, medicines: [{ dose: 5 }] },
    faults: { weight_kg: "At most 500.", consent: "This is needed.", sleep: "This is needed.", symptoms: "This value does not fit.", "scores.restless": "This is needed.", "medicines.0.name": "This is needed.", "refraction.od.axis": "At most 180.", q1: "This is needed.", pain: "This is needed." },
  },
  { name: "read", template: every, value: filled, readOnly: true },
];
