import { afterAll, beforeAll, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { type Result, atTheBench, entered, ordered, released, verified } from "./laboratory";
import { Person } from "./person";

// what is held and what verifies itself counts for a whole laboratory: these journeys have one to themselves
let doctor: Person;
let technician: Person;
let pathologist: Person;

beforeAll(async () => {
  [doctor, technician, pathologist] = await Promise.all([Person.at(demo.otherDoctor), Person.at(demo.otherTechnician), Person.at(demo.otherPathologist)]);
  await resolveAll("Begun anew");
});

afterAll(async () => {
  await resolveAll("Left open by a journey").catch(() => {});
  await Promise.all([doctor, technician, pathologist].map((person) => person?.leave()));
});

/** Nothing of this analyte stays held, whatever became of the journey. */
async function resolveAll(reason: string): Promise<void> {
  const { results } = await pathologist.ask<{ results: { id: string }[] }>("GET", "/api/lab/control-holds?status=OPEN&analyte=DDIM");
  for (const { id } of results) await pathologist.ask("POST", `/api/lab/control-holds/${id}/resolve`, { reason });
}

/** One test of somebody new, with its value entered. */
async function measured(name: string, code: string, value: number): Promise<Result> {
  const test = await ordered(doctor, doctor, name, [code]);
  await atTheBench(technician, test);
  return entered(technician, test, { [code]: value });
}

/** Somebody's result on the verify screen. */
async function toVerify(name: string, test: string) {
  const { page } = pathologist;
  await pathologist.goTo("/lab/verify");
  await page.getByLabel("Patient, MRN, barcode").fill(name);
  const result = page.getByRole("region", { name: `${test}, ${name}` });
  await result.waitFor();
  return result;
}

it("holds patients' results back while the control is out, until somebody answers for it", async () => {
  const surname = uniqueName("Held").replace(" ", "");
  const [waiting, vouched] = [`Anu ${surname}`, `Binu ${surname}`];
  await measured(waiting, "DDIM", 0.3);
  await verified(pathologist, await measured(vouched, "DDIM", 0.2));
  const material = uniqueName("Clotting control");
  const number = material.slice(-6).toUpperCase();
  const lot = await pathologist.ask<{ id: string }>("POST", "/api/lab/control-lots", { material, lot_number: number, level: 1, expires_on: "2099-12-31", targets: [{ analyte: "DDIM", mean: 1, sd: 0.1 }] });

  await technician.goTo("/lab/quality");
  const field = technician.page.getByRole("textbox", { name: new RegExp(`, level 1, lot ${number}`) });
  const row = technician.page.getByRole("row").filter({ has: field });
  await field.fill("1.35");
  await field.press("Enter");
  await row.getByText(/Rejected 1-3s/).waitFor();

  const { page } = pathologist;
  await pathologist.goTo(`/lab/quality/${lot.id}?analyte=DDIM`);
  const chart = page.getByRole("slider", { name: new RegExp(`level 1, lot ${number}`) });
  await chart.waitFor();
  expect(await chart.getAttribute("aria-valuetext")).toMatch(/1\.35 .*\+3\.50 SD, 1-3s/);
  await chart.locator("[data-mark=rejected]").first().waitFor();
  await pathologist.look("held-chart");

  const verifying = await toVerify(waiting, "D-dimer");
  await verifying.getByText("Quality control holds this analyte back until it is resolved:").waitFor();
  expect(await verifying.getByRole("button", { name: "Verify" }).count()).toBe(0);
  await pathologist.look("held-to-verify");
  const releasing = await toVerify(vouched, "D-dimer");
  await releasing.getByText("Quality control holds this analyte back until it is resolved:").waitFor();
  expect(await releasing.getByRole("button", { name: "Release" }).count()).toBe(0);

  // the reason leads to where it is resolved
  await releasing.getByRole("link", { name: "D-dimer" }).click();
  const hold = page.getByRole("region", { name: "Held analytes" }).getByRole("listitem").filter({ hasText: material });
  await hold.getByRole("button", { name: "Resolve the hold of D-dimer" }).click();
  const dialog = page.getByRole("dialog", { name: "Resolve a hold" });
  await dialog.getByRole("textbox", { name: "Reason" }).fill("The reagent was past its time; a fresh one is in control.");
  await pathologist.press("Control+Enter");
  await hold.waitFor({ state: "detached" });

  await (await toVerify(waiting, "D-dimer")).getByRole("button", { name: "Verify" }).click();
  await verifying.getByText("Verified", { exact: true }).first().waitFor();
  await (await toVerify(vouched, "D-dimer")).getByRole("button", { name: "Release" }).click();
  await page.getByText(`D-dimer of ${vouched} is released.`).waitFor();
  expect([...technician.complaints, ...pathologist.complaints]).toEqual([]);
});

it("lets a rule verify what is normal, until somebody suspends it", async () => {
  const surname = uniqueName("Usual").replace(" ", "");
  const { page } = pathologist;
  await pathologist.goTo("/lab/settings");
  const settings = page.getByRole("region", { name: "Autoverification" });
  const off = settings.getByRole("button", { name: "Switch off" });
  const on = settings.getByRole("button", { name: "Switch on" });
  await on.or(off).waitFor();
  // a server that was used before may have it on
  if (await off.isVisible()) await off.click();
  await on.click();
  await settings.getByText("On", { exact: true }).waitFor();
  await pathologist.look("autoverification-on");

  const [byItself, unusual, waits] = [`Anu ${surname}`, `Binu ${surname}`, `Dinu ${surname}`];
  await measured(byItself, "URIC", 4.2);
  await measured(unusual, "URIC", 9.5);
  const result = await toVerify(byItself, "Uric acid");
  await result.getByText("Verified", { exact: true }).first().waitFor();
  await result.getByText("by rule").waitFor();
  await pathologist.look("autoverified");
  await (await toVerify(unusual, "Uric acid")).getByRole("button", { name: "Verify" }).waitFor();

  await pathologist.goTo("/lab/settings");
  await pathologist.within(1, "suspend autoverification", async () => {
    await pathologist.click(settings.getByRole("button", { name: "Suspend at once" }));
    await pathologist.focused(page.getByLabel("Why?"));
    await pathologist.type("A new lot of reagent");
    await pathologist.press("Control+Enter");
    await settings.getByText("Suspended", { exact: true }).waitFor();
  });
  await settings.getByText("A new lot of reagent").waitFor();
  await pathologist.look("autoverification-suspended");
  await measured(waits, "URIC", 4.2);
  await (await toVerify(waits, "Uric acid")).getByRole("button", { name: "Verify" }).waitFor();

  await pathologist.goTo("/lab/settings");
  await off.click();
  await on.waitFor();
  expect(pathologist.complaints).toEqual([]);
});

it("tells the doctor what was corrected, and keeps the former report within reach", async () => {
  const name = uniqueName("Mended");
  const test = await ordered(doctor, doctor, name, ["ELEC"]);
  await doctor.ask("POST", `/api/encounters/${test.encounter}/start-consult`);
  await atTheBench(technician, test);
  const values = { NA: 140, K: 5.6, CL: 102, HCO3: 25 };
  const first = await entered(technician, test, values);
  await verified(pathologist, first);
  await released(pathologist, first);
  const { page } = doctor;
  await doctor.goTo(`/consult/${test.encounter}`);
  await page.getByRole("tab", { name: "Orders", exact: true }).click();
  const reports = page.getByRole("region", { name: "Laboratory reports" });
  await reports.getByRole("button", { name: /^Open report .*Electrolytes/ }).waitFor();
  expect(await reports.getByText("Corrected").count()).toBe(0);

  const second = await entered(technician, test, { ...values, K: 4.4 }, "Read from another tube");
  await verified(pathologist, second);
  await released(pathologist, second);
  // without asking for the page again
  await reports.getByText("Corrected", { exact: true }).waitFor();
  const former = reports.getByRole("button", { name: /^Open version 1 of report .*, which is out of date$/ });
  const opened = page.waitForResponse((response) => /\/api\/lab\/reports\/[^/]+\/pdf/.test(response.url()));
  await former.click();
  const made = await opened;
  expect([made.status(), made.headers()["content-type"]]).toEqual([200, "application/pdf"]);
  await doctor.look("corrected-report");

  await page.getByRole("button", { name: /Alerts and notifications/ }).click();
  const panel = page.getByRole("dialog", { name: "Alerts and notifications" });
  const notice = panel.getByRole("region", { name: "Notifications", exact: true }).getByRole("listitem").filter({ hasText: name }).filter({ hasText: "Result corrected" });
  await notice.waitFor();
  await doctor.look("corrected-notice");
  await notice.getByRole("button").first().click();
  await page.waitForURL(/\/patients\//);
  const result = page.getByRole("article", { name: "Electrolytes" });
  await result.getByText("Corrected", { exact: true }).waitFor();
  await result.getByText("Read from another tube").waitFor();
  await result.getByRole("row", { name: /Potassium/ }).getByText("4.4").waitFor();

  // every version stays with who answers for it
  await pathologist.goTo("/lab/verify");
  await pathologist.page.getByText("Released", { exact: true }).first().click();
  await pathologist.page.getByLabel("Patient, MRN, barcode").fill(name);
  const detail = pathologist.page.getByRole("region", { name: `Electrolytes, ${name}` });
  await detail.getByRole("button", { name: "2 versions" }).click();
  await detail.getByRole("table", { name: "Version 1" }).getByText("5.6").waitFor();
  await pathologist.look("corrected-versions");
  expect([...doctor.complaints, ...pathologist.complaints]).toEqual([]);
});
