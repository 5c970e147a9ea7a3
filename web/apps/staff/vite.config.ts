import react from "@vitejs/plugin-react";
import mantine from "postcss-preset-mantine";
import { defineConfig } from "vite";

// The dev server hands every API call to a running `hm serve`, so that cookies stay same-origin.
const api = process.env.HM_API ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  css: { postcss: { plugins: [mantine()] } },
  server: { host: "127.0.0.1", port: 5173, proxy: { "/api": api, "/readyz": api } },
  build: {
    target: "es2022",
    manifest: true,
    reportCompressedSize: false,
    // The content security policy forbids inlined data: fonts.
    assetsInlineLimit: 0,
  },
});
