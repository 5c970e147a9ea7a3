import { defineConfig } from "vitest/config";

export default defineConfig({
  root: import.meta.dirname,
  test: {
    environment: "node",
    include: ["*.journey.ts"],
    // one browser and one server at a time: the journeys share two cores with PostgreSQL
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
