import { afterAll, beforeAll, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { Person } from "./person";

let pathologist: Person;
let technician: Person;
let material: string;
let lot: string;

beforeAll(async () => {
  [pathologist, technician] = await Promise.all([Person.at(demo.pathologist), Person.at(demo.technician)]);
  material = uniqueName("Cardiac control");
  lot = material.slice(-6).toUpperCase();
  // a server that was used before may still hold it
  const { results } = await pathologist.ask<{ results: { id: string }[] }>("GET", "/api/lab/control-holds?status=OPEN&analyte=CKMB");
  for (const { id } of results) await pathologist.ask("POST", `/api/lab/control-holds/${id}/resolve`, { reason: "Begun anew" });
});

afterAll(async () => {
  await Promise.all([pathologist?.leave(), technician?.leave()]);
});

it("opens a control lot by keyboard", async () => {
  const { page } = pathologist;
  await pathologist.goTo("/lab/quality?part=lots");
  await page.getByRole("button", { name: "New lot" }).first().waitFor();
  await pathologist.press("n");
  const panel = page.getByRole("dialog", { name: "New lot" });
  await pathologist.focused(panel.getByLabel("Material"));
  await pathologist.type(material);
  await pathologist.press("Escape");
  await panel.waitFor();
  await pathologist.press("Tab");
  await pathologist.type(lot);
  await pathologist.tabTo(panel.getByRole("textbox", { name: "Expires on" }));
  await pathologist.type("31-12-2099");
  await pathologist.tabTo(panel.getByRole("combobox", { name: "Analyte" }));
  // no other journey asks for it, so that nobody's results wait for this one
  await pathologist.type("ckmb");
  await pathologist.press("ArrowDown", "Enter", "Tab");
  await pathologist.type("5.0");
  await pathologist.press("Tab");
  await pathologist.type("0");
  await pathologist.press("Control+Enter");
  await panel.getByText("Must be greater than zero.").waitFor();
  await pathologist.focused(panel.getByRole("textbox", { name: "SD" }));
  await pathologist.look("control-lot-form");
  await panel.getByRole("textbox", { name: "SD" }).fill("0.4");
  await pathologist.press("Control+Enter");
  await page.getByRole("heading", { name: `${material}, level 1` }).waitFor();
  await page.getByText("Not run yet.").waitFor();
  expect(pathologist.complaints).toEqual([]);
});

it("takes today's controls, one Enter each, until one is rejected", async () => {
  const { page } = technician;
  await technician.goTo("/lab/quality");
  const field = page.getByRole("textbox", { name: new RegExp(`, level 1, lot ${lot}`) });
  const row = page.getByRole("row").filter({ has: field });
  await technician.tabTo(field, 200);
  for (const [value, verdict] of [["5.1", "In control"], ["4.8", "In control"], ["5.9", "Warning 1-2s"]] as const) {
    await technician.type(value);
    await technician.press("Enter");
    await row.getByText(value).waitFor();
    await row.getByText(verdict).waitFor();
    await field.focus();
  }
  await technician.type("51");
  await technician.press("Enter");
  await row.getByText("Is 51 meant?").waitFor();
  await technician.press("Control+a");
  await technician.type("6.3");
  await technician.press("Enter");
  await row.getByText(/Rejected 1-3s/).waitFor();
  const held = page.getByRole("region", { name: "Held analytes" });
  await held.getByRole("listitem").filter({ hasText: material }).waitFor();
  expect(await held.getByRole("button", { name: /Resolve/ }).count()).toBe(0);
  await technician.look("control-runs");
  await field.focus();
  expect(technician.complaints).toEqual([]);
});

it("lets the pathologist answer for it with a reason", async () => {
  const { page } = pathologist;
  // it came by itself, over the open stream
  const item = page.getByRole("region", { name: "Held analytes" }).getByRole("listitem").filter({ hasText: material });
  await item.waitFor();
  const chart = page.getByRole("slider", { name: new RegExp(`level 1, lot ${lot}`) });
  await chart.focus();
  await pathologist.press("End");
  expect(await chart.getAttribute("aria-valuetext")).toMatch(/6\.3 .*\+3\.25 SD, 1-3s 2-2s/);
  await pathologist.press("ArrowLeft");
  expect(await chart.getAttribute("aria-valuetext")).toMatch(/5\.9 .*1-2s/);
  await pathologist.look("control-chart");
  await item.getByRole("button", { name: /Resolve the hold/ }).click();
  const dialog = page.getByRole("dialog", { name: "Resolve a hold" });
  await pathologist.focused(dialog.getByRole("textbox", { name: "Reason" }));
  await pathologist.press("Control+Enter");
  await dialog.getByText("Say why.").waitFor();
  await pathologist.look("control-resolve");
  await pathologist.type("The vial had stood open over night; a new one is in control.");
  await pathologist.press("Control+Enter");
  await item.waitFor({ state: "detached" });
  await pathologist.goTo("/lab/quality?part=holds");
  await page.getByRole("row").filter({ hasText: "Resolved" }).filter({ hasText: material }).first().waitFor();
  await pathologist.look("control-holds");
  expect(pathologist.complaints).toEqual([]);
});

it("leaves a run of the wrong vial out of the calculation", async () => {
  const { page } = pathologist;
  await pathologist.goTo("/lab/quality?part=lots");
  await page.getByRole("row").filter({ hasText: material }).first().click();
  await page.getByRole("heading", { name: `${material}, level 1` }).waitFor();
  await page.getByRole("row").filter({ hasText: "6.3" }).getByRole("button", { name: /Exclude the run/ }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Reason" }).fill("Wrong vial");
  await pathologist.press("Control+Enter");
  await page.getByRole("row").filter({ hasText: "Excluded: Wrong vial" }).waitFor();
  const observed = page.getByRole("table", { name: "Target and observed" }).getByRole("row", { name: /Observed/ });
  await observed.filter({ hasText: "3" }).waitFor();
  expect(await observed.textContent()).toContain("5.27");
  expect(pathologist.complaints).toEqual([]);
});

it("tells how long tests take", async () => {
  const { page } = pathologist;
  await pathologist.goTo("/lab/turnaround");
  await page.getByRole("combobox", { name: "Period" }).or(page.getByText("No test was ordered in this time.")).first().waitFor();
  await pathologist.look("turnaround");
  await page.getByText("Section", { exact: true }).first().click();
  await pathologist.look("turnaround-sections");
  expect(pathologist.complaints).toEqual([]);
});
