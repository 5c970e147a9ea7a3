import { afterAll, beforeAll, expect, it } from "vitest";
import { demo } from "./demo";
import { Person } from "./person";

let doctor: Person;

beforeAll(async () => {
  doctor = await Person.at(demo.doctor);
});

afterAll(async () => {
  await doctor?.leave();
});

it("speaks Hindi when asked to, and remembers it", async () => {
  const { page } = doctor;
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "हिन्दी" }).waitFor();
  await doctor.look("language-menu");
  await page.getByRole("menuitem", { name: "हिन्दी" }).click();
  await page.getByRole("navigation", { name: "स्क्रीन" }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("hi");
  await page.reload();
  await page.getByRole("navigation", { name: "स्क्रीन" }).waitFor();
  await page.goto("/queue");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await doctor.look("queue-hindi");
  await page.getByRole("button", { name: "खाता" }).click();
  await page.getByRole("menuitem", { name: "English" }).click();
  await doctor.screens.waitFor();
  expect(doctor.complaints).toEqual([]);
});
