import { ApiError, NetworkError } from "@hm/client";
import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { nameOf, readKept, unsavedDrafts } from "./drafts";
import { type Versioned, pauseBeforeSaving, useSavedDraft } from "./savedDraft";

type Note = { text?: string };

/** A server with one draft, which can be out of reach, changed by another, or refuse. */
function makeServer(start: Versioned<Note> = { value: {}, version: null }) {
  const server = {
    ...start,
    saves: [] as Note[],
    fails: null as Error | null,
    save: async (value: Note, version: string | null) => {
      if (server.fails) throw server.fails;
      if (version !== server.version) throw new ApiError(412, { code: "stale" }, "", null);
      server.saves.push(value);
      server.value = value;
      server.version = `"${server.saves.length + 10}"`;
      return server.version;
    },
  };
  return server;
}

function open(server: ReturnType<typeof makeServer>, onRefused?: (error: ApiError) => void) {
  const start = { value: server.value, version: server.version };
  return renderHook(() =>
    useSavedDraft<Note>({ userId: "asha", form: "visit.note", start, load: async () => ({ value: server.value, version: server.version }), save: server.save, onRefused }),
  );
}

const kept = () => readKept<Note>(nameOf("asha", "visit.note"));
const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ now: new Date("2026-03-07T08:00:00Z") });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it("keeps every keystroke on the device and saves once at the pause", async () => {
  const server = makeServer();
  const { result } = open(server);
  act(() => result.current.set({ text: "F" }));
  act(() => result.current.set({ text: "Fe" }));
  expect(kept()?.value).toEqual({ text: "Fe" });
  expect(result.current.saving).toBe("typing");
  await pass(pauseBeforeSaving - 1);
  expect(server.saves).toEqual([]);
  await pass(1);
  expect(server.saves).toEqual([{ text: "Fe" }]);
  expect(result.current.saving).toBe("saved");
  expect(kept()).toBeNull();
  expect(unsavedDrafts("asha")).toBe(0);
});

it("saves what was typed while a save was under way after it, over its version", async () => {
  const server = makeServer();
  const { result } = open(server);
  let arrive = () => {};
  const save = server.save;
  server.save = async (value, version) => {
    await new Promise<void>((resolve) => (arrive = resolve));
    return save(value, version);
  };
  act(() => result.current.set({ text: "one" }));
  await pass(pauseBeforeSaving);
  expect(result.current.saving).toBe("saving");
  act(() => result.current.set({ text: "one two" }));
  await act(async () => arrive());
  expect(kept()?.value).toEqual({ text: "one two" });
  await pass(pauseBeforeSaving);
  await act(async () => arrive());
  expect(server.saves).toEqual([{ text: "one" }, { text: "one two" }]);
  expect(result.current.saving).toBe("saved");
});

it("comes back after a crash, and saves only when somebody goes on", async () => {
  const server = makeServer({ value: { text: "begun" }, version: '"1"' });
  server.fails = new NetworkError(null);
  const first = open(server);
  act(() => first.result.current.set({ text: "begun and more" }));
  first.unmount();
  await pass(0);
  server.fails = null;
  const { result } = open(server);
  expect(result.current.value).toEqual({ text: "begun and more" });
  expect(result.current.restoredFrom).toEqual(expect.any(Date));
  await pass(10 * pauseBeforeSaving);
  expect(server.saves).toEqual([]);
  act(() => result.current.revert());
  expect(result.current.value).toEqual({ text: "begun" });
  expect(kept()).toBeNull();
});

it("offers words typed over an older version, and writes nothing over the newer unasked", async () => {
  localStorage.setItem(nameOf("asha", "visit.note"), JSON.stringify({ at: Date.now(), value: { text: "mine" }, base: '"1"' }));
  const server = makeServer({ value: { text: "theirs" }, version: '"2"' });
  const { result } = open(server);
  expect(result.current.value).toEqual({ text: "theirs" });
  expect(result.current.offered).toEqual(expect.any(Date));
  act(() => result.current.takeOffered());
  expect(result.current.value).toEqual({ text: "mine" });
  expect(result.current.offered).toBeNull();
  await pass(pauseBeforeSaving);
  expect(server.saves).toEqual([{ text: "mine" }]);
});

it("tries again while the server is out of reach, and at once when the connection is back", async () => {
  const server = makeServer();
  server.fails = new NetworkError(null);
  const { result } = open(server);
  act(() => result.current.set({ text: "Fever" }));
  await pass(pauseBeforeSaving);
  expect(result.current.saving).toBe("offline");
  expect(kept()?.value).toEqual({ text: "Fever" });
  await pass(4_000);
  expect(server.saves).toEqual([]);
  server.fails = null;
  await act(async () => window.dispatchEvent(new Event("online")));
  await pass(0);
  expect(server.saves).toEqual([{ text: "Fever" }]);
  expect(result.current.saving).toBe("saved");
});

it("keeps what an expired session could not save", async () => {
  const server = makeServer();
  server.fails = new ApiError(401, {}, "", null);
  const { result, unmount } = open(server);
  act(() => result.current.set({ text: "Fever" }));
  await pass(pauseBeforeSaving);
  expect(result.current.saving).toBe("offline");
  unmount();
  await pass(0);
  server.fails = null;
  expect(open(server).result.current.value).toEqual({ text: "Fever" });
});

it("tells what the server does not take, and saves again once it is mended", async () => {
  const server = makeServer();
  const refused = vi.fn();
  server.fails = new ApiError(422, { errors: [{ location: "body.payload.text", message: "Too long." }] }, "", null);
  const { result } = open(server, refused);
  act(() => result.current.set({ text: "x".repeat(900) }));
  await pass(pauseBeforeSaving);
  expect(result.current.saving).toBe("refused");
  expect(refused).toHaveBeenCalledOnce();
  server.fails = null;
  act(() => result.current.set({ text: "x" }));
  await pass(pauseBeforeSaving);
  expect(result.current.saving).toBe("saved");
});

it("stops where another wrote meanwhile, until somebody decides whose words stand", async () => {
  const server = makeServer({ value: { text: "a" }, version: '"1"' });
  const { result } = open(server);
  server.value = { text: "theirs" };
  server.version = '"2"';
  act(() => result.current.set({ text: "mine" }));
  await pass(pauseBeforeSaving);
  expect(result.current.saving).toBe("conflict");
  act(() => result.current.set({ text: "mine still" }));
  await pass(10 * pauseBeforeSaving);
  expect(server.saves).toEqual([]);
  await act(() => result.current.keepMine());
  expect(server.saves).toEqual([{ text: "mine still" }]);
  expect(result.current.saving).toBe("saved");
});

it("can take the other's words instead", async () => {
  const server = makeServer({ value: { text: "a" }, version: '"1"' });
  const { result } = open(server);
  server.value = { text: "theirs" };
  server.version = '"2"';
  act(() => result.current.set({ text: "mine" }));
  await pass(pauseBeforeSaving);
  await act(() => result.current.takeTheirs());
  expect(result.current.value).toEqual({ text: "theirs" });
  expect(kept()).toBeNull();
  act(() => result.current.set({ text: "theirs and mine" }));
  await pass(pauseBeforeSaving);
  expect(server.saves).toEqual([{ text: "theirs and mine" }]);
});

it("writes nothing more once it is signed or thrown away", async () => {
  const server = makeServer();
  const { result, unmount } = open(server);
  act(() => result.current.set({ text: "Fever" }));
  act(() => result.current.clear());
  await pass(10 * pauseBeforeSaving);
  unmount();
  await pass(0);
  expect(server.saves).toEqual([]);
  expect(kept()).toBeNull();
});

it("saves at once when the form is left", async () => {
  const server = makeServer();
  const { result, unmount } = open(server);
  act(() => result.current.set({ text: "Fever" }));
  unmount();
  await pass(0);
  expect(server.saves).toEqual([{ text: "Fever" }]);
});
