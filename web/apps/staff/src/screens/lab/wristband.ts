import type { CollectionRow } from "@hm/client";
import { barcodeOf } from "./scanned";

const same = (a: string, b: string): boolean => barcodeOf(a).toUpperCase() === barcodeOf(b).toUpperCase();

/** Whether a text is some patient's number by its shape, MAIN-26-000138: that of somebody who has no row here is no tube either. */
const isNumberOfSomebody = (scanned: string): boolean => /^[A-Z0-9]{1,12}-\d{2}-\d{6,}$/i.test(barcodeOf(scanned));

export type Scanned =
  /** A tube's label. */
  | { kind: "label" }
  /** A wristband: whose rows, the one under the hand first where it is theirs. */
  | { kind: "patient"; row: CollectionRow; isUnderTheHand: boolean }
  /** A wristband of somebody of whom nothing is to be taken. */
  | { kind: "nobodyHere" };

/** What was scanned: a patient's number says who is there, and is never what a tube is called. */
export function whatIs(scanned: string, rows: readonly CollectionRow[], under: CollectionRow | null): Scanned {
  if (under && same(under.patient.mrn, scanned)) return { kind: "patient", row: under, isUnderTheHand: true };
  const row = rows.find(({ patient }) => same(patient.mrn, scanned));
  if (row) return { kind: "patient", row, isUnderTheHand: false };
  return isNumberOfSomebody(scanned) ? { kind: "nobodyHere" } : { kind: "label" };
}
