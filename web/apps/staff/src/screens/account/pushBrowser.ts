import { notifications } from "@hm/client";

/** The endpoint by which the server knows this browser, kept so that it can be told apart from the user's others. */
const idKey = "hm.push";

export const canPush = (): boolean => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/** The server's name for this browser, when its messages are shown here. */
export const thisBrowser = (): string | null => localStorage.getItem(idKey);

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** Asks the person, then the browser's push service, then tells the server. */
export async function showHere(device: string): Promise<"shown" | "refused"> {
  if ((await Notification.requestPermission()) !== "granted") return "refused";
  const key = bytesOf(await notifications.pushKey());
  await navigator.serviceWorker.register("/push-worker.js");
  const worker = await navigator.serviceWorker.ready;
  let known = await worker.pushManager.getSubscription();
  const knownKey = known?.options.applicationServerKey;
  // an installation with another secret has another key, and what was subscribed with the old one is of no use
  if (known && knownKey && !sameBytes(new Uint8Array(knownKey), key)) {
    await known.unsubscribe();
    known = null;
  }
  const subscription = (known ?? (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }))).toJSON();
  const answer = await notifications.subscribe(subscription.endpoint ?? "", { p256dh: subscription.keys?.p256dh ?? "", auth: subscription.keys?.auth ?? "" }, device);
  localStorage.setItem(idKey, answer.id);
  return "shown";
}

/** Ends it on the server, and in this browser when it is the one: there without waiting for the server, and where it fails. */
export async function showNoMore(id: string): Promise<void> {
  await Promise.all([notifications.unsubscribe(id), id === thisBrowser() ? endHere() : null]);
}

async function endHere(): Promise<void> {
  localStorage.removeItem(idKey);
  const worker = await navigator.serviceWorker.getRegistration("/");
  await (await worker?.pushManager.getSubscription())?.unsubscribe();
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** What a browser is called in a list of them: its name and its system. */
export function deviceName(agent: string): string {
  const browser = /Edg\//.test(agent) ? "Edge" : /OPR\//.test(agent) ? "Opera" : /Firefox\//.test(agent) ? "Firefox" : /Chrome\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : "";
  const system = /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Windows/.test(agent) ? "Windows" : /Mac OS X/.test(agent) ? "macOS" : /Linux/.test(agent) ? "Linux" : "";
  return [browser, system].filter((word) => word !== "").join(", ");
}
