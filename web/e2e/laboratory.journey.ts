import { afterAll, describe, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { scanned } from "./laboratory";
import { type Account, Person } from "./person";
import { Visit } from "./visit";

interface Sample {
  id: string;
  barcode: string;
  patient: { full_name: string };
}

const name = uniqueName("Kalyani");

/** One test from the consult pad to the closed visit, each by whom it falls to. */
describe("a result finds its way", () => {
  const people: Person[] = [];
  let visit: Visit;
  let sample: Sample;

  async function arrive(account: Account): Promise<Person> {
    const person = await Person.at(account);
    people.push(person);
    return person;
  }

  afterAll(async () => {
    await Promise.all(people.map((person) => person.leave()));
  });

  it("is ordered in the consult pad with the assessment", async () => {
    const desk = await arrive(demo.receptionist);
    const { encounter, patient } = await desk.hasArrived(name);
    const nurse = await arrive(demo.nurse);
    await nurse.ask("POST", `/api/encounters/${encounter}/vitals`, { pulse_bpm: 52, bp_systolic: 102, bp_diastolic: 64 });
    const doctor = await arrive(demo.doctor);
    visit = Visit.of(doctor, name, encounter, patient);
    await visit.begin();
    await visit.assess();
    await doctor.within(1, "order a test in the consult pad", async () => {
      await doctor.click(doctor.page.getByRole("tab", { name: (await visit.words())("orders"), exact: true }));
      const search = doctor.page.getByLabel("Search the catalogue");
      await search.focus();
      await doctor.type("electrolytes");
      await doctor.page.getByRole("option", { name: /Electrolytes/ }).first().waitFor();
      await doctor.press("Enter");
      await doctor.page.getByRole("region", { name: "To be ordered" }).waitFor();
    });
    await visit.sign();
    const { results } = await doctor.ask<{ results: { items: { service_code: string }[] }[] }>("GET", `/api/orders?encounter_id=${encounter}`);
    expect(results[0]!.items.map(({ service_code }) => service_code)).toEqual(["ELEC"]);
  });

  it("is collected, and the tube has its label", async () => {
    const nurse = await arrive(demo.nurse);
    const { page } = nurse;
    await nurse.goTo("/lab/collect");
    await page.getByLabel("Patient, MRN, test").fill(name);
    await page.getByRole("row", { name: new RegExp(name) }).waitFor();
    await nurse.within(2, "take a tube and print its label", async () => {
      await nurse.click(page.getByRole("button", { name: new RegExp(`^Take: .*${name}`) }));
      const taken = page.getByRole("region", { name: "Just taken" });
      await taken.getByText(name).waitFor();
      const [printed] = await Promise.all([page.waitForResponse((response) => response.url().includes("/api/lab/labels")), nurse.click(taken.getByRole("button", { name: "Print label", exact: true }))]);
      expect(printed.status()).toBe(200);
    });
    const { results } = await nurse.ask<{ results: Sample[] }>("GET", `/api/lab/samples?encounter_id=${visit.encounter}`);
    sample = results[0]!;
    const label = await nurse.page.request.get(`/api/lab/samples/${sample.id}/label?format=zpl`);
    expect(await label.text()).toContain(sample.barcode);
    await nurse.look("laboratory-collected");
  });

  it("is received by scan and entered at the bench, with a critical value", async () => {
    const technician = await arrive(demo.technician);
    const { page } = technician;
    await technician.goTo("/lab/receive");
    await technician.focused(page.getByLabel("Scan a tube to receive it"));
    await technician.within(1, "receive a sample and enter its result", async () => {
      await scanned(technician, sample.barcode);
      await page.getByRole("region", { name: "Last scan" }).getByText("Received", { exact: true }).waitFor();
      await technician.click(page.getByLabel(`Sodium, ${name}`));
      for (const value of ["139", "7.1", "101", "22"]) {
        await technician.type(value);
        await technician.press("Enter");
      }
      await page.getByText("Saved", { exact: true }).waitFor();
    });
    expect(technician.complaints).toEqual([]);
  });

  it("alerts the doctor at once, and keeps the visit open", async () => {
    const { doctor } = visit;
    const { page } = doctor;
    await doctor.goTo(`/consult/${visit.encounter}`);
    await page.getByRole("region", { name: "Critical alerts of this patient" }).getByText("Critical, not acknowledged").waitFor();
    await doctor.look("laboratory-alerted");
    const gate = await doctor.ask<{ can_close: boolean }>("GET", `/api/encounters/${visit.encounter}/close-gate`);
    expect(gate.can_close).toBe(false);
  });

  it("is verified after the call was read back, and released", async () => {
    const pathologist = await arrive(demo.pathologist);
    const { page } = pathologist;
    await pathologist.goTo("/lab/verify");
    await page.getByLabel("Patient, MRN, barcode").fill(name);
    const result = page.getByRole("region", { name: `Electrolytes, ${name}` });
    await result.waitFor();
    await pathologist.look("laboratory-to-verify");
    await pathologist.within(3, "call, verify and release a critical result", async () => {
      await pathologist.click(result.getByRole("button", { name: "Call and verify" }));
      await pathologist.focused(page.getByLabel("Who was told?"));
      await pathologist.type("The doctor on duty");
      await pathologist.click(page.getByLabel("It was read back to me correctly"));
      await pathologist.photograph("laboratory-call");
      await pathologist.press("Control+Enter");
      await result.getByText("Verified", { exact: true }).first().waitFor();
      await pathologist.click(result.getByRole("button", { name: "Release" }));
      await page.getByText(`Electrolytes of ${name} is released.`).waitFor();
    });
    expect(pathologist.complaints).toEqual([]);
  });

  it("is acknowledged, its report opened, and the visit closed", async () => {
    const { doctor } = visit;
    const { page } = doctor;
    await doctor.goTo(`/consult/${visit.encounter}`);
    await doctor.within(2, "open and acknowledge a critical result", async () => {
      await doctor.click(page.getByRole("region", { name: "Critical alerts of this patient" }).getByText("Open the alert"));
      const detail = page.getByRole("region", { name: "Alert", exact: true });
      await doctor.click(detail.getByRole("button", { name: "Acknowledge" }));
      await page.getByText(/^Acknowledged: /).first().waitFor();
    });
    await doctor.look("laboratory-acknowledged");

    await doctor.goTo(`/consult/${visit.encounter}`);
    const open = page.getByRole("region", { name: "Laboratory reports" }).getByRole("button", { name: /^Open report .*Electrolytes/ });
    const pdf = page.waitForResponse((response) => /\/api\/lab\/reports\/[^/]+\/pdf/.test(response.url()));
    await doctor.within(2, "open the report", async () => {
      await doctor.click(page.getByRole("tab", { name: (await visit.words())("orders"), exact: true }));
      await open.waitFor();
      await doctor.look("laboratory-report");
      await doctor.click(open);
    });
    const made = await pdf;
    expect([made.status(), made.headers()["content-type"]]).toEqual([200, "application/pdf"]);
    await visit.close();
    expect(doctor.complaints).toEqual([]);
  });
});
