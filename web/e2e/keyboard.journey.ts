import { afterAll, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { Person } from "./person";

const name = uniqueName("Nadira");
const people: Person[] = [];

afterAll(async () => {
  await Promise.all(people.map((person) => person.leave()));
});

/** Signs in without a click. */
async function arrive(account: (typeof demo)["nurse"]): Promise<Person> {
  const person = await Person.arrive();
  people.push(person);
  await person.goTo("/sign-in");
  await person.focused(person.page.getByLabel("Username"));
  await person.type(account.username);
  await person.press("Tab");
  await person.type(account.password);
  await person.press("Enter");
  await person.screens.waitFor();
  return person;
}

it("takes a walk-in to a closed visit by the keyboard alone", async () => {
  const desk = await arrive(demo.receptionist);
  await desk.focused(desk.page.getByLabel("Search for a patient"));
  await desk.type(name);
  await desk.enter(desk.page.getByRole("button", { name: "Walk-in", exact: true }));
  await desk.focused(desk.page.getByLabel("Age or date of birth"));
  await desk.type("41");
  await desk.tabTo(desk.page.getByRole("radiogroup", { name: "Sex" }));
  await desk.press("Space");
  await desk.press("Control+Enter");
  await desk.page.getByText(`${name} is registered`).waitFor();

  const nurse = await arrive(demo.nurse);
  // keys are letters in a field: wait until the search box has the focus, then leave it
  await nurse.focused(nurse.page.getByLabel("Search for a patient"));
  await nurse.press("Tab");
  await nurse.press("g", "v");
  const waiting = nurse.page.getByRole("row", { name: new RegExp(name) });
  await nurse.page.waitForURL(/\/triage/);
  await waiting.waitFor();
  // down to it, or up again where the list was slower than the keys
  for (let press = 0; press < 200; press++) {
    const way = await waiting.evaluate((row) => {
      const rows: (Element | null)[] = [...document.querySelectorAll("tr")];
      return rows.indexOf(row) - rows.indexOf(document.activeElement);
    });
    if (way === 0) break;
    await nurse.press(way > 0 ? "j" : "k");
    await nurse.page.waitForTimeout(80);
  }
  await nurse.focused(waiting);
  await nurse.press("Enter");
  await nurse.focused(nurse.page.getByRole("dialog").getByLabel("Temperature"));
  for (const value of ["36.9", "78", "122", "80", "16", "98"]) {
    await nurse.type(value);
    await nurse.press("Tab");
  }
  await nurse.press("Control+Enter");
  await nurse.page.getByText(`Vitals of ${name} are recorded.`).waitFor();

  const doctor = await arrive(demo.doctor);
  await doctor.focused(doctor.page.getByLabel("Search for a patient"));
  await doctor.press("Control+k");
  await doctor.focused(doctor.page.getByRole("dialog").getByRole("combobox").or(doctor.page.getByRole("dialog").getByRole("textbox")));
  await doctor.type(name);
  await doctor.page.getByRole("option", { name: new RegExp(name) }).waitFor();
  await doctor.press("ArrowDown", "Enter");
  await doctor.enter(doctor.page.getByRole("link", { name: "Open consultation" }));
  await doctor.enter(doctor.page.getByRole("button", { name: "Start consultation" }));
  await doctor.page.getByText("In consultation").first().waitFor();
  await doctor.tabTo(doctor.page.getByLabel("Complaint", { exact: true }));
  await doctor.type("Headache");
  await doctor.press("Tab");
  await doctor.type("Tension headache");
  await doctor.press("Control+Enter");
  await doctor.page.getByText("Nothing is missing.").waitFor();
  await doctor.enter(doctor.page.getByRole("button", { name: "Close visit" }));
  await doctor.page.getByText(`The visit of ${name} is closed.`).waitFor();
});
