import { describe, expect, it } from "vitest";
import { ScanWatch, barcodeOf } from "./scanned";

/** Feeds keys one after the other and gives what was told of. */
function fed(keys: string[], gap: number | ((index: number) => number)): string[] {
  const watch = new ScanWatch();
  let at = 1000;
  return keys.flatMap((key, index) => {
    at += typeof gap === "number" ? gap : gap(index);
    const scanned = watch.feed(key, at);
    return scanned === null ? [] : [scanned];
  });
}

describe("a scanner's burst", () => {
  it.each(["Enter", "Tab"])("ends with %s", (end) => {
    expect(fed([..."2611220001", end], 8)).toEqual(["2611220001"]);
  });

  it("is not what somebody types and confirms", () => {
    expect(fed([..."2611220001", "Enter"], 110)).toEqual([]);
  });

  it("is not a value that was typed quickly", () => {
    expect(fed([..."145.2", "Enter"], 10)).toEqual([]);
  });

  it("is not a burst whose Enter comes later, from a hand", () => {
    expect(fed([..."2611220001", "Enter"], (index) => (index === 10 ? 400 : 8))).toEqual([]);
  });

  it("begins anew after a pause: what was typed before it is no part of it", () => {
    expect(fed([..."5.4", ..."2611220001", "Enter"], (index) => (index === 3 ? 300 : 9))).toEqual(["2611220001"]);
  });

  it.each([1, 2, 9, 10])("is told whole when key %i is held up: its rest alone would be another barcode", (late) => {
    expect(fed([..."2611220001", "Enter"], (index) => (index === late ? 180 : 8))).toEqual(["2611220001"]);
  });

  it("may hold capital letters, for which it presses Shift", () => {
    expect(fed(["Shift", "A", "Shift", "B", ..."2611220001", "Enter"], 6)).toEqual(["AB2611220001"]);
  });

  it("is over with any other key", () => {
    expect(fed([..."2611220001", "ArrowDown", "Enter"], 8)).toEqual([]);
  });

  it("is told once", () => {
    expect(fed([..."2611220001", "Enter", "Enter"], 8)).toEqual(["2611220001"]);
  });
});

it("knows when a field still holds what it held before a scan", () => {
  const watch = new ScanWatch();
  const starts = [..."4.2"].map((key, index) => {
    const begins = watch.startsAt(1000 + index * 120);
    watch.feed(key, 1000 + index * 120);
    return begins;
  });
  expect(starts).toEqual([true, false, false]);
  watch.feed("Enter", 1400);
  // the next field has the cursor now, however soon its first key comes
  expect(watch.startsAt(1410)).toBe(true);
});

it("reads a barcode without what a scanner adds", () => {
  expect(barcodeOf(" 2611220001\r")).toBe("2611220001");
});
