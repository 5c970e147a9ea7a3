import { transport } from "../transport";
import type { Workspace } from "../workspace";

export const workspace = {
  /** Given what is known, an unchanged workspace costs no body: then this answers the known one. */
  get: async (known: { workspace: Workspace; etag: string | null } | undefined, signal?: AbortSignal): Promise<{ workspace: Workspace; etag: string | null }> => {
    const answer = await transport.send("GET", "/api/workspace" as never, { ifNoneMatch: known?.etag ?? null, signal });
    if (answer.status === 304 && known) return known;
    return { workspace: answer.data as unknown as Workspace, etag: answer.etag };
  },
};
