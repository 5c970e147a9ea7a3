import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    environment: "node",
    include: ["*.journey.ts"],
    globalSetup: ["./setup.ts"],
    setupFiles: ["./failures.ts"],
    // two at a time: the journeys share two cores with the server, its database and the browser
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
