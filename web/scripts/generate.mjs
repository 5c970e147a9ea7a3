// Writes the client's types from the server's OpenAPI document.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const client = join(import.meta.dirname, "../packages/client");
const document = join(client, "openapi.json");
if (!existsSync(document)) {
  console.error("packages/client/openapi.json is missing: it is written by the server's `make generate`");
  process.exit(1);
}
execFileSync(
  process.execPath,
  [join(client, "node_modules/openapi-typescript/bin/cli.js"), document, "-o", join(client, "src/schema.d.ts")],
  { stdio: "inherit" },
);
