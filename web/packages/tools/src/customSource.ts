import type { AllowedTool, CustomToolSource, Emitted } from "./host";

/** A tool that does not answer in this time is given up, milliseconds. */
export const patience = 10_000;
const largestValue = 256 * 1024;

export type SourceFailure = "notAllowed" | "notLoaded" | "tooLate";

export class SourceError extends Error {
  constructor(readonly failure: SourceFailure) {
    super(failure);
  }
}

const integrityShape = /^sha(256-[A-Za-z0-9+/]{43}=|384-[A-Za-z0-9+/]{64}|512-[A-Za-z0-9+/]{86}==)$/;
const elementShape = /^x-[a-z0-9]+(-[a-z0-9]+)*$/;

/** Whether this source may be loaded at all: well formed, and with this very address and hash on the allow-list. */
export function isAllowed(source: CustomToolSource, allowed: AllowedTool[]): boolean {
  const safe = /^https:\/\//.test(source.url) || /^\/(?![/\\])/.test(source.url);
  return (
    safe &&
    integrityShape.test(source.integrity) &&
    elementShape.test(source.element) &&
    allowed.some((one) => one.url === source.url && one.integrity === source.integrity)
  );
}

interface Load {
  integrity: string;
  done: Promise<void>;
}

// A browser runs a module once for each address, whatever hash a second script names: so the first hash holds here too.
const loads = new Map<string, Load>();
const definedBy = new Map<string, string>();

/** Loads the module that defines the element, once; the browser refuses what does not have the hash. */
export async function load(source: CustomToolSource, allowed: AllowedTool[], wait: number = patience): Promise<void> {
  if (!isAllowed(source, allowed)) throw new SourceError("notAllowed");
  const owner = definedBy.get(source.element);
  // an element that somebody else defined is not this tool
  if (owner !== source.url && (owner !== undefined || customElements.get(source.element))) throw new SourceError("notLoaded");
  let known = loads.get(source.url);
  if (known && known.integrity !== source.integrity) throw new SourceError("notLoaded");
  if (!known) {
    known = { integrity: source.integrity, done: run(source) };
    loads.set(source.url, known);
    known.done.catch(() => loads.delete(source.url));
  }
  await inTime(
    known.done.then(() => customElements.whenDefined(source.element)),
    wait,
  );
  definedBy.set(source.element, source.url);
}

function run(source: CustomToolSource): Promise<void> {
  return new Promise((done, fail) => {
    const script = document.createElement("script");
    script.type = "module";
    script.src = source.url;
    script.integrity = source.integrity;
    script.crossOrigin = "anonymous";
    script.onload = () => done();
    script.onerror = () => {
      script.remove();
      fail(new SourceError("notLoaded"));
    };
    document.head.append(script);
  });
}

async function inTime<T>(work: Promise<T>, wait: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new SourceError("tooLate")), wait);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What a third party's tool gave, as plain JSON; null when it is not a value that can be kept. */
export function readEmitted(value: unknown): Emitted | null {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    return null; // cyclic
  }
  if (text === undefined || text.length > largestValue) return null;
  const plain: unknown = JSON.parse(text);
  if (typeof plain !== "object" || plain === null || Array.isArray(plain)) return null;
  return typeof (plain as Emitted).summary === "string" ? (plain as Emitted) : null;
}
