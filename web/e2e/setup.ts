import { type BrowserServer, chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { startServer } from "./server";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the server is. */
    url: string;
    /** Where the one browser listens that every person gets a profile of. */
    browser: string;
  }
}

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** One server with the demo in it and one browser, for all journeys. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer();
  let browser: BrowserServer;
  try {
    browser = await chromium.launchServer({ executablePath: process.env.HM_CHROMIUM || "/usr/bin/chromium", args: flags, host: "127.0.0.1" });
  } catch (error) {
    await server.stop();
    throw error;
  }
  project.provide("url", server.url);
  project.provide("browser", browser.wsEndpoint());
  return async () => {
    await browser.close();
    await server.stop();
  };
}
