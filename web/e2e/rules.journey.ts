import { afterAll, beforeAll, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { Person } from "./person";

// a rule holds for a whole tenant: these journeys have one to themselves
let admin: Person;
let doctor: Person;

beforeAll(async () => {
  [admin, doctor] = await Promise.all([Person.at(demo.otherAdmin), Person.at(demo.otherDoctor)]);
});

afterAll(async () => {
  await Promise.all([admin?.leave(), doctor?.leave()]);
});

it("tries a rule and tunes it", async () => {
  const { page } = admin;
  await admin.goTo("/admin/rules");
  await page.getByRole("row", { name: /Required documents/ }).waitFor();
  await admin.look("rules");
  await page.getByRole("row", { name: /Required documents/ }).click();
  const panel = page.getByRole("dialog", { name: "Required documents" });
  await panel.getByRole("button", { name: "Try it" }).click();
  await panel.getByText("It fires").waitFor();
  await panel.getByRole("status").getByText(/Discharge summary/).first().waitFor();
  await panel.getByRole("combobox", { name: "Documents needed too" }).click();
  await page.getByRole("option", { name: "Progress note" }).click();
  await panel.getByRole("textbox", { name: "Facts" }).focus();
  await admin.look("rule");
  await admin.press("Control+Enter");
  await page.getByRole("row", { name: /Required documents.*Tuned here/ }).waitFor();

  await page.getByRole("row", { name: /Required tasks/ }).click();
  const tasks = page.getByRole("dialog", { name: "Required tasks" });
  await tasks.getByRole("combobox", { name: "Tasks needed too" }).fill("counsel-patient");
  await admin.press("Enter", "Control+Enter");
  await page.getByRole("row", { name: /Required tasks.*Tuned here/ }).waitFor();
  expect(admin.complaints).toEqual([]);
});

it("leads from what the hospital asks for to where it is done", async () => {
  const { page } = doctor;
  const visit = await doctor.hasArrived(uniqueName("Mei Lin"));
  await doctor.ask("POST", `/api/encounters/${visit.encounter}/start-consult`, {});
  await doctor.goTo(`/consult/${visit.encounter}`);
  const side = page.getByRole("complementary", { name: "Closing and tasks" });
  await side.getByRole("button", { name: "Add the task: Counsel patient" }).waitFor();
  await doctor.look("close-gate");
  await side.getByRole("button", { name: "Add the task: Counsel patient" }).click();
  await doctor.focused(side.getByRole("button", { name: "Done: Counsel patient" }));
  await doctor.press("Enter");
  await side.getByRole("button", { name: "Done: Counsel patient" }).waitFor({ state: "detached" });
  await side.getByRole("button", { name: "Write: Progress note" }).click();
  await page.getByRole("region", { name: "Progress note" }).waitFor();
  expect(doctor.complaints).toEqual([]);
});

it("goes back to the pack's own rule", async () => {
  const { page } = admin;
  for (const rule of ["Required documents", "Required tasks"]) {
    await page.getByRole("row", { name: new RegExp(rule) }).click();
    await page.getByRole("dialog", { name: rule }).getByRole("button", { name: "Back to the pack's own" }).click();
    await page.getByRole("row", { name: new RegExp(`${rule}.*As in the pack`) }).waitFor();
  }
  expect(admin.complaints).toEqual([]);
});
