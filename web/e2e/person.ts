import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Browser, type BrowserContext, type Locator, type Page, chromium } from "playwright-core";
import { inject } from "vitest";

const out = join(import.meta.dirname, "out");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What every screen is looked at as: three widths, and once from right to left. axe reads at both ends and right to left. */
const views = [
  { as: "1440", width: 1440, height: 900, dir: "ltr", axe: true },
  { as: "820", width: 820, height: 1100, dir: "ltr", axe: false },
  { as: "rtl", width: 820, height: 1100, dir: "rtl", axe: true },
  { as: "360", width: 360, height: 780, dir: "ltr", axe: true },
] as const;
const usual = { width: 1440, height: 900 };

/** Patient enough for a machine that has other work. */
const patience = Number(process.env.HM_E2E_PATIENCE ?? 40_000);

let connected: Promise<Browser> | undefined;
const here = new Set<Person>();

export interface Account {
  username: string;
  password: string;
  facility: string;
}

/** Somebody with a browser profile of their own. Their clicks are counted, their screens are checked. */
export class Person {
  readonly page: Page;
  /** What the browser complained of: errors in the console, in scripts, of the content policy. */
  readonly complaints: string[] = [];
  private clicks = 0;
  private readonly context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      // a refused request is an answer like any other; the screen shows it
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) this.complaints.push(message.text());
    });
  }

  static async arrive(): Promise<Person> {
    connected ??= chromium.connect(inject("browser"));
    const browser = await connected;
    const context = await browser.newContext({
      baseURL: inject("url"),
      viewport: usual,
      // elsewhere than the hospital, on purpose: its screens must show its own time
      timezoneId: "America/New_York",
    });
    context.setDefaultTimeout(patience);
    const person = new Person(context, await context.newPage());
    here.add(person);
    return person;
  }

  static async at(account: Account): Promise<Person> {
    const person = await Person.arrive();
    await person.signIn(account);
    return person;
  }

  async leave(): Promise<void> {
    here.delete(this);
    await this.context.close();
  }

  /** Everybody who has arrived and not left. */
  static present(): Person[] {
    return [...here];
  }

  /** Keeps what is on the screen, as it is. */
  async photograph(name: string): Promise<void> {
    mkdirSync(out, { recursive: true });
    await this.page.screenshot({ path: join(out, `${name}.png`) }).catch(() => {});
  }

  async goTo(path: string): Promise<void> {
    await this.page.goto(path);
  }

  /** Signs in; who works in several facilities chooses this one. */
  async signIn({ username, password, facility }: Account): Promise<void> {
    await this.goTo("/sign-in");
    await this.page.getByLabel("Username").fill(username);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.press("Enter");
    const place = this.page.getByRole("listitem").getByRole("button", { name: facility });
    await this.screens.or(place).waitFor();
    if (await place.isVisible()) await place.click();
    await this.screens.waitFor();
  }

  /** What stands at the side of every screen once somebody is in. */
  get screens(): Locator {
    return this.page.getByRole("navigation", { name: "Screens" });
  }

  /** Asks the server as this person, for what a journey needs before it begins. */
  async ask<T = Record<string, unknown>>(method: "GET" | "POST", path: string, body?: unknown): Promise<T> {
    const answer = await this.page.evaluate(
      async ({ method, path, body }) => {
        const response = await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: body === undefined ? undefined : JSON.stringify(body) });
        return { ok: response.ok, status: response.status, text: await response.text() };
      },
      { method, path, body },
    );
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return (answer.text ? JSON.parse(answer.text) : undefined) as T;
  }

  /** A patient of this name with an open visit, checked in. */
  async hasArrived(name: string, gender: "female" | "male" = "female"): Promise<{ patient: string; encounter: string; mrn: string }> {
    const patient = await this.ask<{ id: string; mrn: string }>("POST", "/api/patients", { full_name: name, gender, age_years: 41, phone: "98450 12345" });
    const encounter = await this.ask<{ id: string }>("POST", "/api/encounters", { patient_id: patient.id, reason: "Cough for a week" });
    await this.ask("POST", `/api/encounters/${encounter.id}/check-in`);
    return { patient: patient.id, encounter: encounter.id, mrn: patient.mrn };
  }

  /** One click that a budget counts. */
  async click(target: Locator): Promise<void> {
    this.clicks++;
    await target.click();
  }

  /** Types into the field that has the focus: no click is needed for it. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Presses key after key, no faster than a person: what comes faster is a scanner. */
  async press(...keys: string[]): Promise<void> {
    for (const [index, key] of keys.entries()) {
      if (index > 0) await this.page.waitForTimeout(90);
      await this.page.keyboard.press(key);
    }
  }

  /** Presses Tab until this has the focus, as somebody without a mouse does; fails when it is out of reach. */
  async tabTo(target: Locator, presses = 60): Promise<void> {
    for (let press = 0; press <= presses; press++) {
      if (await target.evaluate((element) => element === document.activeElement || element.contains(document.activeElement))) return;
      await this.press("Tab");
    }
    throw new Error(`the keyboard does not reach ${target}`);
  }

  /** Presses Enter where the focus stands, once it stands on this. */
  async enter(target: Locator): Promise<void> {
    await this.tabTo(target);
    await this.press("Enter");
  }

  /** Waits until this has the focus by itself. */
  async focused(target: Locator): Promise<void> {
    await target.waitFor();
    await this.page.waitForFunction((element) => element === document.activeElement, await target.elementHandle());
  }

  /** Fails when the work took more clicks than its budget. */
  async within(budget: number, what: string, work: () => Promise<void>): Promise<void> {
    const before = this.clicks;
    await work();
    const used = this.clicks - before;
    if (used > budget) throw new Error(`${what}: ${used} clicks, the budget is ${budget}`);
    console.log(`${what}: ${used} of ${budget} clicks`);
  }

  /** Photographs the screen in every view, and fails on what axe finds there and on a page wider than its window. */
  async look(name: string): Promise<void> {
    mkdirSync(out, { recursive: true });
    const found: string[] = [];
    for (const view of views) {
      const where = `${name} at ${view.width} ${view.dir}`;
      await this.page.setViewportSize({ width: view.width, height: view.height });
      await this.turn(view.dir);
      await this.settled();
      await this.page.screenshot({ path: join(out, `${name}-${view.as}.png`) });
      if (await this.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)) found.push(`${where}: wider than the window`);
      if (view.axe) for (const fault of await this.axe(view.dir)) found.push(`${where}: ${fault}`);
    }
    await this.turn("ltr");
    await this.page.setViewportSize(usual);
    if (found.length > 0) throw new Error(found.join("\n"));
  }

  private async turn(direction: "ltr" | "rtl"): Promise<void> {
    await this.page.evaluate((dir) => {
      document.documentElement.dir = dir;
    }, direction);
  }

  /** What was asked for is shown, motion has ended and fonts are here. */
  private async settled(): Promise<void> {
    await this.page.waitForFunction(() => {
      // below a dialog that asks to sign in again, everything waits
      const waits = document.querySelector("[role=dialog] input[autocomplete=current-password]") !== null;
      const loading = document.querySelector("[data-loading], .mantine-Skeleton-root") !== null;
      const moving = document.getAnimations().some((animation) => animation.playState === "running" && animation.effect?.getComputedTiming().iterations !== Infinity);
      return (waits || !loading) && !moving && document.fonts.status === "loaded";
    });
  }

  /** Through the debugger, which the page's content policy does not bind. */
  private async axe(direction: "ltr" | "rtl"): Promise<string[]> {
    const debug = await this.context.newCDPSession(this.page);
    const run = async (expression: string): Promise<unknown> => {
      const { result, exceptionDetails } = await debug.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    };
    if (!(await run("typeof window.axe === 'object'"))) await run(`${axeSource}; true`);
    // contrast costs the most, and is the same from right to left
    const options = { resultTypes: ["violations"], rules: { "color-contrast": { enabled: direction === "ltr" } } };
    const report = (await run(`axe.run(document, ${JSON.stringify(options)}).then(({violations, passes}) => ({
      passes: passes.length,
      violations: violations.map(({id, nodes}) => id + ": " + nodes.slice(0, 3).map((node) => node.target.join(" ") + " (" + node.failureSummary + ")").join("; ")),
    }))`)) as { passes: number; violations: string[] };
    await debug.detach();
    if (report.passes === 0) throw new Error("axe looked at nothing");
    return report.violations;
  }
}
