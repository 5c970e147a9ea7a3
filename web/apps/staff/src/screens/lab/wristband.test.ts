import type { CollectionRow } from "@hm/client";
import { expect, it } from "vitest";
import { whatIs } from "./wristband";

const row = (mrn: string, test = "CBC") => ({ patient: { mrn }, items: [{ order_item_id: `${mrn} ${test}` }] }) as unknown as CollectionRow;
const [meera, meeraToo, arjun] = [row("MAIN-26-000138"), row("MAIN-26-000138", "ELEC"), row("MAIN-26-000007")];
const rows = [meera, meeraToo, arjun];

it.each([
  ["the patient's under the hand", "MAIN-26-000138", meeraToo, { kind: "patient", row: meeraToo, isUnderTheHand: true }],
  ["in small letters, as some wristbands", "main-26-000138", meera, { kind: "patient", row: meera, isUnderTheHand: true }],
  ["another patient's", "MAIN-26-000007", meera, { kind: "patient", row: arjun, isUnderTheHand: false }],
  ["with nothing under the hand", "MAIN-26-000138", null, { kind: "patient", row: meera, isUnderTheHand: false }],
  ["of somebody who is not listed", "MAIN-26-999999", meera, { kind: "nobodyHere" }],
  ["a tube's", "2611220001", meera, { kind: "label" }],
  ["a tube's of another maker", "AB-1234567", meera, { kind: "label" }],
])("knows a wristband from a tube: %s", (_, scanned, under, what) => {
  expect(whatIs(scanned, rows, under)).toEqual(what);
});
