import { SchemaForm, SchemaView } from "@hm/forms";
import { useMemo } from "react";
import { useFormWords } from "../screens/consult/documentWords";

type Data = Record<string, unknown>;

interface DataFormProps {
  /** JSON Schema of type object, as a pack gives it for patients, visits and what is ordered. */
  schema: unknown;
  value: Data;
  onChange: (value: Data) => void;
  /** By dotted path within the data. */
  faults?: Record<string, string>;
  autoFocus?: boolean;
}

/** Data that a pack adds to what HM knows of a patient, a visit or an order. */
export function DataForm({ schema, value, onChange, faults, autoFocus }: DataFormProps) {
  const words = useFormWords();
  const template = useMemo(() => ({ schema, ui: { pages: [{ rows: rowsOf(schema) }] } }), [schema]);
  return <SchemaForm template={template} value={value} onChange={onChange} faults={faults ?? noFaults} words={words} autoFocus={autoFocus} />;
}
const noFaults = {};

export function DataView({ schema, value }: { schema: unknown; value: Data }) {
  const template = useMemo(() => ({ schema }), [schema]);
  return <SchemaView template={template} value={value} words={useFormWords()} />;
}

const perRow = 3;

/** Short fields side by side, anything longer in a row of its own. */
export function rowsOf(schema: unknown): string[][] {
  const rows: string[][] = [];
  let open: string[] | null = null;
  for (const [name, field] of Object.entries((schema as { properties?: Record<string, { type?: string; maxLength?: number; oneOf?: unknown[]; enum?: unknown[] }> } | null)?.properties ?? {})) {
    const choices = field.oneOf ?? field.enum;
    const short = choices ? choices.length > 4 : field.type === "number" || field.type === "integer" || (field.type === "string" && (field.maxLength ?? 1000) <= 120);
    if (!short) {
      rows.push([name]);
      open = null;
    } else if (open && open.length < perRow) open.push(name);
    else rows.push((open = [name]));
  }
  return rows;
}

/** Whether a pack asks for anything at all. */
export const asksForData = (schema: unknown): boolean => Object.keys((schema as { properties?: object } | null)?.properties ?? {}).length > 0;

/** The faults of one part of a refused request by path within that part: `system_data.stage` is `stage` of `system_data`. */
export function faultsWithin(faults: { location: string; message: string }[], part: string): Record<string, string> {
  return Object.fromEntries(
    faults.flatMap(({ location, message }) => {
      const path = location.replace(/^body\.?/, "");
      return path.startsWith(`${part}.`) ? [[path.slice(part.length + 1).replaceAll(/\[(\d+)\]/g, ".$1"), message]] : [];
    }),
  );
}
