import { ApiError, type LabResult, type LabValue, type WorklistRow } from "@hm/client";
import { describe, expect, it } from "vitest";
import { type Waiting, afterThis, byWeight, further, inTurn, isPlain, isUsual, lookedAt, stillTicked, wasMovedOn } from "./waiting";

const result = (more: Partial<LabResult> = {}): LabResult => ({ version: 1, status: "ENTERED", is_critical: false, is_correction: false, person_changed: false, held: [], missing: [], entered_at: "2026-03-07T10:00:00Z", values: [{ flag: "N", delta_flag: null } as LabValue], ...more }) as LabResult;
const waiting = (id: string, row: Partial<WorklistRow> = {}, more: Partial<LabResult> = {}): Waiting => ({ row: { order_item_id: id, priority: "ROUTINE", due_at: null, ...row } as WorklistRow, result: result(more) });

it("puts the critical first, then the urgent, then what is due first", () => {
  const rows = [
    waiting("routine"),
    waiting("due late", { due_at: "2026-03-07T14:00:00Z" }),
    waiting("due soon", { due_at: "2026-03-07T12:00:00Z" }),
    waiting("urgent", { priority: "URGENT" }),
    waiting("at once", { priority: "STAT" }),
    waiting("critical", {}, { is_critical: true }),
  ];
  expect(rows.toSorted(byWeight).map(({ row }) => row.order_item_id)).toEqual(["critical", "at once", "urgent", "due soon", "due late", "routine"]);
});

describe("a plain result", () => {
  const values = (...flags: LabValue["flag"][]) => flags.map((flag) => ({ flag, delta_flag: null }) as LabValue);
  it.each([
    ["all usual", { values: values("N", "N") }, true],
    ["one high", { values: values("N", "H") }, false],
    ["one that nobody can judge", { values: values("N", null) }, false],
    ["one that moved far", { values: [{ flag: "N", delta_flag: "UP" } as LabValue] }, false],
    ["held by quality control", { held: ["NA"] }, false],
    ["critical", { is_critical: true }, false],
    ["empty", { values: [] }, false],
    ["entered again", { version: 2 }, false],
    ["a correction of what was released", { is_correction: true }, false],
    ["of a sample that was rejected", { is_void: true }, false],
    ["with something not measured", { missing: ["PLT"] }, false],
    ["judged for somebody else than the patient is", { person_changed: true }, false],
  ])("%s", (_, more, plain) => {
    expect(isPlain(result(more))).toBe(plain);
  });
});

it("is still usual where quality control holds it back", () => {
  expect([isUsual(result({ held: ["NA"] })), isPlain(result({ held: ["NA"] }))]).toEqual([true, false]);
});

it("forgets the tick of what has left the list or was entered anew, and keeps the others", () => {
  const one = (id: string, resultId: string, status: LabResult["status"] = "ENTERED") => waiting(id, {}, { id: resultId, status });
  const ticks = new Map([
    ["gone", "g1"],
    ["entered anew", "a1"],
    ["verified", "v1"],
  ]);
  const rows = [one("entered anew", "a2"), one("verified", "v1", "VERIFIED"), one("never ticked", "n1")];
  const left = stillTicked(ticks, rows);
  expect([...left.keys()]).toEqual(["verified"]);
  expect(stillTicked(left, rows)).toBe(left);
  // who comes back was not ticked
  expect([...stillTicked(left, [...rows, one("gone", "g1")]).keys()]).toEqual(["verified"]);
});

it("keeps what is read under the eyes, and never shows another as the one that was opened", () => {
  const at = (rows: string[], opened?: string, chosen: string | null = null) => lookedAt(rows, (row) => row, opened, chosen);
  expect(at(["a", "b"])).toEqual({ current: "a", opened: false });
  expect(at(["new", "a", "b"], undefined, "a")).toEqual({ current: "a", opened: false });
  expect(at(["a", "b"], "b", "a")).toEqual({ current: "b", opened: true });
  expect(at(["a"], "b", "b")).toEqual({ current: "a", opened: false });
  expect(at([], "b")).toEqual({ current: null, opened: false });
});

it("never goes back: of two states the further one holds", () => {
  const entered = result();
  const verified = result({ status: "VERIFIED" });
  const second = result({ version: 2 });
  expect(further(verified, entered)).toBe(verified);
  expect(further(entered, verified)).toBe(verified);
  expect(further(verified, second)).toBe(second);
  expect(further(null, entered)).toBe(entered);
});

it("goes on to the next, at the end to the one before", () => {
  const rows = ["a", "b", "c"].map((id) => waiting(id));
  expect(afterThis(rows, "a")?.row.order_item_id).toBe("b");
  expect(afterThis(rows, "c")?.row.order_item_id).toBe("b");
  expect(afterThis([waiting("a")], "a")).toBeNull();
});

it("does all the work, never more than so many at a time", async () => {
  let now = 0;
  let most = 0;
  const done: number[] = [];
  await inTurn([1, 2, 3, 4, 5, 6, 7], 3, async (thing) => {
    most = Math.max(most, ++now);
    await new Promise((next) => setTimeout(next, 1));
    now--;
    done.push(thing);
  });
  expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

it.each([
  ["another was first", { code: "lab.changed" }, "verify", true],
  ["it was entered again", { code: "lab.result_not_latest" }, "verify", true],
  ["it is verified already", { code: "lab.illegal_transition", result_status: "VERIFIED" }, "verify", true],
  ["it is released already", { code: "lab.illegal_transition", result_status: "RELEASED" }, "release", true],
  ["its sample was rejected", { code: "lab.illegal_transition", result_status: "ENTERED" }, "verify", false],
  ["its sample was rejected once it was verified", { code: "lab.illegal_transition", result_status: "VERIFIED" }, "release", false],
  ["it is held", { code: "lab.quality_control_held" }, "verify", false],
] as const)("tells who was first from what cannot be: %s", (_, problem, act, moved) => {
  expect(wasMovedOn(new ApiError(409, problem, "", null), act)).toBe(moved);
});
