import type { Encounter } from "@hm/client";
import { expect, it } from "vitest";
import { byTurn } from "./turn";

const visit = (id: string, status: Encounter["status"], checked_in_at: string, attending_doctor_id: string | null = null) =>
  ({ id, status, checked_in_at, attending_doctor_id, scheduled_at: null, created_at: checked_in_at }) as Encounter;

it("puts one's own consultations first, then the longest wait, then other doctors' patients", () => {
  const day = [
    visit("other's consult", "IN_CONSULT", "2026-03-07T08:00:00Z", "other"),
    visit("late", "CHECKED_IN", "2026-03-07T09:30:00Z"),
    visit("mine waiting", "CHECKED_IN", "2026-03-07T09:10:00Z", "me"),
    visit("early", "CHECKED_IN", "2026-03-07T09:00:00Z"),
    visit("other's patient", "CHECKED_IN", "2026-03-07T07:00:00Z", "other"),
    visit("mine", "IN_CONSULT", "2026-03-07T08:30:00Z", "me"),
  ];
  expect(day.toSorted(byTurn("me")).map((encounter) => encounter.id)).toEqual([
    "mine",
    "early",
    "mine waiting",
    "late",
    "other's consult",
    "other's patient",
  ]);
});
