import { expect, it } from "vitest";
import { stepFor } from "./outcome";

it.each([
  ["receive", "COLLECTED", { act: "receive" }],
  ["receive", "RECEIVED", { outcome: "alreadyReceived" }],
  ["receive", "STORED", { outcome: "alreadyStored" }],
  ["receive", "REJECTED", { outcome: "rejected" }],
  ["receive", "DISCARDED", { outcome: "alreadyDiscarded" }],
  ["store", "COLLECTED", { outcome: "notReceived" }],
  ["store", "RECEIVED", { act: "store" }],
  ["store", "STORED", { outcome: "alreadyStored" }],
  ["store", "REJECTED", { outcome: "rejected" }],
  ["discard", "COLLECTED", { outcome: "notReceived" }],
  ["discard", "RECEIVED", { act: "discard" }],
  ["discard", "STORED", { act: "discard" }],
  ["discard", "DISCARDED", { outcome: "alreadyDiscarded" }],
] as const)("to %s a sample that is %s", (mode, status, step) => {
  expect(stepFor(mode, { status })).toEqual(step);
});

it.each(["receive", "store", "discard"] as const)("knows no sample of another house when it is to %s", (mode) => {
  expect(stepFor(mode, null)).toEqual({ outcome: "unknown" });
});
