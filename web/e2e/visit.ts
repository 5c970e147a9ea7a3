import type { Locator } from "playwright-core";
import { expect } from "vitest";
import type { Person } from "./person";

type Data = Record<string, unknown>;

/** One visit of one patient in the browser, in whatever medical system: what every journey of a pack does. */
export class Visit {
  encounter = "";
  patient = "";

  private constructor(
    readonly doctor: Person,
    readonly name: string,
  ) {}

  /** Somebody new comes to the counter, is registered and checked in; where a facility has several systems, to this one. */
  static async walkIn(doctor: Person, name: string, more: { system?: { label: string; choice: string }; words?: Partial<typeof english> } = {}): Promise<Visit> {
    const { page } = doctor;
    const say = { ...english, ...more.words };
    await doctor.goTo("/desk/walk-in");
    await page.getByLabel(say.name).fill(name);
    await page.getByLabel(say.age).fill("41");
    await page.getByText(say.female, { exact: true }).click();
    if (more.system) {
      await page.getByRole("combobox", { name: more.system.label }).click();
      await page.getByRole("option", { name: more.system.choice }).click();
    }
    await doctor.press("Control+Enter");
    const visit = new Visit(doctor, name);
    await expect.poll(async () => (await visit.find())?.status, { timeout: 40_000 }).toBe("CHECKED_IN");
    return visit;
  }

  /** A visit that is there already. */
  static of(doctor: Person, name: string, encounter: string, patient: string): Visit {
    const visit = new Visit(doctor, name);
    [visit.encounter, visit.patient] = [encounter, patient];
    return visit;
  }

  private async find(): Promise<{ id: string; patient_id: string; status: string } | undefined> {
    const { results } = await this.doctor.ask<{ results: { id: string; patient_id: string; status: string; patient: { full_name: string } }[] }>("GET", "/api/encounters?limit=50&status=CHECKED_IN");
    const own = results.find(({ patient }) => patient.full_name === this.name);
    if (own) [this.encounter, this.patient] = [own.id, own.patient_id];
    return own;
  }

  /** Takes the patient from the queue and begins. */
  async begin(): Promise<void> {
    const { page } = this.doctor;
    await this.doctor.goTo("/queue");
    await page.getByRole("row", { name: new RegExp(this.name) }).click();
    await page.locator("main").getByRole("button", { name: english.start }).click();
    await page.getByText(english.inConsultation).first().waitFor();
  }

  get steps(): Locator {
    return this.doctor.page.getByRole("list", { name: english.steps });
  }

  step(title: string | RegExp): Locator {
    return this.steps.getByRole("listitem").filter({ hasText: title });
  }

  /** A step is done once its mark says so. */
  async stepDone(title: string | RegExp): Promise<void> {
    await this.doctor.page.waitForFunction((element) => element?.getAttribute("data-state") === "done", await this.step(title).elementHandle());
  }

  async vitals(step: string | RegExp): Promise<void> {
    const { page } = this.doctor;
    await this.step(step).getByRole("button").click();
    const panel = page.getByRole("dialog");
    await panel.getByLabel("Temperature").fill("36.9");
    await panel.getByLabel("Pulse").fill("78");
    await panel.getByLabel("Blood pressure, systolic").fill("124");
    await panel.getByLabel("Blood pressure, diastolic").fill("82");
    await this.doctor.press("Control+Enter");
    await this.stepDone(step);
  }

  /** What is known before the form is opened: begun on another device, as a draft on the server. */
  async begun(template: string, payload: Data): Promise<void> {
    await this.doctor.ask("POST", "/api/clinical-docs/draft", { encounter_id: this.encounter, template_code: template, payload });
    await this.doctor.page.reload();
    await this.steps.waitFor();
  }

  /** Opens a form by its step and gives the form. */
  async open(step: string | RegExp, title: string): Promise<Locator> {
    await this.step(step).getByRole("button").click();
    const form = this.doctor.page.getByRole("region", { name: title, exact: true });
    await form.waitFor();
    return form;
  }

  /** Answers every question that has answers to choose from by its first. */
  static async answer(form: Locator): Promise<void> {
    await form.getByRole("radiogroup").first().waitFor(); // the form is drawn once its renderer has come
    for (const question of await form.getByRole("radiogroup").all()) await question.locator("label").first().click();
  }

  /** Chooses one answer by its own words. */
  static async choose(form: Locator, answer: string): Promise<void> {
    await form.locator("label").filter({ hasText: new RegExp(`^${answer}$`) }).first().click();
  }

  /** Picks the first of many answers, whether they stand side by side or in a list that opens. */
  static async pick(form: Locator, question: RegExp): Promise<void> {
    const list = form.getByRole("combobox", { name: question });
    const pills = form.getByRole("group", { name: question }).locator("label").first();
    await list.or(pills).first().waitFor();
    if (await pills.isVisible()) return pills.click();
    await list.click();
    // its own options: another list may still be closing
    await expect.poll(() => list.getAttribute("aria-controls")).toBeTruthy();
    await form.page().locator(`[id="${await list.getAttribute("aria-controls")}"]`).getByRole("option").first().click();
    await list.press("Tab");
  }

  async signForm(form: Locator, title: string): Promise<void> {
    await form.getByRole("button", { name: "Sign", exact: true }).click();
    await this.doctor.page.getByText(`${title} is signed.`).waitFor();
  }

  /** Adds the first that the catalogue finds. */
  async order(search: string): Promise<void> {
    const { page } = this.doctor;
    await page.getByRole("tab", { name: (await this.words())("orders"), exact: true }).click();
    await page.getByLabel("Search the catalogue").fill(search);
    await page.getByRole("option").first().waitFor();
    await this.doctor.press("Enter");
    await page.getByRole("region", { name: "To be ordered" }).waitFor();
  }

  /** Writes the assessment, every field by the word that the visit's own pack has for it. */
  async assess(): Promise<void> {
    const { page } = this.doctor;
    const word = await this.words();
    await page.getByRole("tab", { name: word("assessment"), exact: true }).click();
    await page.getByLabel(word("complaint"), { exact: true }).fill("As told at the desk");
    await page.getByLabel(word("diagnosis"), { exact: true }).fill("To be confirmed");
  }

  /** The words of the visit's pack, as the server gives them. */
  async words(): Promise<(key: string) => string> {
    const { pack } = await this.doctor.ask<{ pack: string }>("GET", `/api/encounters/${this.encounter}`);
    const { packs } = await this.doctor.ask<{ packs: { id: string; labels: Record<string, string> }[] }>("GET", "/api/workspace");
    const { labels } = packs.find(({ id }) => id === pack)!;
    return (key) => labels[key]!;
  }

  async sign(): Promise<void> {
    await this.doctor.press("Control+Enter");
    // the toast may still tell of what was signed before
    await this.doctor.page.getByText("Nothing to sign yet.").waitFor();
  }

  async close(): Promise<void> {
    const { page } = this.doctor;
    const side = page.getByRole("complementary", { name: "Closing and tasks" });
    await side.getByText("Nothing is missing.").waitFor();
    await side.getByRole("button", { name: "Close visit" }).click();
    await page.getByText(`The visit of ${this.name} is closed.`).waitFor();
    const { status } = await this.doctor.ask<{ status: string }>("GET", `/api/encounters/${this.encounter}`);
    expect(status).toBe("CLOSED");
  }
}

export const english = {
  name: "Full name",
  age: "Age or date of birth",
  female: "Female",
  start: "Start consultation",
  inConsultation: "In consultation",
  steps: "Steps of this visit",
};
