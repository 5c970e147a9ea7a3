import { afterAll, describe, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { type Account, Person } from "./person";

/** One name for each run, so that the journey finds its own patient on any server. */
const name = uniqueName("Journey");

describe("an outpatient day", () => {
  const people: Person[] = [];

  async function arrive(account: Account): Promise<Person> {
    const person = await Person.at(account);
    people.push(person);
    return person;
  }

  afterAll(async () => {
    await Promise.all(people.map((person) => person.leave()));
  });

  it("begins at the sign-in", async () => {
    const visitor = await Person.arrive();
    people.push(visitor);
    await visitor.goTo("/");
    await visitor.page.getByRole("button", { name: "Sign in" }).waitFor();
    await visitor.look("sign-in");
    await visitor.page.getByLabel("Username").fill("nobody");
    await visitor.page.getByLabel("Password", { exact: true }).fill("wrong");
    await visitor.press("Enter");
    await visitor.page.getByRole("alert").waitFor();
    expect(visitor.complaints).toEqual([]);
  });

  it("registers and checks in a walk-in within four clicks", async () => {
    const desk = await arrive(demo.receptionist);
    const { page } = desk;
    await page.getByLabel("Search for a patient").waitFor();
    await desk.look("desk");
    await desk.within(4, "register and check in a walk-in", async () => {
      await page.getByLabel("Search for a patient").focus();
      await desk.type(name);
      await desk.click(page.getByRole("button", { name: "Walk-in", exact: true }));
      await page.getByLabel("Age or date of birth").waitFor();
      await desk.type("34");
      await desk.click(page.getByText("Female", { exact: true }));
      await desk.click(page.getByRole("button", { name: "Register and check in" }));
      await page.getByText(`${name} is registered`).waitFor();
    });
    const row = page.getByRole("row", { name: new RegExp(name) });
    await row.getByText("Waiting").waitFor();
    await row.click();
    await page.getByRole("region", { name: "Patient", exact: true }).waitFor();
    await desk.look("desk-patient");
    await page.getByLabel("Search for a patient").fill(name.slice(0, -1));
    await page.getByRole("row", { name: new RegExp(name) }).waitFor();
    await desk.look("desk-search");
    expect(desk.complaints).toEqual([]);
  });

  it("hints at a patient who is registered already", async () => {
    const [, desk] = people;
    const { page } = desk!;
    await desk!.goTo("/desk/walk-in");
    await page.getByLabel("Full name").fill(name);
    await page.getByRole("region", { name: "Already registered?" }).getByText(name).waitFor();
    await desk!.look("walk-in");
  });

  it("takes vitals within two clicks", async () => {
    const nurse = await arrive(demo.nurse);
    const { page } = nurse;
    await nurse.goTo("/triage");
    const row = page.getByRole("row", { name: new RegExp(name) });
    await row.waitFor();
    await nurse.look("triage");
    await nurse.within(2, "vitals", async () => {
      await nurse.click(row);
      const panel = page.getByRole("dialog");
      await panel.getByLabel("Temperature").waitFor();
      await expect.poll(() => panel.getByLabel("Temperature").evaluate((field) => field === document.activeElement)).toBe(true);
      for (const value of ["38.4", "112", "118", "76", "20", "97"]) {
        await nurse.type(value);
        await nurse.press("Tab");
      }
      await panel.getByText("Early warning").waitFor();
      await nurse.click(panel.getByRole("button", { name: "Save vitals" }));
      await page.getByText(`Vitals of ${name} are recorded.`).waitFor();
    });
    await nurse.goTo("/triage");
    await page.getByRole("row", { name: new RegExp(name) }).getByText("Measured").waitFor();
    await page.getByRole("row", { name: new RegExp(name) }).click();
    await page.getByRole("dialog").getByLabel("Temperature").waitFor();
    await nurse.look("vitals");
    expect(nurse.complaints).toEqual([]);
  });

  it("is consulted, written, and closed when the gate allows it", async () => {
    const doctor = await arrive(demo.doctor);
    const { page } = doctor;
    await doctor.goTo("/queue");
    const row = page.getByRole("row", { name: new RegExp(name) });
    await row.waitFor();
    await doctor.look("queue");
    await row.click();
    await page.getByRole("button", { name: "Start consultation" }).click();
    const side = page.getByRole("complementary", { name: "Closing and tasks" });
    const reason = side.getByRole("button", { name: "Consult", exact: true });
    await reason.waitFor();
    expect(await side.getByRole("button", { name: "Close visit" }).isDisabled()).toBe(true);
    await doctor.look("consult");

    // the gate's reason leads to where it is remedied
    await reason.click();
    await page.getByLabel("Complaint", { exact: true }).fill("Fever for three days");
    await page.getByLabel("Diagnosis").fill("Viral fever");
    await page.getByLabel("Medicines").fill("Paracetamol 500 mg three times a day");
    await doctor.press("Control+Enter");
    await page.getByText("Signed into the record.").waitFor();

    await page.getByRole("tab", { name: "Documents" }).click();
    await page.getByRole("button", { name: "Progress note" }).click();
    await page.getByRole("region", { name: "Progress note" }).waitFor();
    await doctor.look("document");
    await page.getByRole("button", { name: "Finish later" }).click();
    await page.getByRole("tab", { name: "Timeline" }).click();
    await page.getByRole("list", { name: "Timeline" }).waitFor();
    await doctor.look("timeline");

    await side.getByText("Nothing is missing.").waitFor();
    await side.getByRole("button", { name: "Close visit" }).click();
    await page.getByText(`The visit of ${name} is closed.`).waitFor();
    expect(doctor.complaints).toEqual([]);
  });

  it("keeps what was typed when the session ends under it", async () => {
    const nurse = people[2]!;
    const { page } = nurse;
    await nurse.goTo("/triage");
    await page.getByRole("row").nth(1).click();
    const panel = page.getByRole("dialog");
    await panel.getByLabel("Pulse").fill("77");
    // another tab signs out: this one's tokens are dead
    expect(await page.evaluate(() => fetch("/api/auth/logout", { method: "POST" }).then((answer) => answer.status))).toBe(204);
    await panel.getByRole("button", { name: "Save vitals" }).click();
    const again = page.getByRole("dialog", { name: "Please sign in again" });
    await again.waitFor();
    await nurse.look("sign-in-again");
    await again.getByLabel("Password", { exact: true }).fill(demo.nurse.password);
    await again.getByRole("button", { name: "Sign in" }).click();
    await page.getByText(/^Vitals of .* are recorded\.$/).waitFor();
  });

  it("stands in the tasks, the administration and the audit", async () => {
    const admin = await arrive(demo.auditor);
    const { page } = admin;
    await admin.goTo("/tasks");
    await page.getByRole("heading", { name: "Tasks", exact: true }).waitFor();
    await admin.look("tasks");
    await admin.goTo("/admin/users");
    await page.getByRole("row").nth(1).waitFor();
    await admin.look("users");
    await admin.goTo("/audit");
    await page.getByRole("row").nth(1).waitFor();
    await page.getByRole("button", { name: "Verify" }).click();
    await page.getByText("The record is whole").waitFor();
    await admin.look("audit");
    expect(admin.complaints).toEqual([]);
  });

  it("can be worked by keyboard alone", async () => {
    const doctor = people[3]!;
    const { page } = doctor;
    await doctor.goTo("/queue");
    await page.getByRole("row").nth(1).waitFor();
    await doctor.press("g", "t");
    await page.getByRole("heading", { name: "Tasks", exact: true }).waitFor();
    await doctor.press("g", "q");
    await page.getByRole("heading", { name: "Queue", exact: true }).waitFor();
    await page.getByRole("row").nth(1).waitFor();
    await doctor.press("j", "Enter");
    await page.getByRole("region", { name: "Patient", exact: true }).waitFor();
    await doctor.press("Escape");
    await page.getByRole("heading", { name: "Queue", exact: true }).waitFor();
    await doctor.press("Control+k");
    await page.getByRole("dialog", { name: "Find a patient" }).waitFor();
    await doctor.type(name);
    await page.getByRole("option", { name: new RegExp(name) }).waitFor();
    await doctor.look("finder");
    await doctor.press("ArrowDown", "Enter");
    await page.getByRole("heading", { name: `Chart of ${name}` }).waitFor({ state: "attached" });
    await doctor.look("chart");
    await doctor.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    await doctor.look("keys");
    await doctor.press("Escape");
  });
});
