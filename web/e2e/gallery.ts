import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { build } from "vite";

const folder = join(import.meta.dirname, "../packages/tools/gallery");
const kinds: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };

export interface Gallery {
  url: string;
  /** Adds a script, as a third party or the house would serve it, and tells its hash. */
  script(path: string, text: string): string;
  /** The policy of every answer from now on. */
  policy: string;
  /** What was asked for, by path. */
  asked: string[];
  close(): Promise<void>;
}

/** The page of all tools, built as the app is and served under the policy that the server gives its own pages. */
export async function openGallery(policy: string): Promise<Gallery> {
  const out = mkdtempSync(join(tmpdir(), "hm-gallery-"));
  await build({ configFile: join(folder, "vite.config.ts"), logLevel: "error", build: { outDir: out, emptyOutDir: true, assetsInlineLimit: 0, target: "es2022", reportCompressedSize: false } });
  const gallery = await serve(out, policy);
  const { close } = gallery;
  gallery.close = async () => {
    await close();
    rmSync(out, { recursive: true, force: true });
  };
  return gallery;
}

/** A third party's server: only scripts. */
export const openOtherOrigin = (): Promise<Gallery> => serve(null, "default-src 'none'");

async function serve(out: string | null, policy: string): Promise<Gallery> {
  const scripts = new Map<string, string>();
  const self: Omit<Gallery, "close" | "url"> & { policy: string } = {
    policy,
    asked: [],
    script: (path, text) => {
      scripts.set(path, text);
      return `sha384-${createHash("sha384").update(text).digest("base64")}`;
    },
  };
  const server: Server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://gallery").pathname);
    self.asked.push(path);
    response.setHeader("Content-Security-Policy", self.policy);
    response.setHeader("Access-Control-Allow-Origin", "*");
    const script = scripts.get(path);
    if (script !== undefined) {
      response.setHeader("Content-Type", "text/javascript");
      response.end(script);
      return;
    }
    try {
      if (out === null) throw new Error("nothing else is here");
      const file = path === "/" ? "/index.html" : path;
      const content = readFileSync(join(out, file));
      response.setHeader("Content-Type", kinds[extname(file)] ?? "application/octet-stream");
      response.end(content);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(self, {
    url,
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  });
}
