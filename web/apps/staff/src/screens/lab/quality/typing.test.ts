import type { ControlLot } from "@hm/client";
import { expect, it } from "vitest";
import { inOrder, isDoubtful, linesOf, numberOf } from "./typing";

const lot = (material: string, level: number, actions: string[] = ["run"], created_at = "2026-01-01"): ControlLot => ({ id: `${material} ${level} ${created_at}`, material, level, actions, created_at, targets: [{ analyte: "NA" }, { analyte: "K" }] }) as ControlLot;

it("asks for what can be run, materials together and levels in order", () => {
  const lines = linesOf([lot("Serum", 2), lot("Blood", 1), lot("Serum", 1), lot("Serum", 3, ["update"])]);
  expect(lines.map(({ lot, target }) => `${lot.material} ${lot.level} ${target.analyte}`)).toEqual(["Blood 1 NA", "Blood 1 K", "Serum 1 NA", "Serum 1 K", "Serum 2 NA", "Serum 2 K"]);
});

it("puts the newer of two lots of a level first", () => {
  expect(inOrder([lot("Serum", 1, ["run"], "2026-01-01"), lot("Serum", 1, ["run"], "2026-02-01")]).map(({ created_at }) => created_at)).toEqual(["2026-02-01", "2026-01-01"]);
});

it("reads numbers as people type them, and nothing else", () => {
  expect(["5.2", " 140 ", "5,2", "-3.5", "0", "1.123456"].map(numberOf)).toEqual([5.2, 140, 5.2, -3.5, 0, 1.123456]);
  expect(["", "5.2.1", "<5", "1e3", "0x10", "five", "1.1234567", "1234567890", ".5"].map(numberOf)).toEqual(Array(9).fill(null));
});

it("doubts what lies ten SD away", () => {
  expect([120, 120.1, 79.9, 80].map((value) => isDoubtful(value, { mean: 100, sd: 2 }))).toEqual([false, true, true, false]);
});
