import { transport } from "../transport";
import type { Workspace } from "../types";

export interface KnownWorkspace {
  workspace: Workspace;
  etag: string | null;
}

export const workspace = {
  /** Given what is known, an unchanged workspace costs no body: then this answers the known one. */
  get: async (known: KnownWorkspace | undefined, signal?: AbortSignal): Promise<KnownWorkspace> => {
    const answer = await transport.send("GET", "/api/workspace", { ifNoneMatch: known?.etag ?? null, signal });
    if (answer.status === 304 && known) return known;
    return { workspace: answer.data, etag: answer.etag };
  },
};
