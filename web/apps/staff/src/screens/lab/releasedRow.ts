import type { BenchAnalyte, LabAnalyte, LabResult, LabValue, WorklistRow } from "@hm/client";

/** A released result as the bench has it, to type its next version: the server judges what is typed. */
export function rowOf(result: LabResult, analytes: readonly LabAnalyte[]): WorklistRow {
  const saved = (code: string) => result.values.find((value) => value.code === code);
  return {
    order_item_id: result.order_item_id,
    encounter_id: result.encounter_id,
    status: "VERIFIED",
    sample: { id: result.sample_id, barcode: result.barcode, specimen_type: result.specimen_type, collected_at: result.collected_at, received_at: null },
    patient: result.patient,
    service_code: result.service_code,
    name: result.name,
    section: null,
    priority: result.priority,
    due_at: null,
    is_overdue: false,
    pregnant: null,
    analytes: analytes.length > 0 ? analytes.map((analyte) => withRange(analyte, saved(analyte.code))) : result.values.map(fromValue),
    result,
  };
}

const withRange = (analyte: LabAnalyte, value: LabValue | undefined): BenchAnalyte => ({
  ...analyte,
  reference_low: value?.reference_low ?? null,
  reference_high: value?.reference_high ?? null,
  reference_text: value?.reference_text ?? null,
  critical_low: null,
  critical_high: null,
  former: value?.former ?? null,
});

/** Of a test that the catalogue knows no more: what it was is told by its values. */
const fromValue = (value: LabValue): BenchAnalyte =>
  withRange(
    {
      code: value.code,
      name: value.name,
      loinc: value.loinc,
      section: value.section,
      kind: typeof value.value === "number" ? "number" : "text",
      unit: value.unit,
      units: value.unit ? [value.unit] : [],
      decimals: 0,
      choices: [],
      calculated: value.calculated,
      method: value.method,
      depends_on_pregnancy: false,
    },
    value,
  );
