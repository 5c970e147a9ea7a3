import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "/api/docs/",
  plugins: [react()],
  server: { host: "127.0.0.1", port: 5174, proxy: { "/api/openapi.json": process.env.HM_API ?? "http://127.0.0.1:8080" } },
  build: { target: "es2022", reportCompressedSize: false, assetsInlineLimit: 0 },
});
