import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = join(import.meta.dirname, "../../bin/hm");
const startTime = 180_000;
const stopTime = 60_000;

/**
 * Runs a command for as long as its standard input is open, then removes the folder: however
 * the journeys end, also killed, neither a server nor its data stays behind.
 */
const keeper = `
folder=$1; shift
exec 3<&0
"$@" & server=$!
{ cat <&3 >/dev/null; kill -TERM $server 2>/dev/null; } &
wait $server; code=$?
rm -rf "$folder"
exit $code
`;

export interface Server {
  url: string;
  stop: () => Promise<void>;
}

/**
 * The real binary on an empty data folder with the demo in it. With HM_E2E_URL set, the
 * server there is used as it is, and left running.
 */
export async function startServer(): Promise<Server> {
  const running = process.env.HM_E2E_URL;
  if (running) return { url: running, stop: async () => {} };
  if (!existsSync(binary)) throw new Error("bin/hm is missing: run `make build` first");

  const folder = mkdtempSync(join(tmpdir(), "hm-e2e-"));
  // as root, PostgreSQL runs under another user, who must be able to come through
  chmodSync(folder, 0o755);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn("sh", ["-c", keeper, "sh", folder, binary, "serve", "--seed-demo", "--addr", `127.0.0.1:${port}`, "--data-dir", join(folder, "data")], {
    stdio: ["pipe", "pipe", "pipe"],
    env: environment(),
    // Ctrl-C in the terminal reaches the journeys alone; the server stops with them
    detached: true,
  });
  let log = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.on("data", (chunk) => {
      log = (log + chunk).slice(-20_000);
    });
  }
  const stop = () => stopProcess(server);
  try {
    await ready(url, server);
  } catch (error) {
    await stop();
    throw new Error(`${(error as Error).message}\n${log}`);
  }
  return { url, stop };
}

/** Of the caller's HM settings only where PostgreSQL's programs are may reach this server. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("HM_") || name === "HM_POSTGRES_BIN"));
}

async function ready(url: string, server: ChildProcess): Promise<void> {
  let failed: Error | undefined;
  server.once("error", (error) => {
    failed = error;
  });
  const deadline = Date.now() + startTime;
  for (;;) {
    if (failed) throw failed;
    if (server.exitCode !== null) throw new Error(`hm serve ended with ${server.exitCode}`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    if (Date.now() > deadline) throw new Error("hm serve was not ready in time");
    await new Promise((done) => setTimeout(done, 100));
  }
}

async function stopProcess(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return;
  const ended = new Promise<void>((done) => server.once("exit", () => done()));
  server.stdin?.end();
  let late: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, fail) => {
    late = setTimeout(() => fail(new Error("hm serve did not stop in time")), stopTime);
  });
  await Promise.race([ended, tooLate]);
  clearTimeout(late);
}

/** A port that nobody listens on, below those that the system gives to outgoing connections. */
async function freePort(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (await isFree(port)) return port;
  }
  throw new Error("no free port between 20000 and 30000");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once("error", () => answer(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => answer(true)));
  });
}
