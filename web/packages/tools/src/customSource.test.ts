import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isAllowed, load, readEmitted } from "./customSource";
import { ownFetch, summaryOf } from "./host";

const integrity = `sha384-${"A".repeat(64)}`;
const source = (over: object = {}) => ({ url: "https://tools.example.org/tongue.js", integrity, element: "x-tongue", ...over });
const listed = (one: { url: string; integrity: string }) => [{ url: one.url, integrity: one.integrity }];

describe("what may be loaded", () => {
  it("is what stands on the list with its very hash", () => {
    expect(isAllowed(source(), listed(source()))).toBe(true);
    expect(isAllowed(source({ url: "/tools/a.js" }), listed(source({ url: "/tools/a.js" })))).toBe(true);
    expect(isAllowed(source(), [])).toBe(false);
    expect(isAllowed(source(), [{ url: source().url, integrity: `sha384-${"B".repeat(64)}` }])).toBe(false);
    expect(isAllowed(source(), [{ url: "https://tools.example.org/other.js", integrity }])).toBe(false);
  });

  it.each([
    { url: "http://tools.example.org/tongue.js" },
    { url: "//tools.example.org/tongue.js" },
    { url: "/\\tools.example.org/tongue.js" },
    { url: "data:text/javascript,1" },
    { url: "javascript:1" },
    { integrity: "" },
    { integrity: "sha1-abc" },
    { integrity: `md5-${"A".repeat(64)}` },
    { integrity: `${integrity} sha384-${"B".repeat(64)}` },
    { element: "script" },
    { element: "x-" },
    { element: "X-Tongue" },
    { element: "tongue-map" },
  ])("is never %j, whatever the list says", (over) => {
    const asked = source(over);
    expect(isAllowed(asked, listed(asked))).toBe(false);
  });
});

describe("loading", () => {
  let placed: HTMLScriptElement[];
  beforeEach(() => {
    placed = [];
    // jsdom runs no modules: the browser's part is played here, and for real in e2e/tools.journey.ts
    vi.spyOn(document.head, "append").mockImplementation((...nodes) => void placed.push(...(nodes as HTMLScriptElement[])));
  });
  afterEach(() => vi.restoreAllMocks());

  const define = (name: string) => customElements.define(name, class extends HTMLElement {});
  const failure = (promise: Promise<void>) => promise.then(() => "loaded", (error: { failure: string }) => error.failure);

  it("asks with hash and without credentials, once for many places", async () => {
    const one = source({ url: "/a.js", element: "x-once" });
    const both = Promise.all([load(one, listed(one)), load(one, listed(one))]);
    expect(placed).toHaveLength(1);
    expect(placed[0]).toMatchObject({ type: "module", integrity, crossOrigin: "anonymous" });
    define("x-once");
    placed[0]!.onload!(new Event("load"));
    await both;
    await load(one, listed(one));
    expect(placed).toHaveLength(1);
  });

  it("takes no second hash for an address that has run", async () => {
    const one = source({ url: "/b.js", element: "x-second" });
    const first = load(one, listed(one));
    define("x-second");
    placed[0]!.onload!(new Event("load"));
    await first;
    const other = { ...one, integrity: `sha384-${"C".repeat(64)}` };
    expect(await failure(load(other, listed(other)))).toBe("notLoaded");
  });

  it("takes no element that somebody else defined", async () => {
    define("x-theirs");
    const one = source({ url: "/c.js", element: "x-theirs" });
    expect(await failure(load(one, listed(one)))).toBe("notLoaded");
    expect(placed).toHaveLength(0);
  });

  it("says that it failed, and may be tried again", async () => {
    const one = source({ url: "/d.js", element: "x-again" });
    const first = failure(load(one, listed(one)));
    placed[0]!.onerror!(new Event("error"));
    expect(await first).toBe("notLoaded");
    const second = load(one, listed(one));
    expect(placed).toHaveLength(2);
    define("x-again");
    placed[1]!.onload!(new Event("load"));
    await second;
  });

  it("waits only so long", async () => {
    const one = source({ url: "/e.js", element: "x-late" });
    expect(await failure(load(one, listed(one), 20))).toBe("tooLate");
  });
});

describe("what a tool gives", () => {
  it("is plain JSON with words", () => {
    expect(readEmitted({ a: [1, { b: null }], summary: "words", gone: undefined, made: () => 1 })).toEqual({ a: [1, { b: null }], summary: "words" });
  });

  it.each([undefined, null, 1, "text", [], { a: 1 }, { summary: 4 }, { summary: "x".repeat(300_000) }])("is never %j", (value) => {
    expect(readEmitted(value)).toBeNull();
  });

  it("is never a thing that holds itself", () => {
    const self: Record<string, unknown> = { summary: "round" };
    self.self = self;
    expect(readEmitted(self)).toBeNull();
  });

  it("says itself in words, where there are any", () => {
    expect(summaryOf({ summary: "words" })).toBe("words");
    for (const value of [null, undefined, 1, {}, { summary: 3 }]) expect(summaryOf(value)).toBe("");
  });
});

it("asks HM's own API and nobody else", async () => {
  const send = vi.fn().mockResolvedValue({});
  const ask = ownFetch(send);
  await ask("/api/patients/1/observations?code=a");
  expect(send).toHaveBeenCalledTimes(1);
  for (const path of ["https://elsewhere.example/api/x", "//elsewhere.example/api/x", "/elsewhere", "api/x", "/api/../elsewhere", "/apix"]) {
    await expect(ask(path)).rejects.toThrow(/begins with/);
  }
  expect(send).toHaveBeenCalledTimes(1);
});
