import type { LabSample } from "@hm/client";
import type { Tone } from "@hm/ui";

/** What a scan is for. */
export type ScanMode = "receive" | "store" | "discard";

export type OutcomeKind = "received" | "stored" | "discarded" | "alreadyReceived" | "alreadyStored" | "alreadyDiscarded" | "rejected" | "notReceived" | "unknown" | "failed";

export const outcomeTones: Record<OutcomeKind, Tone> = {
  received: "ok",
  stored: "ok",
  discarded: "ok",
  alreadyReceived: "warn",
  alreadyStored: "warn",
  alreadyDiscarded: "warn",
  notReceived: "warn",
  rejected: "critical",
  unknown: "critical",
  failed: "critical",
};

/** What a scan does with a sample as it stands: the step to take, or why there is none. */
export function stepFor(mode: ScanMode, sample: Pick<LabSample, "status"> | null): { act: ScanMode } | { outcome: OutcomeKind } {
  if (!sample) return { outcome: "unknown" };
  const { status } = sample;
  if (status === "REJECTED") return { outcome: "rejected" };
  if (status === "DISCARDED") return { outcome: "alreadyDiscarded" };
  if (mode === "receive") return status === "COLLECTED" ? { act: "receive" } : { outcome: status === "STORED" ? "alreadyStored" : "alreadyReceived" };
  if (status === "COLLECTED") return { outcome: "notReceived" };
  if (mode === "store") return status === "STORED" ? { outcome: "alreadyStored" } : { act: "store" };
  return { act: "discard" };
}

export const doneBy: Record<ScanMode, OutcomeKind> = { receive: "received", store: "stored", discard: "discarded" };
