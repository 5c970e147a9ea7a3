import { identity, notifications } from "@hm/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { signOut } from "./signOut";

const order: string[] = [];
const unsubscribe = vi.fn(async () => true);

beforeEach(() => {
  order.length = 0;
  unsubscribe.mockClear();
  localStorage.setItem("hm.push", "endpoint");
  vi.stubGlobal("location", { assign: (to: string) => order.push(to) });
  vi.stubGlobal("navigator", { serviceWorker: { getRegistration: async () => ({ pushManager: { getSubscription: async () => ({ unsubscribe }) } }) } });
  vi.spyOn(identity, "signOut").mockImplementation((async () => void order.push("signed out")) as never);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  localStorage.clear();
});

it("ends this browser's messages while the session lasts, then the session", async () => {
  vi.spyOn(notifications, "unsubscribe").mockImplementation((async (id: string) => void order.push(`no more to ${id}`)) as never);
  await signOut("user", { keepDrafts: false });
  expect(order).toEqual(["no more to endpoint", "signed out", "/sign-in"]);
  expect([localStorage.getItem("hm.push"), unsubscribe.mock.calls.length]).toEqual([null, 1]);
});

it("shows nothing here any more though the server cannot be told, and signs out all the same", async () => {
  vi.spyOn(notifications, "unsubscribe").mockRejectedValue(new TypeError("Failed to fetch"));
  await signOut("user", { keepDrafts: false });
  expect(order).toEqual(["signed out", "/sign-in"]);
  expect([localStorage.getItem("hm.push"), unsubscribe.mock.calls.length]).toEqual([null, 1]);
});

it("does not wait for a server that does not answer", async () => {
  vi.useFakeTimers();
  vi.spyOn(notifications, "unsubscribe").mockReturnValue(new Promise(() => {}) as never);
  const done = signOut("user", { keepDrafts: false });
  await vi.advanceTimersByTimeAsync(3000);
  await done;
  expect([order, unsubscribe.mock.calls.length]).toEqual([["signed out", "/sign-in"], 1]);
});

it("asks for nothing where no messages are shown", async () => {
  localStorage.removeItem("hm.push");
  const ended = vi.spyOn(notifications, "unsubscribe");
  await signOut("user", { keepDrafts: false });
  expect([ended.mock.calls.length, order]).toEqual([0, ["signed out", "/sign-in"]]);
});
