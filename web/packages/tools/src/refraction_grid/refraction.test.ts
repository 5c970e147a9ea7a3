import { describe, expect, it } from "vitest";
import { type Notation, letters, lines, readAcuity, writeAcuity } from "./acuity";
import { type Eye, dioptres, emitted, faultsOf, prescription, readRefraction, sphericalEquivalent, stepped, transpose, vertexPower } from "./refraction";

describe("acuity", () => {
  // every row of the agreed table: 6 m, 20 ft, decimal, logMAR
  it.each([
    ["6/6", "20/20", 1.0, 0.0],
    ["6/9", "20/30", 0.67, 0.18],
    ["6/12", "20/40", 0.5, 0.3],
    ["6/18", "20/60", 0.33, 0.48],
    ["6/24", "20/80", 0.25, 0.6],
    ["6/36", "20/120", 0.17, 0.78],
    ["6/60", "20/200", 0.1, 1.0],
    ["3/60", "20/400", 0.05, 1.3],
    ["1/60", "20/1200", 0.017, 1.78],
  ])("%s is %s, %d and %d logMAR", (metres, feet, decimal, logmar) => {
    expect(readAcuity(metres, "metres")).toEqual({ logmar });
    expect(readAcuity(feet, "metres")).toEqual({ logmar });
    const acuity = { logmar };
    expect(writeAcuity(acuity, "metres")).toBe(metres);
    expect(writeAcuity(acuity, "feet")).toBe(feet);
    expect(Number(writeAcuity(acuity, "decimal"))).toBeCloseTo(decimal, 2);
    expect(writeAcuity(acuity, "logmar")).toBe(logmar.toFixed(2));
    expect(readAcuity(String(decimal), "decimal")!.logmar).toBeCloseTo(logmar, 1);
  });

  it.each([
    ["CF", 1.9],
    ["HM", 2.3],
    ["PL", 2.7],
    ["NPL", 3.0],
  ] as const)("%s counts as %d", (sign, logmar) => {
    expect(readAcuity(sign, "metres")).toEqual({ logmar, sign });
    for (const notation of ["metres", "feet", "decimal", "logmar"] satisfies Notation[]) expect(writeAcuity({ logmar, sign }, notation)).toBe(sign);
  });

  it("takes the other spellings of what no chart measures", () => {
    expect(readAcuity("nlp", "metres")?.sign).toBe("NPL");
    expect(readAcuity("L.P.", "metres")?.sign).toBe("PL");
  });

  it("counts letters beside a line as a fiftieth each", () => {
    expect(readAcuity("6/9-2", "metres")).toEqual({ logmar: 0.22 });
    expect(readAcuity("6/9+2", "metres")).toEqual({ logmar: 0.14 });
  });

  it("reads a bare number by the notation", () => {
    expect(readAcuity("0.3", "logmar")).toEqual({ logmar: 0.3 });
    expect(readAcuity("0.5", "decimal")).toEqual({ logmar: 0.3 });
    expect(readAcuity("logMAR 0.1", "metres")).toEqual({ logmar: 0.1 });
  });

  it.each(["", "6/", "six", "0", "6/0", "99", "6/9-22", "-1"])("refuses %j", (text) => {
    expect(readAcuity(text, "metres")).toBeNull();
  });

  it("comes back to every line of the chart from its logMAR", () => {
    for (const line of lines) expect(writeAcuity(readAcuity(line, "metres")!, "metres")).toBe(line);
  });

  it("counts ETDRS letters", () => {
    expect([letters(0), letters(0.3), letters(1), letters(1.7)]).toEqual([85, 70, 35, 0]);
  });
});

describe("transposition", () => {
  it.each<[Eye, Eye]>([
    [{ sphere: -2, cylinder: -1.5, axis: 180 }, { sphere: -3.5, cylinder: 1.5, axis: 90 }],
    [{ sphere: 1, cylinder: 0.5, axis: 45 }, { sphere: 1.5, cylinder: -0.5, axis: 135 }],
    [{ sphere: 0, cylinder: -0.75, axis: 90 }, { sphere: -0.75, cylinder: 0.75, axis: 180 }],
    [{ sphere: 2.25, cylinder: -2.25, axis: 1 }, { sphere: 0, cylinder: 2.25, axis: 91 }],
    [{ sphere: -1, cylinder: 1, axis: 91 }, { sphere: 0, cylinder: -1, axis: 1 }],
  ])("%j is %j", (written, other) => {
    expect(transpose(written)).toEqual(other);
    expect(transpose(other)).toEqual(written);
  });

  it("leaves a lens without cylinder as it is", () => {
    expect(transpose({ sphere: -2 })).toEqual({ sphere: -2 });
    expect(transpose({ sphere: -2, cylinder: 0 })).toEqual({ sphere: -2, cylinder: 0 });
  });

  it("is its own inverse, keeps the spherical equivalent and the axis within 1..180", () => {
    for (let axis = 1; axis <= 180; axis++) {
      const eye = { sphere: 0.25 * (axis % 17) - 2, cylinder: 0.25 * ((axis % 11) + 1), axis };
      const other = transpose(eye);
      expect(transpose(other)).toEqual(eye);
      expect(other.axis).toBeGreaterThanOrEqual(1);
      expect(other.axis).toBeLessThanOrEqual(180);
      expect(sphericalEquivalent(other)).toBeCloseTo(sphericalEquivalent(eye)!, 10);
    }
  });
});

it("works out the spherical equivalent", () => {
  expect(sphericalEquivalent({ sphere: -2, cylinder: -1.5 })).toBe(-2.75);
  expect(sphericalEquivalent({ sphere: 1, cylinder: -0.25 })).toBe(0.875);
  expect(sphericalEquivalent({ cylinder: -1 })).toBe(-0.5);
  expect(sphericalEquivalent({})).toBeNull();
});

it("works out the power at the eye of a lens 12 mm away", () => {
  expect(vertexPower(-8, 0.012)).toBeCloseTo(-7.3, 2);
  expect(vertexPower(10, 0.012)).toBeCloseTo(11.364, 3);
});

it("steps by a quarter, and round for the axis", () => {
  expect(stepped("sphere", undefined, -1)).toBe(-0.25);
  expect(stepped("sphere", 29.9, 4)).toBe(30);
  expect(stepped("axis", 180, 1)).toBe(1);
  expect(stepped("axis", 1, -1)).toBe(180);
  expect(stepped("axis", undefined, 10)).toBe(10);
  expect(stepped("add", undefined, 1)).toBe(0.75);
  expect(stepped("add", 0.75, -1)).toBe(0.75);
  expect(stepped("pd", undefined, 1)).toBe(62);
});

it("needs an axis exactly when there is a cylinder, and a base exactly with a prism", () => {
  expect(faultsOf({ sphere: -1, cylinder: -0.5 }, "any")).toEqual({ axis: "axisNeeded" });
  expect(faultsOf({ sphere: -1, axis: 90 }, "any")).toEqual({ axis: "axisNotNeeded" });
  expect(faultsOf({ sphere: -1, cylinder: 0, axis: 90 }, "any")).toEqual({ axis: "axisNotNeeded" });
  expect(faultsOf({ sphere: -1, cylinder: -0.5, axis: 90, prism: 2, base: "in" }, "any")).toEqual({});
  expect(faultsOf({ prism: 2 }, "any")).toEqual({ base: "baseNeeded" });
});

it("refuses what no lens has", () => {
  expect(faultsOf({ sphere: -31, cylinder: -0.3, axis: 181, add: 0.5 }, "any")).toEqual({ sphere: "outside", cylinder: "offStep", axis: "outside", add: "outside" });
  expect(faultsOf({ cylinder: 0.5, axis: 10 }, "minus")).toEqual({ cylinder: "cylinderMinus" });
  expect(faultsOf({ cylinder: -0.5, axis: 10 }, "plus")).toEqual({ cylinder: "cylinderPlus" });
});

it("writes an eye as a prescription does", () => {
  expect(dioptres(-0)).toBe("0.00");
  expect(dioptres(0.875)).toBe("+0.875");
  expect(prescription({ sphere: -1.25, cylinder: -0.5, axis: 90, add: 2, prism: 2, base: "in", va: "6/6" })).toBe("−1.25 / −0.50 × 90 add +2.00 2Δ in (6/6)");
  expect(prescription({ va: "CF" })).toBe("CF");
});

it("gives what was entered with what follows from it, and reads it back", () => {
  const refraction = { od: { sphere: -1.25, cylinder: -0.5, axis: 90, va: "6/9" }, os: {}, pd: 62 };
  const value = emitted(refraction);
  expect(value).toEqual({ od: { sphere: -1.25, cylinder: -0.5, axis: 90, va: "6/9", se: -1.5, logmar: 0.18 }, pd: 62, summary: "OD −1.25 / −0.50 × 90 (6/9); PD 62 mm" });
  expect(readRefraction(value)).toEqual(refraction);
  expect(readRefraction("nonsense")).toEqual({ od: {}, os: {} });
});
