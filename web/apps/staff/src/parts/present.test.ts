import type { Encounter } from "@hm/client";
import { expect, it } from "vitest";
import { daysPresent, isPresent } from "./present";

const kolkata = "Asia/Kolkata";
const came = (checked_in_at: string) => ({ checked_in_at }) as Encounter;

it("asks for yesterday too until noon", () => {
  expect(daysPresent(kolkata, new Date("2026-11-22T18:29:00Z"))).toEqual(["2026-11-22"]); // 23:59 there
  expect(daysPresent(kolkata, new Date("2026-11-22T18:31:00Z"))).toEqual(["2026-11-22", "2026-11-23"]); // 00:01 there
  expect(daysPresent(kolkata, new Date("2026-11-23T06:29:00Z"))).toEqual(["2026-11-22", "2026-11-23"]);
  expect(daysPresent(kolkata, new Date("2026-11-23T06:31:00Z"))).toEqual(["2026-11-23"]);
});

it("lets midnight send nobody home who came in the evening", () => {
  const past = new Date("2026-11-22T18:31:00Z");
  expect(isPresent(came("2026-11-22T18:00:00Z"), kolkata, past)).toBe(true);
  expect(isPresent(came("2026-11-22T06:00:00Z"), kolkata, past)).toBe(false);
});

it("keeps everybody of today, however long ago they came", () => {
  expect(isPresent(came("2026-11-21T18:31:00Z"), kolkata, new Date("2026-11-22T18:29:00Z"))).toBe(true);
});
