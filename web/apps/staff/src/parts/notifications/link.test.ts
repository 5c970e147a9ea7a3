import { expect, it } from "vitest";
import { addressOf } from "./link";

it.each([
  ["an alert", { screen: "alert", params: { alert_id: "a", patient_id: "p" } }, "/alerts?alert=a"],
  ["a result of a visit", { screen: "encounter", params: { patient_id: "p", encounter_id: "e", result_id: "r" } }, "/patients/p?encounter=e"],
  ["a report", { screen: "report", params: { patient_id: "p", report_id: "r" } }, "/patients/p"],
  ["nobody's record", { screen: "encounter", params: {} }, null],
] as const)("leads from %s to its screen", (_, link, address) => {
  expect(addressOf({ link: { screen: link.screen, params: { ...link.params } } })).toBe(address);
});
