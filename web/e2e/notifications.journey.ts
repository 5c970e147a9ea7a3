import { afterAll, beforeAll, expect, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { Person } from "./person";

let doctor: Person;
let technician: Person;
let admin: Person;
const patient = uniqueName("Notified");

beforeAll(async () => {
  [technician, admin] = await Promise.all([Person.at(demo.east.technician), Person.at(demo.admin)]);
  // somebody new: whom no other journey tells anything
  const account = { username: `notified.${Date.now().toString(36)}@asha`, password: "lantern-orchid-58", facility: "Asha East" };
  const { results } = await admin.ask<{ results: { id: string; name: string }[] }>("GET", "/api/facilities?limit=50");
  const east = results.find(({ name }) => name === account.facility)!;
  await admin.ask("POST", "/api/users", { username: account.username, password: account.password, full_name: "Dr. Anjali Told", memberships: [{ facility_id: east.id, roles: ["doctor"] }] });
  doctor = await Person.at(account);
});

afterAll(async () => {
  await Promise.all([doctor, technician, admin].map((person) => person?.leave()));
});

/** A potassium that is critical, ordered by the doctor. */
async function criticalResult(): Promise<void> {
  const arrived = await doctor.hasArrived(patient);
  await doctor.ask("POST", `/api/encounters/${arrived.encounter}/start-consult`);
  const order = await doctor.ask<{ items: { id: string }[] }>("POST", "/api/orders", { encounter_id: arrived.encounter, order_type: "LAB", priority: "STAT", items: [{ service_code: "RFT" }] });
  const item = order.items[0]!.id;
  const sample = await technician.ask<{ id: string }>("POST", "/api/lab/samples", { order_item_ids: [item] });
  await technician.ask("POST", `/api/lab/samples/${sample.id}/receive`);
  await technician.ask("POST", "/api/lab/results", { order_item_id: item, values: [{ code: "K", value: 7.4, unit: "mmol/L" }] });
}

it("rings the bell for who ordered, and leads to what it is about", async () => {
  const { page } = doctor;
  const bell = page.getByRole("button", { name: /Alerts and notifications/ });
  await bell.waitFor();
  await criticalResult();
  // by the stream, without asking for the page again
  await page.getByRole("button", { name: /[1-9]\d* unread/ }).waitFor();
  await bell.click();
  const panel = page.getByRole("dialog", { name: "Alerts and notifications" });
  const told = panel.getByRole("region", { name: "Notifications", exact: true }).getByRole("listitem").filter({ hasText: patient });
  await told.waitFor();
  await doctor.look("bell");
  await told.getByRole("button", { name: /^Mark as read/ }).click();
  await told.getByRole("button", { name: /^Mark as read/ }).waitFor({ state: "detached" });
  await told.getByRole("button").first().click();
  await page.waitForURL(/\/alerts\?alert=/);
  await panel.waitFor({ state: "detached" });
  expect(doctor.complaints).toEqual([]);
});

it("marks everything as read at once", async () => {
  const { page } = doctor;
  await page.getByRole("button", { name: /Alerts and notifications/ }).click();
  const panel = page.getByRole("dialog", { name: "Alerts and notifications" });
  await panel.getByRole("listitem").first().waitFor();
  const all = panel.getByRole("button", { name: "Mark all as read" });
  if (await all.isVisible()) await all.click();
  await panel.getByRole("button", { name: /^Mark as read/ }).first().waitFor({ state: "detached" });
  await doctor.press("Escape");
  await page.getByRole("button", { name: /, 0 unread/ }).waitFor();
  expect(doctor.complaints).toEqual([]);
});

it("keeps how somebody wants to be told", async () => {
  const { page } = doctor;
  await doctor.goTo("/account");
  const card = page.getByRole("region", { name: "How I am told" });
  await card.getByRole("checkbox", { name: "Information: Email" }).check();
  await card.getByRole("switch", { name: "Quiet hours" }).click();
  await card.getByLabel("From").fill("22:30");
  await card.getByLabel("Number for SMS").fill("98000");
  await doctor.look("preferences");
  await card.getByRole("button", { name: "Save" }).click();
  await card.getByText(/country's code and the number/).waitFor();
  await card.getByLabel("Number for SMS").fill("+91 98000 00000");
  await card.getByRole("button", { name: "Save" }).click();
  await page.getByText("You are told in this way from now on.").waitFor();
  await doctor.goTo("/account");
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>("input[type=tel]")?.value === "+919800000000");
  expect(await card.getByLabel("From").inputValue()).toBe("22:30");
  expect(await card.getByRole("checkbox", { name: "Critical: In the app" }).isDisabled()).toBe(true);
  expect(doctor.complaints).toEqual([]);
});

it("words a message in the hospital's own way, and refuses what the channel cannot say", async () => {
  const { page } = admin;
  await admin.goTo("/admin/notifications");
  const row = page.getByRole("row", { name: /Critical result at \{facility\}/ });
  await row.waitFor();
  await admin.look("message-texts");
  await row.click();
  const panel = page.getByRole("dialog", { name: "Critical result" });
  const subject = panel.getByLabel("Title");
  await subject.fill("Urgent at {facility}: {service}");
  await panel.getByText(/There is no \{service\} here/).first().waitFor();
  await subject.fill("Urgent at {facility}");
  await panel.getByRole("region", { name: "How it reads" }).getByText("Urgent at Asha Main").waitFor();
  await admin.look("message-text");
  await admin.press("Control+Enter");
  const own = page.getByRole("row", { name: /Urgent at \{facility\}/ });
  await own.waitFor();
  await own.click();
  await panel.getByRole("button", { name: "As built in" }).click();
  await row.waitFor();
  expect(admin.complaints).toEqual([]);
});

it("shows what left the app and what did not", async () => {
  const { page } = admin;
  await admin.goTo("/admin/notifications?part=deliveries");
  await page.getByRole("row").nth(1).waitFor();
  await admin.look("deliveries");
  await page.getByRole("row").nth(1).click();
  await page.getByRole("dialog").getByText("Severity").waitFor();
  await admin.look("delivery");
  expect(admin.complaints).toEqual([]);
});
