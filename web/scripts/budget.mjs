// Holds the built staff app to its weight: what the browser must fetch before the
// first screen, each route's own chunk, and each signature tool's. Exits 1 above a limit.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const dist = join(import.meta.dirname, "../apps/staff/dist");
const firstLoadLimit = 270;
const routeLimit = 60;
const toolLimit = 40;

const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
const kilobytes = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1024;

/** Every chunk that loads together with `key`, by static imports. */
function together(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) together(next, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = together(entry);
const sum = (keys) => [...keys].reduce((total, key) => total + kilobytes(manifest[key].file), 0);

const firstLoad = sum(first);
const isTool = (key) => key.includes("packages/tools/src/");
const lazy = Object.keys(manifest)
  .filter((key) => manifest[key].isDynamicEntry)
  .map((key) => ({ key, size: sum([...together(key)].filter((chunk) => !first.has(chunk))), limit: isTool(key) ? toolLimit : routeLimit }))
  .sort((a, b) => b.size - a.size);
const routes = lazy.filter(({ key }) => !isTool(key));
const tools = lazy.filter(({ key }) => isTool(key));

console.log(`first load ${firstLoad.toFixed(1)} KB gz of ${firstLoadLimit}`);
for (const chunk of [...routes.slice(0, 5), ...tools.slice(0, 5)]) console.log(`  ${chunk.key} ${chunk.size.toFixed(1)} KB gz of ${chunk.limit}`);

const faults = lazy.filter(({ size, limit }) => size > limit).map(({ key }) => key);
if (firstLoad > firstLoadLimit) faults.push("first load");
if (faults.length > 0) {
  console.error(`over the budget: ${faults.join(", ")}`);
  process.exit(1);
}
