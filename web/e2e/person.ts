import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, type Locator, type Page, chromium } from "playwright-core";

const out = join(import.meta.dirname, "out");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const widths = [1440, 820, 360] as const;
const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Somebody at a browser of their own. Their clicks are counted, their screens are checked. */
export class Person {
  readonly page: Page;
  /** What the browser complained of: errors in the console, in scripts, of the content policy. */
  readonly complaints: string[] = [];
  private clicks = 0;
  private readonly context: BrowserContext;
  private readonly folder: string;
  private readonly url: string;

  private constructor(url: string, folder: string, context: BrowserContext, page: Page) {
    this.url = url;
    this.folder = folder;
    this.context = context;
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      // a refused request is an answer like any other; the screen shows it
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) this.complaints.push(message.text());
    });
  }

  static async arrive(url: string): Promise<Person> {
    const folder = mkdtempSync(join(tmpdir(), "hm-browser-"));
    const context = await chromium.launchPersistentContext(folder, {
      executablePath: process.env.HM_CHROMIUM ?? "/usr/bin/chromium",
      args: flags,
      viewport: { width: 1440, height: 900 },
      // elsewhere than the hospital, on purpose: its screens must show its own time
      timezoneId: "America/New_York",
    });
    context.setDefaultTimeout(15_000);
    return new Person(url, folder, context, context.pages()[0] ?? (await context.newPage()));
  }

  async leave(): Promise<void> {
    await this.context.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async goTo(path: string): Promise<void> {
    await this.page.goto(this.url + path);
  }

  /** Signs in; who works in several facilities chooses this one. */
  async signIn(username: string, password: string, facility: string): Promise<void> {
    await this.goTo("/sign-in");
    await this.page.getByLabel("Username").fill(username);
    await this.page.getByLabel("Password", { exact: true }).fill(password);
    await this.page.keyboard.press("Enter");
    const screens = this.page.getByRole("navigation", { name: "Screens" });
    const place = this.page.getByRole("listitem").getByRole("button", { name: facility });
    await screens.or(place).waitFor();
    if (await place.isVisible()) await place.click();
    await screens.waitFor();
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

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Fails when the work took more clicks than its budget. */
  async within(budget: number, what: string, work: () => Promise<void>): Promise<void> {
    const before = this.clicks;
    await work();
    const used = this.clicks - before;
    if (used > budget) throw new Error(`${what}: ${used} clicks, the budget is ${budget}`);
    console.log(`${what}: ${used} of ${budget} clicks`);
  }

  /** Photographs the screen at every width and from right to left, and fails on anything axe finds there. */
  async look(name: string): Promise<void> {
    mkdirSync(out, { recursive: true });
    const found: string[] = [];
    for (const width of widths) {
      await this.page.setViewportSize({ width, height: width < 500 ? 780 : 900 });
      await this.settled();
      await this.page.screenshot({ path: join(out, `${name}-${width}.png`) });
      for (const fault of await this.axe()) found.push(`${name} at ${width}: ${fault}`);
    }
    await this.page.setViewportSize({ width: 1440, height: 900 });
    await this.turn("rtl");
    await this.settled();
    await this.page.screenshot({ path: join(out, `${name}-rtl.png`) });
    for (const fault of await this.axe()) found.push(`${name} right to left: ${fault}`);
    await this.turn("ltr");
    if (found.length > 0) throw new Error(found.join("\n"));
  }

  private async turn(direction: "ltr" | "rtl"): Promise<void> {
    await this.page.evaluate((dir) => {
      document.documentElement.dir = dir;
    }, direction);
  }

  /** Motion has ended and fonts are here. */
  private async settled(): Promise<void> {
    await this.page.waitForFunction(
      () => document.fonts.status === "loaded" && document.getAnimations().every((animation) => animation.playState !== "running" || animation.effect?.getComputedTiming().iterations === Infinity),
    );
  }

  /** Through the debugger, which the page's content policy does not bind. */
  private async axe(): Promise<string[]> {
    const debug = await this.context.newCDPSession(this.page);
    const run = async (expression: string): Promise<unknown> => {
      const { result, exceptionDetails } = await debug.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    };
    await run(`${axeSource}; true`);
    const report = (await run(`axe.run(document).then(({violations, passes}) => ({
      passes: passes.length,
      violations: violations.map(({id, nodes}) => id + ": " + nodes.slice(0, 3).map((node) => node.target.join(" ") + " (" + node.failureSummary + ")").join("; ")),
    }))`)) as { passes: number; violations: string[] };
    await debug.detach();
    if (report.passes === 0) throw new Error("axe looked at nothing");
    return report.violations;
  }
}
