import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { type Gallery, openGallery, openOtherOrigin } from "./gallery";
import { Person } from "./person";

let gallery: Gallery;
let other: Gallery;
let reader: Person;
let policy: string;

beforeAll(async () => {
  // the very policy that the server gives its pages
  policy = (await fetch(`${inject("url")}/`)).headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("script-src 'self';");
  [gallery, other, reader] = await Promise.all([openGallery(policy), openOtherOrigin(), Person.arrive()]);
});

afterAll(async () => {
  await reader?.leave();
  await Promise.all([gallery?.close(), other?.close()]);
});

const names = ["radar", "radar-one", "score_grid", "body_map", "body_map-eye", "refraction_grid", "waveform", "waveform-afib", "trend", "time_grid", "rubric_grid"];

describe("built-in tools", () => {
  it.each(names)("%s is drawn at every width and from right to left, without fault", async (name) => {
    reader.complaints.length = 0;
    await reader.goTo(`${gallery.url}/?tool=${name}`);
    await reader.page.locator(".sample [role=group], .sample figure, .sample [role=region]").first().waitFor();
    await reader.look(`tool-${name}`);
    expect(reader.complaints).toEqual([]);
  });

  it("speaks Hindi where the page does", async () => {
    await reader.goTo(`${gallery.url}/?tool=refraction_grid&locale=hi`);
    await reader.page.getByRole("button", { name: "रूप बदलें" }).waitFor();
  });

  it("turns a prescription by its button and steps it by the arrows and the wheel", async () => {
    const { page } = reader;
    await reader.goTo(`${gallery.url}/?tool=refraction_grid`);
    const sphere = page.getByRole("spinbutton", { name: "OD Sphere" });
    await sphere.focus();
    await reader.press("ArrowUp", "PageDown");
    await expect.poll(() => sphere.inputValue()).toBe("−2.00");
    await sphere.hover();
    await page.mouse.wheel(0, -100);
    await expect.poll(() => sphere.inputValue()).toBe("−1.75");
    await page.getByRole("button", { name: "Transpose" }).click();
    await expect.poll(() => sphere.inputValue()).toBe("−2.25");
    await expect.poll(() => page.getByRole("spinbutton", { name: "OD Cylinder" }).inputValue()).toBe("+0.50");
    await expect.poll(() => page.getByRole("spinbutton", { name: "OD Axis" }).inputValue()).toBe("180");
    await page.getByRole("combobox", { name: "OS Acuity" }).fill("20/40");
    await expect.poll(() => page.locator(".summary").textContent()).toContain("OS −2.25 / +0.75 (20/40)");
    await page.getByText("OS: a cylinder needs its axis, 1 to 180.").waitFor();
  });

  it("measures an interval with the calipers, by keyboard alone", async () => {
    const { page } = reader;
    await reader.goTo(`${gallery.url}/?tool=waveform-afib`);
    const [first, second] = [page.getByRole("slider", { name: "First caliper" }), page.getByRole("slider", { name: "Second caliper" })];
    const at = async (caliper: typeof first) => Number(await caliper.getAttribute("aria-valuenow"));
    await first.focus();
    const before = await at(first);
    await reader.press("ArrowRight", "ArrowRight");
    await expect.poll(() => at(first)).toBe(before + 20);
    const interval = (await at(second)) - (await at(first));
    await page.getByRole("button", { name: "RR", exact: true }).click();
    await expect.poll(() => page.locator(".summary").textContent()).toContain(`RR ${interval} ms`);
  });

  it("prints an ECG in true millimetres, whatever the screen was zoomed to", async () => {
    const { page } = reader;
    await reader.goTo(`${gallery.url}/?tool=waveform-afib`);
    await page.getByText("×2").click();
    const canvas = page.locator("canvas");
    const millimetres = async () => Math.round(((await canvas.boundingBox())!.width * 25.4) / 96);
    await expect.poll(millimetres).toBe(524);
    await page.emulateMedia({ media: "print" });
    await expect.poll(millimetres).toBe(262);
    await page.emulateMedia({ media: null });
  });

  it("finds a rubric while typing and weighs it, by keyboard alone", async () => {
    const { page } = reader;
    await reader.goTo(`${gallery.url}/?tool=rubric_grid`);
    await page.getByRole("combobox", { name: "Search rubrics" }).focus();
    await reader.type("alone");
    await page.getByRole("option", { name: /Mind, fear, alone/ }).waitFor();
    await reader.press("Enter");
    await page.getByRole("rowheader", { name: /Mind, fear, alone/ }).waitFor();
    await expect.poll(() => page.locator(".summary").textContent()).toContain("Ars. 24/5");
    await page.getByRole("combobox", { name: "Weight of Mind, fear, alone, of being" }).selectOption("4");
    await expect.poll(() => page.locator(".summary").textContent()).toContain("Ars. 33/5");
  });

  it("goes from region to region of the body by the arrows", async () => {
    const { page } = reader;
    await reader.goTo(`${gallery.url}/?tool=body_map`);
    await page.getByRole("group", { name: "Front" }).getByRole("button", { name: "Head" }).focus();
    await reader.press("ArrowDown", "ArrowDown", "Enter");
    await page.getByRole("group", { name: "Chest" }).getByRole("button", { name: "Pain" }).click();
    await expect.poll(() => page.locator(".summary").textContent()).toContain("Chest: Pain");
  });
});

describe("third parties' tools", () => {
  const element = "x-tongue-map";
  const good = `customElements.define("${element}", class extends HTMLElement {
    connectedCallback() {
      this.innerHTML = "<button type=button>Red tip</button>";
      this.firstChild.onclick = () => this.dispatchEvent(new CustomEvent("emit", { detail: { tip: this.config.colour, patient: this.host.patient.id, summary: "Red tip of the tongue" } }));
    }
  });`;
  let turn = 0;
  let path: string;
  beforeEach(() => {
    path = `/tools/${++turn}.js`;
    gallery.policy = policy;
    gallery.asked.length = 0;
    reader.complaints.length = 0;
  });

  const place = (url: string, integrity: string, allowed = [{ url, integrity }]) =>
    reader.goTo(`${gallery.url}/?trial=${encodeURIComponent(JSON.stringify({ source: { url, integrity, element }, allowed }))}`);

  /** The form goes on working, and says what was recorded before. */
  async function usable(words: RegExp): Promise<void> {
    const { page } = reader;
    await page.getByText(words).waitFor({ timeout: 15_000 });
    await page.getByText("what was recorded before", { exact: true }).waitFor();
    await page.getByLabel("Note").fill("typed all the same");
    expect(await page.getByLabel("Note").inputValue()).toBe("typed all the same");
  }

  /** Whether the browser runs a module that stands in the page, as the host would place it. */
  const runs = (url: string, hash: string): Promise<boolean> =>
    reader.page.evaluate(
      ([src, integrity]) =>
        new Promise<boolean>((done) => {
          document.head.append(Object.assign(document.createElement("script"), { type: "module", src, integrity, crossOrigin: "anonymous", onload: () => done(true), onerror: () => done(false) }));
        }),
      [url, hash] as const,
    );

  it("loads with its hash, is given its host and gives its value", async () => {
    await place(path, gallery.script(path, good));
    await reader.page.getByRole("button", { name: "Red tip" }).click();
    await expect.poll(() => reader.page.locator(".summary").textContent()).toBe('{"tip":"red","patient":"p1","summary":"Red tip of the tongue"}');
    expect(reader.complaints).toEqual([]);
  });

  it("is refused by the browser when its content has another hash", async () => {
    const hash = gallery.script(path, good);
    gallery.script(path, `${good} // changed since`);
    await place(path, hash);
    await usable(/did not load, or is not the one that was allowed/);
    expect(gallery.asked).toContain(path);
  });

  it("is not even asked for when it is not on the list", async () => {
    const hash = gallery.script(path, good);
    await place(path, hash, [{ url: path, integrity: "sha384-other" }]);
    await usable(/not on the list of tools/);
    expect(gallery.asked).not.toContain(path);
  });

  it("comes from another origin only when the policy names it", async () => {
    const url = `${other.url}${path}`;
    const hash = other.script(path, good);
    await place(url, hash);
    // plain http is not on any list, so the tool is not loaded
    await usable(/not on the list of tools/);

    // past the list, the policy alone still refuses
    expect(await runs(url, hash)).toBe(false);
    expect(other.asked).not.toContain(path);

    gallery.policy = policy.replace("script-src 'self'", `script-src 'self' ${other.url}`);
    await place(path, hash);
    expect(await runs(url, hash)).toBe(true);
  });

  it.each([
    ["when it is placed", `connectedCallback() { throw new Error("broken"); }`],
    ["when it is made", `constructor() { super(); throw new Error("broken"); }`],
    ["when it is given its host", `set host(one) { throw new Error("broken"); }`],
    ["a moment later", `connectedCallback() { setTimeout(() => { throw new Error("broken"); }, 50); }`],
    ["in a promise", `async connectedCallback() { await null; throw new Error("broken"); }`],
  ])("leaves the form usable when it throws %s", async (_, body) => {
    await place(path, gallery.script(path, `customElements.define("${element}", class extends HTMLElement { ${body} });`));
    await usable(/This tool cannot be shown/);
  });

  it("leaves the form usable when it never comes", async () => {
    await place(path, gallery.script(path, "export {};"));
    await usable(/did not answer in time/);
  });

  it("cannot give what is no value, nor what no one could read", async () => {
    const broken = good.replace('summary: "Red tip of the tongue"', "other: 1");
    await place(path, gallery.script(path, broken));
    await reader.page.getByRole("button", { name: "Red tip" }).click();
    await reader.page.getByText("This tool gave a value that cannot be kept.").waitFor();
    expect(await reader.page.locator(".summary").textContent()).toContain("what was recorded before");
  });

  it("can send nothing to anybody but HM", async () => {
    const spy = good.replace("this.innerHTML", `fetch("${other.url}/stolen").then(() => { window.sent = true; }, () => { window.sent = false; }); this.innerHTML`);
    await place(path, gallery.script(path, spy));
    await reader.page.getByRole("button", { name: "Red tip" }).waitFor();
    await expect.poll(() => reader.page.evaluate(() => (window as unknown as { sent?: boolean }).sent)).toBe(false);
    expect(other.asked).not.toContain("/stolen");
  });
});
