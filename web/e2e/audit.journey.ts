import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { Person } from "./person";

const name = uniqueName("Harpreet");
let nurse: Person;
let auditor: Person;
let visit: { patient: string; encounter: string; mrn: string };

beforeAll(async () => {
  [nurse, auditor] = await Promise.all([Person.at(demo.nurse), Person.at(demo.auditor)]);
  visit = await nurse.hasArrived(name);
});

afterAll(async () => {
  await Promise.all([nurse?.leave(), auditor?.leave()]);
});

it("gives a task to a colleague", async () => {
  const { page } = nurse;
  await nurse.goTo("/tasks");
  await page.getByRole("radio", { name: "Open" }).locator("xpath=..").click();
  const row = page.getByRole("row", { name: new RegExp(`Record vitals.*${name}`) });
  // the newest are due last: all are on the list in time, however much other journeys have to do
  const more = page.getByRole("button", { name: "Show more" });
  await expect
    .poll(
      async () => {
        if (await row.isVisible()) return true;
        if (await more.isVisible()) await more.click({ timeout: 2_000 }).catch(() => {});
        return row.isVisible();
      },
      { timeout: 150_000, interval: 200 },
    )
    .toBe(true);
  await nurse.look("tasks-open");
  await row.getByRole("button", { name: "More for Record vitals" }).click();
  await page.getByRole("menuitem", { name: "Assign to a colleague" }).waitFor();
  await nurse.look("task-menu");
  await page.getByRole("menuitem", { name: "Assign to a colleague" }).click();
  const dialog = page.getByRole("dialog", { name: "Assign to a colleague" });
  const field = dialog.getByRole("combobox", { name: "Assigned to" });
  await field.fill("Nirmala");
  await page.getByRole("option", { name: "Dr. Nirmala Rao" }).waitFor();
  await nurse.look("task-assign");
  await page.getByRole("option", { name: "Dr. Nirmala Rao" }).click();
  await dialog.getByRole("button", { name: "Assign to a colleague" }).click();
  await page.getByText("Record vitals is for Dr. Nirmala Rao now.").waitFor();
  await row.getByText("Dr. Nirmala Rao").waitFor();
  expect(nurse.complaints).toEqual([]);
});

it("filters the trail by patient, person, day and event", async () => {
  const { page } = auditor;
  await auditor.goTo("/audit");
  await page.getByRole("row").nth(1).waitFor();
  await page.getByRole("combobox", { name: "Patient" }).fill(visit.mrn);
  await page.getByRole("option", { name: new RegExp(name) }).click();
  await page.getByLabel("Event").fill("tasks.assigned");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await expect.poll(() => page.getByRole("row").count()).toBe(2);
  await page.getByRole("combobox", { name: "Who" }).click();
  await page.getByRole("option", { name: "Ravi Kumar" }).click();
  await page.getByText("No entry matches.").waitFor();
  await auditor.look("audit-none");
  await page.getByRole("button", { name: "Show everything" }).click();
  await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(20);
  expect(auditor.complaints).toEqual([]);
});

it("proves one entry, and that nothing was altered", async () => {
  const { page } = auditor;
  // an entry of this moment may still wait for its seal
  await page.getByRole("row").last().click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("button", { name: "Prove this entry" }).click();
  await panel.getByText("The proof holds").waitFor();
  await panel.getByRole("list", { name: "From the entry up to the root" }).getByText("Root of the tree").waitFor();
  await auditor.look("audit-proof");
  await auditor.press("Escape");
  await panel.waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Verify" }).click();
  await page.getByText("The record is whole").waitFor();
  await auditor.look("audit");
});

it("names every row that was altered", async () => {
  const { page } = auditor;
  const id = "01a201c1-f5b1-753c-bc69-fd1728fbe78b";
  // the answer of a server whose database somebody rewrote: how it becomes so is the server's own test
  await page.route("**/api/audit/verify", async (route) => {
    const answer = await route.fetch();
    const report = await answer.json();
    await route.fulfill({ response: answer, json: { ...report, ok: false, broken: [{ id, what: "entry", reason: "The row is not what was sealed." }] } });
  });
  await page.getByRole("button", { name: "Verify" }).click();
  await page.getByText("The record was altered").waitFor();
  await page.getByText(id).waitFor();
  await auditor.look("audit-broken");
  await page.unroute("**/api/audit/verify");
});

it("exports a range of days", async () => {
  const { page } = auditor;
  const today = new Date().toISOString().slice(0, 10).split("-").reverse().join("-");
  await page.getByRole("button", { name: "Export as CSV" }).click();
  await page.getByText("Choose first from which day on.").waitFor();
  await page.getByLabel("From day").fill(today);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^audit_.*\.csv$/);
  const folder = mkdtempSync(join(tmpdir(), "hm-export-"));
  await file.saveAs(join(folder, "audit.csv"));
  const content = readFileSync(join(folder, "audit.csv"), "utf8");
  rmSync(folder, { recursive: true });
  expect(content).toContain("encounters.checked_in");
  expect(auditor.complaints).toEqual([]);
});
