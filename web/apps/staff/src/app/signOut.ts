import { identity, session } from "@hm/client";
import { wipeDrafts } from "./drafts";
import { forgetScope } from "./scope";

/**
 * Ends the session on every server and leaves nothing of this person in the browser, but
 * for unsaved words that they asked to keep.
 */
export async function signOut(userId: string, { keepDrafts }: { keepDrafts: boolean }): Promise<void> {
  await identity.signOut();
  if (!keepDrafts) wipeDrafts(userId);
  forgetScope();
  session.signedOut();
  location.assign("/sign-in");
}
