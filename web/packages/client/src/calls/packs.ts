import { transport } from "../transport";
import type { AllowedTool } from "../types";

const data = <T>(answer: { data: T }): T => answer.data;

export const packs = {
  list: (signal?: AbortSignal) => transport.send("GET", "/api/packs", { query: { limit: 200 }, signal }).then((answer) => answer.data.results),
  get: (id: string, signal?: AbortSignal) => transport.send("GET", "/api/packs/{id}", { path: { id }, signal }).then(data),
  /** Installs or upgrades a pack from the zip of its folder. `onProgress` is told how much has been sent, from 0 to 1. */
  install: (zip: Blob, onProgress: (share: number) => void) => transport.upload("/api/packs", zip, "application/zip", onProgress).then(data),
  /** Which packs a facility has; the first is its default. */
  choose: (facilityId: string, ids: string[]) =>
    transport.send("PUT", "/api/facilities/{id}/packs", { path: { id: facilityId }, body: { packs: ids } }).then(data),
  allowedTools: (signal?: AbortSignal) => transport.send("GET", "/api/tools/allowed", { signal }).then((answer) => answer.data.tools),
  allowTools: (tools: AllowedTool[]) => transport.send("PUT", "/api/tools/allowed", { body: { tools } }).then(data),
};
