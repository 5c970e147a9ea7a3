import { ApiError, type BenchAnalyte, type LabResult, NetworkError, type WorklistRow, lab } from "@hm/client";
import { QueryClientProvider, onlineManager } from "@tanstack/react-query";
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { queryClient } from "../../app/queries";
import { useEntry } from "./useEntry";

vi.mock("../../app/workplace", () => ({ useWorkplace: () => ({ me: { user: { id: "technician" } } }) }));

const analyte = (code: string) => ({ code, name: code, kind: "number", unit: "mmol/L", units: ["mmol/L"], choices: [], calculated: false }) as unknown as BenchAnalyte;
const row = { order_item_id: "item", analytes: [analyte("NA"), analyte("K")], result: null } as unknown as WorklistRow;
const saved = (version: number, values: Record<string, number>): LabResult =>
  ({ id: `result ${version}`, order_item_id: "item", version, comment: null, values: Object.entries(values).map(([code, value]) => ({ code, value, display: String(value), unit: "mmol/L", entered_value: null, entered_unit: null })) }) as unknown as LabResult;
const changedSince = () => new ApiError(409, { code: "lab.result_changed", detail: "A later version was entered." }, "", null);

const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>;

/** Types both values and saves them, where somebody else's version 1 is first. */
async function overtaken(theirs: Record<string, number>) {
  const enter = vi.spyOn(lab, "enter").mockRejectedValueOnce(changedSince());
  vi.spyOn(lab, "results").mockResolvedValue({ results: [saved(1, theirs)] } as unknown as Awaited<ReturnType<typeof lab.results>>);
  const onSaved = vi.fn();
  const { result } = renderHook(() => useEntry({ row, onSaved }), { wrapper });
  act(() => result.current.type("NA", "140"));
  act(() => result.current.type("K", "4.5"));
  act(() => result.current.save());
  await waitFor(() => expect(lab.results).toHaveBeenCalled());
  return { entry: result, enter, onSaved };
}

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  queryClient.clear();
  vi.restoreAllMocks();
});

it("shows whose values came first beside what is typed, and sends nothing over them at another Enter", async () => {
  const { entry, enter } = await overtaken({ NA: 140, K: 7.1 });
  await waitFor(() => expect(entry.current.overtakenBy?.version).toBe(1));
  expect(entry.current.lines.filter(({ dirty }) => dirty).map(({ text, saved: theirs }) => [text, theirs?.display])).toEqual([["4.5", "7.1"]]);
  act(() => entry.current.save());
  act(() => entry.current.leave());
  expect(enter).toHaveBeenCalledTimes(1);
});

it("saves what was typed as the version after theirs, once that is chosen", async () => {
  const { entry, enter } = await overtaken({ NA: 138, K: 7.1 });
  await waitFor(() => expect(entry.current.overtakenBy).not.toBeNull());
  enter.mockResolvedValueOnce(saved(2, { NA: 140, K: 4.5 }));
  act(() => entry.current.keepMine());
  await waitFor(() => expect(entry.current.state).toBe("saved"));
  expect(enter.mock.lastCall![0]).toMatchObject({ expected_version: 1, values: [{ code: "NA", value: "140" }, { code: "K", value: "4.5" }] });
  expect(entry.current.overtakenBy).toBeNull();
});

it("drops what was typed where theirs is taken, all at once or value by value", async () => {
  const { entry, enter, onSaved } = await overtaken({ NA: 138, K: 7.1 });
  await waitFor(() => expect(entry.current.overtakenBy).not.toBeNull());
  act(() => entry.current.takeOne("NA"));
  expect(entry.current.lines.map(({ text }) => text)).toEqual(["138", "4.5"]);
  act(() => entry.current.takeOne("K"));
  await waitFor(() => expect(entry.current.state).toBe("saved"));
  expect([entry.current.overtakenBy, enter.mock.calls.length, onSaved.mock.lastCall?.[0].version]).toEqual([null, 1, 1]);
  expect(localStorage.length).toBe(0);
});

it("asks nothing where both wrote the same", async () => {
  const { entry } = await overtaken({ NA: 140, K: 4.5 });
  await waitFor(() => expect(entry.current.state).toBe("saved"));
  expect([entry.current.overtakenBy, entry.current.error]).toEqual([null, null]);
});

it("says at once that there is no connection, and keeps what is typed", async () => {
  onlineManager.setOnline(false);
  try {
    const enter = vi.spyOn(lab, "enter").mockRejectedValue(new NetworkError(new TypeError("Failed to fetch")));
    const { result } = renderHook(() => useEntry({ row }), { wrapper });
    act(() => result.current.type("NA", "140"));
    act(() => result.current.type("K", "4.5"));
    act(() => result.current.save());
    await waitFor(() => expect(result.current.state).toBe("failed"));
    expect([enter.mock.calls.length, result.current.lines.map(({ text }) => text)]).toEqual([1, ["140", "4.5"]]);
  } finally {
    onlineManager.setOnline(true);
  }
});

it("enters the same values again where the patient is known otherwise since, and only then", async () => {
  const enter = vi.spyOn(lab, "enter");
  const entered = saved(1, { NA: 140, K: 4.5 });
  const { result, rerender } = renderHook(({ found }) => useEntry({ row: { ...row, result: found } }), { wrapper, initialProps: { found: entered } });
  act(() => result.current.save());
  expect(enter).not.toHaveBeenCalled();
  enter.mockResolvedValueOnce(saved(2, { NA: 140, K: 4.5 }));
  rerender({ found: { ...entered, person_changed: true } });
  // leaving it alone enters nothing
  act(() => result.current.leave());
  expect(enter).not.toHaveBeenCalled();
  act(() => result.current.save());
  await waitFor(() => expect(result.current.result?.version).toBe(2));
  expect(enter.mock.lastCall![0]).toMatchObject({ expected_version: 1, values: [{ code: "NA", value: "140" }, { code: "K", value: "4.5" }] });
});

it("does not take a critical value back without a reason", async () => {
  const enter = vi.spyOn(lab, "enter");
  const found = { ...saved(1, { NA: 140, K: 7.2 }), status: "ENTERED", critical_reasons: [{ code: "K" }] } as unknown as LabResult;
  const { result } = renderHook(() => useEntry({ row: { ...row, result: found } }), { wrapper });
  act(() => result.current.type("K", ""));
  act(() => result.current.save());
  expect([enter.mock.calls.length, result.current.needsReason, result.current.correctionFault]).toEqual([0, true, expect.any(String)]);
  enter.mockResolvedValueOnce(saved(2, { NA: 140 }));
  act(() => result.current.setCorrection("Haemolysed"));
  act(() => result.current.save());
  await waitFor(() => expect(enter).toHaveBeenCalledTimes(1));
  expect(enter.mock.lastCall![0]).toMatchObject({ correction_reason: "Haemolysed", values: [{ code: "K", value: null }] });
});
