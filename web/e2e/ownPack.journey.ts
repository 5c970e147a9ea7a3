import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { Person } from "./person";
import { Visit } from "./visit";
import { filesOf, zip } from "./zip";

/** A clinic of Chinese medicine that no built-in pack knows. */
const clinic = join(import.meta.dirname, "../../app/testdata/packs/tcm");
const file = (buffer: Buffer) => ({ name: "tcm.zip", mimeType: "application/zip", buffer });
let admin: Person;
let doctor: Person;

/** Tongue, pulse and two signs: enough for the scores of every pattern. */
async function examine(form: Locator): Promise<void> {
  for (const answer of ["Pale", "White"]) await Visit.choose(form, answer);
  for (const list of [/Pulse qualities/, /Signs asked for/]) await Visit.pick(form, list);
}

beforeAll(async () => {
  [admin, doctor] = await Promise.all([Person.at(demo.otherAdmin), Person.at(demo.otherDoctor)]);
});

afterAll(async () => {
  await Promise.all([admin?.leave(), doctor?.leave()]);
});

it("installs a pack into the running server, and tells by file and line what is wrong with one", async () => {
  const { page } = admin;
  await admin.goTo("/admin/packs");
  await page.getByRole("row", { name: /General practice/ }).waitFor();
  await admin.look("packs");
  await page.getByRole("button", { name: "Install a pack" }).click();
  const panel = page.getByRole("dialog", { name: "Install a pack" });
  const broken = zip(
    filesOf(clinic, {
      "pack.yaml": (text) => text.replace("version: 1.0.0", "version: 1.0.1"),
      "templates/four_examinations.yaml": (text) => text.replace("widget: slider", "widget: slidr"),
    }),
  );
  await panel.locator("input[type=file]").setInputFiles(file(broken));
  await panel.getByRole("button", { name: "Check and install" }).click();
  await panel.getByRole("heading", { name: "templates/four_examinations.yaml" }).waitFor();
  await panel.getByText(/^line \d+$/).first().waitFor();
  await panel.getByText(/widget must be one of/).waitFor();
  await admin.look("pack-faults");
  await panel.locator("input[type=file]").setInputFiles(file(zip(filesOf(clinic))));
  await panel.getByRole("button", { name: "Check and install" }).click();
  await page.getByRole("heading", { name: "Chinese medicine clinic" }).waitFor();
  await page.getByText("Not signed off").first().waitFor();

  // every form can be tried at once, with its scores live
  await page.getByRole("button", { name: /Four examinations/ }).click();
  const preview = page.getByRole("region", { name: "Four examinations" });
  await examine(preview);
  await preview.getByRole("figure", { name: "Pattern scores" }).waitFor();
  await admin.look("pack-page");
  await page.getByRole("tab", { name: "Rules" }).click();
  await page.getByRole("row", { name: /Shi ba fan/ }).waitFor();
  await page.getByRole("tab", { name: "Catalogue" }).click();
  await page.getByRole("row", { name: /Gan Sui/ }).waitFor();

  await admin.goTo("/admin/packs");
  await page.getByRole("button", { name: "More about packs" }).click();
  await page.getByRole("menuitem", { name: "Packs of a facility" }).click();
  const chosen = page.getByRole("dialog", { name: "Packs of a facility" });
  await chosen.getByRole("list", { name: "Chosen packs in order" }).waitFor();
  if ((await chosen.getByRole("listitem").filter({ hasText: "Chinese medicine clinic" }).count()) === 0) {
    await chosen.getByRole("combobox", { name: "Add a pack" }).click();
    await page.getByRole("option", { name: "Chinese medicine clinic" }).click();
  }
  await chosen.getByRole("listitem").filter({ hasText: "Chinese medicine clinic" }).waitFor();
  await admin.look("facility-packs");
  await chosen.getByRole("button", { name: "Save" }).click();
  await page.getByText("Birch Clinic is saved.").waitFor();
  expect(admin.complaints).toEqual([]);
});

it("is used from registration to a closed visit, in its own words", async () => {
  const { page } = doctor;
  await page.reload();
  await doctor.screens.waitFor();
  const visit = await Visit.walkIn(doctor, uniqueName("Mei Lin"), { system: { label: "System of medicine", choice: "Chinese medicine clinic" } });
  await visit.begin();
  await page.getByText("Chinese medicine clinic").first().waitFor();
  await visit.vitals("Intake and vitals");
  const form = await visit.open("Tongue and pulse", "Four examinations");
  await examine(form);
  await form.getByRole("figure", { name: "Pattern scores" }).waitFor();
  await doctor.look("pack-tcm-form");
  await visit.signForm(form, "Four examinations");

  // two herbs that must not meet
  const grams = async (herb: string, amount: string) => {
    await visit.order(herb);
    await page.getByRole("article", { name: herb }).getByLabel("Grams").fill(amount);
  };
  await grams("Gan Cao (liquorice)", "3");
  await grams("Gan Sui", "1");
  await visit.assess();
  await doctor.press("Control+Enter");
  const held = page.getByRole("dialog");
  await held.getByText(/Incompatible herbs/).waitFor();
  await doctor.look("pack-tcm-rule");
  await held.getByRole("button", { name: "Change it" }).click();
  await page.getByRole("tab", { name: "Prescriptions", exact: true }).click();
  await page.getByRole("button", { name: "Take out: Gan Sui" }).click();
  await visit.sign();
  await page.getByRole("region", { name: "Ordered" }).getByText("Gan Cao (liquorice)").waitFor();

  // the same visit as a Chinese physician reads it
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "中文" }).click();
  await page.getByRole("tab", { name: "辨证" }).waitFor();
  await visit.step("四诊").waitFor();
  await doctor.look("pack-tcm-pad");
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "English" }).click();
  await visit.close();
  expect(doctor.complaints).toEqual([]);
});
