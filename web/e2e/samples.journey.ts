import { afterAll, beforeAll, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { type Result, atTheBench, entered, newestSample, ordered, released, scanned, verified } from "./laboratory";
import { Person } from "./person";

let nurse: Person;
let doctor: Person;
let technician: Person;
let pathologist: Person;

beforeAll(async () => {
  [nurse, doctor, technician, pathologist] = await Promise.all([Person.at(demo.east.nurse), Person.at(demo.east.doctor), Person.at(demo.east.technician), Person.at(demo.east.pathologist)]);
});

afterAll(async () => {
  await Promise.all([nurse, doctor, technician, pathologist].map((person) => person?.leave()));
});

/** The one tube of somebody on the collection list. */
async function findTube(name: string) {
  const { page } = nurse;
  await nurse.goTo("/lab/collect");
  await page.getByLabel("Patient, MRN, test").fill(name);
  const row = page.getByRole("row", { name: new RegExp(name) });
  await row.waitFor();
  return { row, take: page.getByRole("button", { name: new RegExp(`^Take: .*${name}`) }), taken: page.getByRole("region", { name: "Just taken" }).getByText(name) };
}

it("rejects a spoilt sample, and gets the result from another", async () => {
  const name = uniqueName("Spoilt");
  const test = await ordered(doctor, doctor, name, ["DDIM"]);
  const first = await findTube(name);
  // no range of it is another in pregnancy: nothing is asked
  await nurse.within(1, "take a tube", () => nurse.click(first.take));
  await first.taken.waitFor();
  const spoilt = await newestSample(nurse, test);

  const door = technician.page;
  await technician.goTo("/lab/receive");
  await technician.focused(door.getByLabel("Scan a tube to receive it"));
  await scanned(technician, spoilt.barcode);
  const last = door.getByRole("region", { name: "Last scan" });
  await last.getByText("Received", { exact: true }).first().waitFor();
  await technician.within(1, "reject a sample", async () => {
    await technician.click(last.getByRole("button", { name: "Reject", exact: true }));
    const dialog = door.getByRole("dialog", { name: `Reject ${spoilt.barcode}` });
    const why = dialog.getByLabel("Why can it not be used?");
    await why.getByRole("option", { name: "Clotted" }).waitFor({ state: "attached" });
    await technician.press("Control+Enter");
    await dialog.getByText("Choose a reason.").first().waitFor();
    await why.selectOption({ label: "Clotted" });
    await technician.look("sample-reject");
    await why.focus();
    await technician.press("Control+Enter");
    await dialog.waitFor({ state: "detached" });
  });
  await last.getByText("Rejected because:").getByText("Clotted").waitFor();

  // who took it hears of it by the open stream, and is led to where another is taken
  const ward = nurse.page;
  await ward.getByRole("button", { name: /Alerts and notifications: [1-9]/ }).click();
  const panel = ward.getByRole("dialog", { name: "Alerts and notifications" });
  await panel.getByText(name).first().waitFor();
  await nurse.press("Escape");
  await panel.waitFor({ state: "detached" });
  await nurse.goTo("/alerts?mine=true");
  await ward.getByRole("row", { name: new RegExp(name) }).click();
  const alert = ward.getByRole("region", { name: "Alert", exact: true });
  await alert.getByText(name).waitFor();
  await alert.getByText("Sample rejected: D-dimer").first().waitFor();
  await alert.getByText("Clotted").waitFor();
  await nurse.look("sample-rejected-alert");
  const alertPage = ward.url();
  await alert.getByRole("link", { name: "Open the collection list" }).click();
  await ward.getByLabel("Patient, MRN, test").waitFor();
  const second = await findTube(name);
  await second.row.getByText("New sample").waitFor();
  await nurse.look("sample-again");
  await second.take.click();
  await second.taken.waitFor();
  await nurse.goTo(alertPage);
  await alert.getByText("Another sample was taken.").first().waitFor();

  // the spoilt tube is refused at the door, the other one is received and measured
  const good = await newestSample(nurse, test);
  expect(good.id).not.toBe(spoilt.id);
  await scanned(technician, spoilt.barcode);
  await last.getByText(spoilt.barcode).waitFor();
  await last.getByText("Rejected", { exact: true }).first().waitFor();
  await scanned(technician, good.barcode);
  const value = door.getByRole("textbox", { name: `D-dimer, ${name}`, exact: true });
  await value.fill("0.9");
  await value.press("Enter");
  await door.getByText("Saved", { exact: true }).waitFor();
  const { results } = await pathologist.ask<{ results: Result[] }>("GET", `/api/lab/results?encounter_id=${test.encounter}`);
  await verified(pathologist, results[0]!);
  await released(pathologist, results[0]!);

  await doctor.goTo(`/patients/${test.patient}`);
  const found = doctor.page.getByRole("article", { name: "D-dimer" }).getByRole("row", { name: /D-dimer/ });
  await found.getByText("0.90").waitFor();
  await found.getByText("High").waitFor();
  expect([nurse, technician, doctor].flatMap(({ complaints }) => complaints)).toEqual([]);
});

it("stores a sample where it is found again, and discards it", async () => {
  const name = uniqueName("Stored");
  const test = await ordered(doctor, doctor, name, ["DDIM"]);
  const { barcode } = await atTheBench(technician, test);
  await entered(technician, test, { DDIM: 0.2 });

  const { page } = technician;
  await technician.goTo("/lab/receive");
  await page.getByText("Store", { exact: true }).click();
  const last = page.getByRole("region", { name: "Last scan" });
  const storing = page.getByLabel("Scan a tube to store it");
  await storing.focus();
  await scanned(technician, barcode);
  await page.getByText("Say where it is stored.").waitFor();
  await page.getByLabel("Where it is stored").fill("Fridge 2, rack A");
  await storing.focus();
  await scanned(technician, barcode);
  await last.getByText("Stored", { exact: true }).first().waitFor();
  const custody = last.getByRole("list", { name: "Chain of custody" }).getByRole("listitem");
  await custody.filter({ hasText: "Stored" }).getByText("Fridge 2, rack A").waitFor();
  await technician.look("sample-stored");
  await scanned(technician, barcode);
  await last.getByText("Stored already").waitFor();

  await page.getByText("Discard", { exact: true }).click();
  await page.getByLabel("Scan a tube to discard it").focus();
  await scanned(technician, barcode);
  await custody.filter({ hasText: "Discarded" }).waitFor();
  await scanned(technician, barcode);
  await last.getByText("Discarded already").waitFor();
  expect((await custody.allTextContents()).map((line) => line.split(" ")[0])).toEqual(["Collected", "Received", "Stored", "Discarded"]);
  await technician.look("sample-discarded");
  expect(technician.complaints).toEqual([]);
});

it("asks about a pregnancy where a range depends on it, and judges by the answer", async () => {
  const name = uniqueName("Gravid").replace(" ", "");
  const [expecting, other, man] = [`Anu ${name}`, `Binu ${name}`, `Dinu ${name}`];
  const tests = [await ordered(doctor, doctor, expecting, ["HGB"]), await ordered(doctor, doctor, other, ["HGB"]), await ordered(doctor, doctor, man, ["HGB"], { gender: "male" })];

  const question = nurse.page.getByRole("dialog", { name: "Is the patient pregnant?" });
  for (const [who, key] of [[expecting, "y"], [other, "n"]] as const) {
    const { take, taken } = await findTube(who);
    await take.click();
    await question.getByText(who).waitFor();
    if (key === "y") await nurse.look("pregnancy-question");
    await question.getByRole("button", { name: "Not pregnant" }).waitFor();
    await nurse.press(key);
    await question.waitFor({ state: "detached" });
    await taken.waitFor();
  }
  const his = await findTube(man);
  await his.take.click();
  await his.taken.waitFor();
  for (const test of tests) {
    const { id } = await newestSample(technician, test);
    await technician.ask("POST", `/api/lab/samples/${id}/receive`);
  }

  const { page } = technician;
  await technician.goTo("/lab/bench");
  await page.getByLabel("Patient, MRN, barcode").fill(name);
  await page.getByText("3 tests", { exact: true }).waitFor();
  for (const [who, range, flag] of [[expecting, "11–15", "Normal"], [other, "12–15.5", "Low"], [man, "13–17", "Low"]] as const) {
    const block = page.getByRole("article", { name: `Haemoglobin, ${who}` });
    await block.getByText(range, { exact: true }).waitFor();
    await block.getByRole("textbox", { name: `Haemoglobin, ${who}`, exact: true }).fill("11.5");
    await technician.press("Control+Enter");
    await block.getByText("Saved", { exact: true }).waitFor();
    await block.getByText(flag, { exact: true }).waitFor();
  }
  await technician.look("pregnancy-ranges");
  expect([...nurse.complaints, ...technician.complaints]).toEqual([]);
});
