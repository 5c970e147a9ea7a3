import type { HostRequest } from "@hm/tools";

/** What the server would answer; the gallery has none. */
export async function answer(path: string, _request?: HostRequest): Promise<unknown> {
  throw new Error(`the gallery has no answer for ${path}`);
}
