import { describe, expect, it } from "vitest";
import { bodyMassIndex, earlyWarning, points, readMeasure } from "./vitals";

describe("early-warning points", () => {
  it.each([
    ["resp_rate", [[8, 3], [9, 1], [12, 0], [20, 0], [21, 2], [25, 3]]],
    ["spo2", [[91, 3], [92, 2], [94, 1], [96, 0]]],
    ["bp_systolic", [[90, 3], [91, 2], [101, 1], [111, 0], [219, 0], [220, 3]]],
    ["pulse_bpm", [[40, 3], [41, 1], [51, 0], [90, 0], [91, 1], [111, 2], [131, 3]]],
    ["temperature_c", [[35, 3], [35.1, 1], [36.1, 0], [38, 0], [38.1, 1], [39.1, 2]]],
  ] as const)("of %s change at their limits", (measure, cases) => {
    for (const [value, expected] of cases) expect(points(measure, value), `${measure} ${value}`).toBe(expected);
  });

  it("are none for what was not measured or has no scale", () => {
    expect(points("pulse_bpm", undefined)).toBeNull();
    expect(points("weight_kg", 60)).toBeNull();
  });
});

describe("the early-warning score", () => {
  it("is nothing when nothing was scored", () => {
    expect(earlyWarning({ weight_kg: 60 })).toBeNull();
  });

  it("warns of one extreme measure though the sum is low", () => {
    expect(earlyWarning({ pulse_bpm: 135 })).toMatchObject({ total: 3, level: "single", tone: "warn" });
  });

  it("is high from seven points", () => {
    expect(earlyWarning({ resp_rate: 26, spo2: 90, pulse_bpm: 95 })).toMatchObject({ total: 7, level: "high", tone: "critical" });
  });
});

it("reads a decimal comma and refuses words", () => {
  expect(readMeasure("36,8")).toBe(36.8);
  expect(readMeasure(" 72 ")).toBe(72);
  expect(readMeasure("7x")).toBeNull();
  expect(readMeasure("")).toBeNull();
});

it("gives a body mass index only with both measures", () => {
  expect(bodyMassIndex({ weight_kg: 70, height_cm: 175 })).toBe(22.9);
  expect(bodyMassIndex({ weight_kg: 70 })).toBeNull();
  expect(bodyMassIndex({ weight_kg: 3, height_cm: 49 })).toBeNull();
});
