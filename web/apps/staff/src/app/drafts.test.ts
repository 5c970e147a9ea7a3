import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { sweepDrafts, unsavedDrafts, useDraft, wipeDrafts } from "./drafts";

beforeEach(() => localStorage.clear());

const open = (user: string, form = "visit.note") => renderHook(() => useDraft<{ text?: string }>(user, form, {}));

it("gives back what was typed, to the same person only", () => {
  const first = open("asha");
  act(() => first.result.current.set({ text: "Fever" }));
  first.unmount();
  expect(open("asha").result.current).toMatchObject({ value: { text: "Fever" }, restoredFrom: expect.any(Date) });
  expect(open("birch").result.current).toMatchObject({ value: {}, restoredFrom: null });
});

it("keeps nothing of a form that was emptied again or saved", () => {
  const { result } = open("asha");
  act(() => result.current.set({ text: "F" }));
  expect(unsavedDrafts("asha")).toBe(1);
  act(() => result.current.set({}));
  expect(unsavedDrafts("asha")).toBe(0);
  act(() => result.current.set({ text: "Fever" }));
  act(() => result.current.clear());
  expect(unsavedDrafts("asha")).toBe(0);
});

it("wipes one person's words and leaves the others'", () => {
  for (const user of ["asha", "birch"]) {
    const { result } = open(user);
    act(() => result.current.set({ text: user }));
  }
  wipeDrafts("asha");
  expect([unsavedDrafts("asha"), unsavedDrafts("birch")]).toEqual([0, 1]);
});

it("sweeps away what nobody came back for within two days", () => {
  vi.useFakeTimers({ now: new Date("2026-03-07T08:00:00Z") });
  const { result } = open("asha");
  act(() => result.current.set({ text: "Fever" }));
  vi.setSystemTime(new Date("2026-03-09T08:00:01Z"));
  sweepDrafts();
  expect(Object.keys(localStorage)).toEqual([]);
  vi.useRealTimers();
});
