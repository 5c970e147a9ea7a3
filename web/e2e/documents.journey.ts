import { afterAll, beforeAll, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { Person } from "./person";

const name = uniqueName("Padmavathi");
let doctor: Person;
let visit: { encounter: string; patient: string };

beforeAll(async () => {
  doctor = await Person.at(demo.doctor);
  visit = await doctor.hasArrived(name);
  await doctor.ask("POST", `/api/encounters/${visit.encounter}/start-consult`, {});
});

afterAll(async () => {
  await doctor?.leave();
});

it("signs a document once its faults are mended at their fields", async () => {
  const { page } = doctor;
  await doctor.goTo(`/consult/${visit.encounter}?tab=documents`);
  await page.getByRole("button", { name: "Progress note" }).click();
  const editor = page.getByRole("region", { name: "Progress note" });
  await editor.waitFor();
  await editor.getByLabel("Subjective").fill("Coughs less at night.");
  await doctor.press("Control+Enter");
  const assessment = editor.getByRole("textbox", { name: "Assessment", exact: true });
  await expect.poll(() => assessment.getAttribute("aria-invalid")).toBe("true");
  await doctor.look("document-faults");
  await assessment.fill("Bronchitis, improving.");
  await editor.getByRole("textbox", { name: "Plan", exact: true }).fill("Steam, warm fluids, review in a week.");
  await doctor.press("Control+Enter");
  await page.getByText("Progress note is signed.").waitFor();
  const card = page.getByRole("article", { name: "Progress note" });
  await card.getByText("Signed", { exact: true }).waitFor();
  await card.getByRole("button", { name: /Progress note/ }).click();
  await card.getByText("Bronchitis, improving.").first().waitFor();
  await doctor.look("document-signed");
  expect(doctor.complaints).toEqual([]);
});

it("amends it with a reason, and shows every version", async () => {
  const { page } = doctor;
  const card = page.getByRole("article", { name: "Progress note" });
  await card.getByRole("button", { name: "Amend", exact: true }).click();
  await card.getByRole("textbox", { name: "Assessment", exact: true }).fill("Bronchitis, resolved.");
  await doctor.press("Control+Enter");
  await card.getByText("Say why: the reason stands in the record.").waitFor();
  await doctor.look("document-amend");
  await card.getByLabel("Why is it amended?").fill("The X-ray came back clear.");
  await doctor.press("Control+Enter");
  await page.getByText("Progress note is amended.").waitFor();
  await card.getByText("Bronchitis, resolved.").first().waitFor();
  await card.getByRole("button", { name: "History" }).click();
  const versions = card.getByRole("list", { name: "History" });
  await versions.getByText("The X-ray came back clear.").waitFor();
  await versions.getByText("Bronchitis, improving.").first().waitFor();
  expect(await versions.getByRole("listitem").count()).toBe(2);
  await doctor.look("document-history");
  expect(doctor.complaints).toEqual([]);
});

it("keeps an unfinished document on the server, and discards it when asked", async () => {
  const { page } = doctor;
  await page.getByRole("button", { name: "Referral letter" }).click();
  const editor = page.getByRole("region", { name: "Referral letter" });
  await editor.getByRole("textbox", { name: "Reason for referral" }).fill("Second opinion");
  await editor.getByText(/^Draft saved/).waitFor();
  await editor.getByRole("button", { name: "Finish later" }).click();
  const card = page.getByRole("article", { name: "Referral letter" });
  await card.getByText("Draft", { exact: true }).waitFor();
  await card.getByRole("button", { name: /Referral letter/ }).click();
  await editor.waitFor();
  expect(await editor.getByRole("textbox", { name: "Reason for referral" }).inputValue()).toBe("Second opinion");
  await editor.getByRole("button", { name: "Discard draft" }).click();
  const question = page.getByRole("dialog", { name: "Discard this draft of Referral letter?" });
  await question.waitFor();
  await doctor.look("document-discard");
  await question.getByRole("button", { name: "Discard draft" }).click();
  await page.getByText("The draft is discarded.").waitFor();
  await card.waitFor({ state: "detached" });
  expect(doctor.complaints).toEqual([]);
});

it("leads from each reason of the close gate to its remedy", async () => {
  const { page } = doctor;
  const side = page.getByRole("complementary", { name: "Closing and tasks" });
  await side.getByRole("button", { name: "Record vitals", exact: true }).click();
  const vitals = page.getByRole("dialog", { name: "Record vitals" });
  await vitals.getByLabel("Pulse").fill("82");
  await doctor.press("Control+Enter");
  await vitals.waitFor({ state: "hidden" });
  await side.getByRole("button", { name: "Record vitals", exact: true }).waitFor({ state: "detached" });
  await side.getByRole("button", { name: "Consult", exact: true }).click();
  await page.getByLabel("Diagnosis").fill("Acute bronchitis");
  await doctor.press("Control+Enter");
  await side.getByText("Nothing is missing.").waitFor();
  await page.getByRole("tab", { name: "Note", exact: true }).click();
  await page.getByLabel("Subjective").waitFor();
  await doctor.look("note");
  expect(doctor.complaints).toEqual([]);
});

it("shows the documents in the chart, where they can be amended after the visit", async () => {
  const { page } = doctor;
  await doctor.ask("POST", `/api/encounters/${visit.encounter}/close`);
  await doctor.goTo(`/patients/${visit.patient}`);
  const card = page.getByRole("region", { name: "Documents" }).getByRole("article", { name: "Progress note" });
  await card.getByRole("button", { name: /Progress note/ }).click();
  await card.getByRole("button", { name: "Amend", exact: true }).waitFor();
  await doctor.look("chart-document");
  expect(doctor.complaints).toEqual([]);
});
