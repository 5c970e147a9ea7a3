import { transport } from "../transport";
import type { Pack, PackDetails, AllowedToolEntry } from "../packs";

export const packs = {
  list: (signal?: AbortSignal) =>
    transport.send("GET", "/api/packs" as never, { query: { limit: 200 }, signal }).then((answer) => (answer.data as unknown as { results: Pack[] }).results),
  get: (id: string, signal?: AbortSignal) =>
    transport.send("GET", "/api/packs/{id}" as never, { path: { id }, signal }).then((answer) => answer.data as unknown as PackDetails),
  /** Installs or upgrades a pack from the zip of its folder. `onProgress` is told how much has been sent, from 0 to 1. */
  install: (zip: Blob, onProgress: (share: number) => void) =>
    transport.upload("/api/packs" as never, zip, "application/zip", onProgress).then((answer) => answer.data as unknown as PackDetails),
  /** Which packs a facility has; the first is its default. */
  choose: (facilityId: string, ids: string[]) =>
    transport.send("PUT", "/api/facilities/{id}/packs" as never, { path: { id: facilityId }, body: { packs: ids } }).then((answer) => answer.data as unknown as { packs: string[] }),
  allowedTools: (signal?: AbortSignal) =>
    transport.send("GET", "/api/tools/allowed" as never, { signal }).then((answer) => (answer.data as unknown as { tools: AllowedToolEntry[] }).tools),
  allowTools: (tools: AllowedToolEntry[]) => transport.send("PUT", "/api/tools/allowed" as never, { body: { tools } }),
};
