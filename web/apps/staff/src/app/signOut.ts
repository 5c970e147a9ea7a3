import { identity, session } from "@hm/client";
import { showNoMore, thisBrowser } from "../screens/account/pushBrowser";
import { wipeDrafts } from "./drafts";
import { forgetScope } from "./scope";

/** So long a push service may take to hear of it: whoever leaves does not wait for it. */
const patience = 3000;

/**
 * Who sits here next is not shown the messages of who left. Only while the session lasts may the server be told; where
 * that fails, signing out goes on.
 */
async function endMessagesHere(): Promise<void> {
  try {
    const id = thisBrowser();
    if (id === null) return;
    await Promise.race([showNoMore(id), new Promise((resolve) => setTimeout(resolve, patience))]);
  } catch {
    // the account's screen lists this browser still, and ends it from anywhere
  }
}

/**
 * Ends the session on every server and leaves nothing of this person in the browser, but
 * for unsaved words that they asked to keep.
 */
export async function signOut(userId: string, { keepDrafts }: { keepDrafts: boolean }): Promise<void> {
  await endMessagesHere();
  await identity.signOut();
  if (!keepDrafts) wipeDrafts(userId);
  forgetScope();
  session.signedOut();
  location.assign("/sign-in");
}
