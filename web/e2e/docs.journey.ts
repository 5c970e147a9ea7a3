import { afterAll, beforeAll, expect, it } from "vitest";
import { Person } from "./person";

let reader: Person;

beforeAll(async () => {
  reader = await Person.arrive();
});

afterAll(async () => {
  await reader?.leave();
});

it("shows the server's own API, to search and to open", async () => {
  const { page } = reader;
  await reader.goTo("/api/docs");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.getByLabel("Search operations").fill("patients post");
  await page.getByRole("button", { name: "/api/patients" }).click();
  await page.getByRole("heading", { name: /^Body/ }).waitFor();
  await page.getByText("full_name", { exact: true }).first().waitFor();
  await reader.look("api-docs");
  expect(reader.complaints).toEqual([]);
});
