import { afterAll, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { type Sample, newestSample, ordered, scanned } from "./laboratory";
import { Person } from "./person";

/** Tests of one value each, from several tubes: with ten patients they are two hundred results. */
const services = ["GLUF", "HBA1C", "ESR", "CRP", "TSH", "FT4", "FERR", "URIC", "HGB", "PLT", "K", "CREA", "VITD", "VITB12", "APTT", "CEA", "AFP", "CA125", "LACT", "PCT"];
const patients = 10;
const names = ["Asha", "Bela", "Chitra", "Deepa", "Esha", "Farah", "Gita", "Hema", "Indu", "Jaya"];
const people: Person[] = [];

afterAll(async () => {
  await Promise.all(people.map((person) => person.leave()));
});

async function at(account: (typeof demo)["nurse"]): Promise<Person> {
  const person = await Person.at(account);
  people.push(person);
  return person;
}

interface Tube {
  items: { order_item_id: string }[];
  patient: { full_name: string };
}
interface Test {
  order_item_id: string;
  patient: { full_name: string };
  analytes: { code: string; kind: string; decimals: number; calculated: boolean; reference_low: number | null; reference_high: number | null; choices: { title: string }[] }[];
}

async function all<Row>(person: Person, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor = "";
  do {
    const page = await person.ask<{ results: Row[]; next: string | null }>("GET", `${path}&limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    rows.push(...page.results);
    cursor = page.next ?? "";
  } while (cursor);
  return rows;
}

/** Takes every tube of whoever bears this name; gives the samples. */
async function taken(person: Person, name: string): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const tube of await all<Tube>(person, `/api/lab/collection-list?q=${encodeURIComponent(name)}`)) {
    samples.push(await person.ask<Sample>("POST", "/api/lab/samples", { order_item_ids: tube.items.map(({ order_item_id }) => order_item_id) }));
  }
  return samples;
}

/** What somebody types for a usual value. */
function usual(analyte: Test["analytes"][number]): string {
  if (analyte.kind === "coded") return analyte.choices[0]!.title[0]!;
  const [low, high] = [analyte.reference_low, analyte.reference_high];
  const value = low !== null && high !== null ? (low + high) / 2 : high !== null ? high / 2 : low !== null ? low * 1.5 : 5;
  return value.toFixed(analyte.decimals);
}

const cells = ({ analytes }: Test) => analytes.filter(({ calculated }) => !calculated);

it("enters two hundred results and verifies and releases them by the keyboard alone", async () => {
  const surname = uniqueName("Bench").replace(" ", "");
  const desk = await at(demo.receptionist);
  const doctor = await at(demo.doctor);
  const technician = await at(demo.technician);
  for (const name of names.slice(0, patients)) await ordered(desk, doctor, `${name} ${surname}`, services);
  const samples = await taken(technician, surname);
  for (const { id } of samples) await technician.ask("POST", `/api/lab/samples/${id}/receive`);
  const waiting = await all<Test>(technician, `/api/lab/worklist?status=RECEIVED&q=${surname}`);
  expect(waiting).toHaveLength(patients * services.length);

  await technician.goTo("/lab/bench");
  const { page } = technician;
  const search = page.getByLabel("Patient, MRN, barcode");
  await search.waitFor();
  // the cursor stands in the first value; the search is before it
  for (let press = 0; press < 8 && !(await search.evaluate((element) => element === document.activeElement)); press++) await technician.press("Shift+Tab");
  await technician.focused(search);
  await technician.type(surname);
  await page.getByText(`${waiting.length} tests`, { exact: true }).waitFor();
  await technician.press("Enter");
  const started = Date.now();
  for (const test of waiting) {
    for (const analyte of cells(test)) {
      const id = `cell-${test.order_item_id}-${analyte.code}`;
      await page.waitForFunction((id) => document.activeElement?.id === id, id);
      await page.keyboard.type(usual(analyte));
      await page.keyboard.press("Enter");
    }
  }
  console.log(`${waiting.length} results entered in ${Math.round((Date.now() - started) / 1000)} s`);
  // the last test is saved by its own Enter, all the others on leaving them
  await page.getByRole("button", { name: `Put ${waiting.length} saved tests away` }).waitFor();
  expect(await all(technician, `/api/lab/worklist?status=RECEIVED&q=${surname}`)).toHaveLength(0);
  expect(await all(technician, `/api/lab/worklist?status=ENTERED&q=${surname}`)).toHaveLength(waiting.length);

  const pathologist = await at(demo.pathologist);
  await pathologist.goTo("/lab/verify");
  const queue = pathologist.page.getByLabel("Patient, MRN, barcode");
  await queue.waitFor();
  await pathologist.tabTo(queue);
  await pathologist.type(surname);
  await pathologist.page.getByText(`${waiting.length} results`, { exact: true }).waitFor();
  await pathologist.press("Enter");
  // the first one by itself: verified, then released, and the next stands there
  await pathologist.press("v");
  // keys do nothing while an act is on its way: until then its button cannot be pressed either
  const ready = (name: string | RegExp) => pathologist.page.getByRole("button", { name, disabled: false });
  await ready(/^Release/).waitFor();
  await pathologist.press("r");
  await pathologist.page.getByText(new RegExp(`${waiting.length - 1} results$`)).waitFor();
  // the others together: everything about them is usual
  await pathologist.press("a");
  await ready(`Verify ${waiting.length - 1}`).waitFor();
  await pathologist.press("v");
  // hundreds of requests, on a machine that may have other work
  const patience = { timeout: 200_000 };
  await ready(`Release ${waiting.length - 1}`).waitFor(patience);
  await pathologist.press("r");
  await pathologist.page.getByText("No result fits.").waitFor(patience);
  expect(await all(pathologist, `/api/lab/worklist?q=${surname}`)).toHaveLength(0);
}, 900_000);

it("receives a sample by scan and enters its result with one click, verifies and releases it with two each", async () => {
  const name = uniqueName("Chandni");
  const desk = await at(demo.receptionist);
  const doctor = await at(demo.doctor);
  const technician = await at(demo.technician);
  const order = await ordered(desk, doctor, name, ["ELEC"], { priority: "STAT" });

  await technician.goTo("/lab/collect");
  const { page } = technician;
  await page.getByLabel("Patient, MRN, test").fill(name);
  const tube = page.getByRole("row", { name: new RegExp(name) });
  await tube.waitFor();
  await technician.look("lab-collect");
  await technician.within(1, "take a tube", () => technician.click(page.getByRole("button", { name: new RegExp(`^Take: .*${name}`) })));
  await page.getByRole("region", { name: "Just taken" }).getByText(name).waitFor();
  await technician.look("lab-collect-taken");
  const sample = await newestSample(technician, order);

  await technician.goTo("/lab/receive");
  await technician.focused(page.getByLabel("Scan a tube to receive it"));
  const last = page.getByRole("region", { name: "Last scan" });
  await technician.within(1, "receive a sample and enter its result", async () => {
    await scanned(technician, sample.barcode);
    await last.getByText("Received", { exact: true }).waitFor();
    await technician.click(page.getByLabel(`Sodium, ${name}`));
    // as fast as a scanner, and still values: a scan among them would be a tube
    for (const value of ["140", "6.9", "102", "24"]) {
      await technician.type(value);
      await technician.press("Enter");
    }
    await page.getByText("Saved", { exact: true }).waitFor();
  });
  await technician.look("lab-receive");

  // a tube that is scanned while the cursor stands in a value goes to the door, not into the value
  await page.getByLabel(`Chloride, ${name}`).focus();
  await scanned(technician, sample.barcode);
  await last.getByText("Received already").waitFor();
  await expect.poll(() => page.getByLabel(`Chloride, ${name}`).inputValue().catch(() => "102")).toBe("102");
  await scanned(technician, "9900000000001");
  await last.getByText("Not of this facility").waitFor();
  await technician.look("lab-receive-unknown");

  const pathologist = await at(demo.pathologist);
  await pathologist.goTo("/lab/verify");
  const queue = pathologist.page;
  await queue.getByLabel("Patient, MRN, barcode").fill(name);
  const result = queue.getByRole("region", { name: `Electrolytes, ${name}` });
  await result.waitFor();
  await pathologist.look("lab-verify");
  // it is critical: nothing is verified before the call was made and read back
  await pathologist.within(2, "verify", async () => {
    await pathologist.click(result.getByRole("button", { name: "Call and verify" }));
    await pathologist.focused(queue.getByLabel("Who was told?"));
    await pathologist.press("Control+Enter");
    await queue.getByText("Say who was told.").waitFor();
    await pathologist.type("Dr Iyer, emergency");
    await pathologist.press("Control+Enter");
    await queue.getByText("Have the value read back before it is verified.").waitFor();
    await pathologist.click(queue.getByLabel("It was read back to me correctly"));
    await pathologist.press("Control+Enter");
    await result.getByText("Verified", { exact: true }).first().waitFor();
  });
  await pathologist.within(2, "release", async () => {
    await pathologist.click(result.getByRole("button", { name: "Release" }));
    await queue.getByText(`Electrolytes of ${name} is released.`).waitFor();
  });

  // what went out wrong is corrected with a reason, and marked as corrected wherever it is read
  await queue.getByText("Released", { exact: true }).first().click();
  await queue.getByLabel("Patient, MRN, barcode").fill(name);
  await queue.getByRole("row", { name: new RegExp(name) }).waitFor();
  await pathologist.look("lab-released");
  await queue.getByRole("button", { name: "Correct", exact: true }).click();
  const panel = queue.getByRole("dialog");
  await panel.getByLabel(`Potassium, ${name}`).fill("4.9");
  await pathologist.press("Control+Enter");
  await panel.getByText("A released result is corrected with a reason.").waitFor();
  await pathologist.look("lab-correct");
  await panel.getByLabel("Why is it corrected?").fill("Read from another tube");
  await pathologist.press("Control+Enter");
  await queue.getByText("Saved as version 2.").waitFor();
});

it("keeps what was typed through a reload, asks about a value beyond belief, and shows a refusal where it belongs", async () => {
  const name = uniqueName("Dhanya");
  const desk = await at(demo.receptionist);
  const doctor = await at(demo.doctor);
  const technician = await at(demo.technician);
  await ordered(desk, doctor, name, ["ELEC"]);
  for (const { id } of await taken(technician, name)) await technician.ask("POST", `/api/lab/samples/${id}/receive`);

  await technician.goTo("/lab/bench");
  const { page } = technician;
  await page.getByLabel("Patient, MRN, barcode").fill(name);
  const test = page.getByRole("article", { name: `Electrolytes, ${name}` });
  const sodium = test.getByLabel(`Sodium, ${name}`);
  await sodium.fill("1400");
  await technician.press("Enter");
  await test.getByText("Is 1400 meant? Press Enter again to keep it.").waitFor();
  await technician.focused(sodium);
  await sodium.fill("141");
  await test.getByLabel(`Potassium, ${name}`).fill("4,5");
  await test.getByText(/^Not a number/).waitFor();
  await technician.look("lab-bench");

  await page.reload();
  await page.getByLabel("Patient, MRN, barcode").fill(name);
  await test.getByText("Typed earlier in this browser and not saved").waitFor();
  expect(await sodium.inputValue()).toBe("141");
  expect(await test.getByLabel(`Potassium, ${name}`).inputValue()).toBe("4,5");
  await test.getByLabel(`Potassium, ${name}`).fill("4.5");
  await technician.press("Control+Enter");
  await test.getByText("Saved", { exact: true }).waitFor();
  const [entered] = await all<{ result: { values: { code: string; value: unknown }[] } }>(technician, `/api/lab/worklist?status=ENTERED&q=${encodeURIComponent(name)}`);
  expect(entered!.result.values.filter(({ code }) => code === "NA" || code === "K").map(({ value }) => value)).toEqual([141, 4.5]);
});

it("works by settings that the pathologist may change", async () => {
  const pathologist = await at(demo.pathologist);
  await pathologist.goTo("/lab/settings");
  await pathologist.page.getByRole("heading", { name: /Autoverification/ }).waitFor();
  await pathologist.look("lab-settings");
});
