import { readFileSync } from "node:fs";
import { type IncomingMessage, type Server, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Browser, type Page, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { demo, uniqueName } from "./demo";
import { Person } from "./person";

const source = readFileSync(join(import.meta.dirname, "../examples/minimal-frontend/index.html"));
const document = JSON.parse(readFileSync(join(import.meta.dirname, "../packages/client/openapi.json"), "utf8")) as { paths: Record<string, object> };
let site: Server;
let browser: Browser;
let page: Page;
let nurse: Person;

/** The one file at `/`, and behind it the API of the running server: the same origin, as a reverse proxy would give it. */
function serve(): Promise<Server> {
  const api = new URL(inject("url"));
  const server = createServer((asked, answer) => {
    if (!asked.url!.startsWith("/api/")) return void answer.writeHead(asked.url === "/" ? 200 : 404, { "Content-Type": "text/html; charset=utf-8" }).end(asked.url === "/" ? source : "");
    const onward = request({ host: api.hostname, port: api.port, path: asked.url, method: asked.method, headers: { ...asked.headers, host: api.host } }, (given: IncomingMessage) => {
      answer.writeHead(given.statusCode!, given.headers);
      given.pipe(answer);
    });
    asked.pipe(onward);
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

beforeAll(async () => {
  [site, browser, nurse] = await Promise.all([serve(), chromium.connect(inject("browser")), Person.at(demo.nurse)]);
  page = await (await browser.newContext({ viewport: { width: 820, height: 900 } })).newPage();
});

afterAll(async () => {
  await Promise.all([page?.context().close(), nurse?.leave()]);
  site?.close();
});

it("calls only what the API documents", () => {
  const calls = [...source.toString().matchAll(/api\("(GET|POST)", [`"](\/api\/[^`"?]*)/g)].map(([, method, path]) => [method!.toLowerCase(), path!.replaceAll(/\$\{[^}]*\}/g, "{}")]);
  expect(calls.length).toBeGreaterThan(6);
  for (const [method, path] of calls) {
    const known = Object.entries(document.paths).find(([template]) => template.replaceAll(/\{[^}]*\}/g, "{}") === path);
    expect(known, path).toBeDefined();
    expect(known![1], `${method} ${path}`).toHaveProperty(method!);
  }
});

it("is a whole frontend in one file: sign-in, workspace, queue, form, record", async () => {
  const name = uniqueName("Kavya");
  await nurse.hasArrived(name);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  await page.getByLabel("Username").fill(demo.doctor.username);
  await page.getByLabel("Password").fill(demo.doctor.password);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: new RegExp(name) }).click();
  await page.getByRole("button", { name: "Progress note" }).click();
  await page.getByRole("button", { name: "Sign" }).click();
  // the server says at its field what is missing
  await page.locator(".fault:not(:empty)").first().waitFor();
  for (const box of await page.locator("form textarea, form input[type=text]").all()) await box.fill("Better since yesterday");
  await page.screenshot({ path: join(import.meta.dirname, "out/minimal-frontend.png") });
  await page.getByRole("button", { name: "Sign" }).click();
  await page.getByText(/^Signed:/).waitFor();
  expect(complaints).toEqual([]);
});
