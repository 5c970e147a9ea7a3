import { describe, expect, it } from "vitest";
import { inShares, onAxis, radarData, radarSummary, roundUp } from "./geometry";

const titles = { vata: "Vata", pitta: "Pitta", kapha: "Kapha" };
const fields = ["vata", "pitta", "kapha"];

describe("radar", () => {
  it("lays two series over the same axes", () => {
    const data = radarData(
      { axes: fields, series: [{ title: "Prakriti", fields }, { title: { en: "Vikriti", hi: "विकृति" }, fields: ["v2", "p2", "k2"] }] },
      {},
      { vata: 20, pitta: 10, kapha: 5, v2: 8, p2: 19 },
      titles,
      "hi",
    );
    expect(data).toEqual({
      axes: ["Vata", "Pitta", "Kapha"],
      shares: false,
      max: 20,
      series: [
        { title: "Prakriti", values: [20, 10, 5] },
        { title: "विकृति", values: [8, 19, null] },
      ],
    });
    expect(radarSummary(data)).toBe("Prakriti: Vata 20, Pitta 10, Kapha 5; विकृति: Vata 8, Pitta 19, Kapha –");
  });

  it("lays an overlay over the axes, with the pack's titles", () => {
    const { axes, series } = radarData({ axes: ["a", "b"], overlay: ["c", "d"] }, { axes: ["A", "B"], series: [{ en: "Then", hi: "तब" }, "Now"] }, { a: 1, b: 2, c: 3, d: 4 }, {}, "hi");
    expect([axes, series]).toEqual([["A", "B"], [{ title: "तब", values: [1, 2] }, { title: "Now", values: [3, 4] }]]);
  });

  it("draws one series from its axes, with the pack's words where it gives them", () => {
    const data = radarData({ axes: ["a_b", "c"] }, { axes: ["First", { title: { en: "Second" } }], max: 30 }, { a_b: 1, c: 2 }, {}, "en");
    expect(data).toEqual({ axes: ["First", "Second"], shares: false, max: 30, series: [{ title: "", values: [1, 2] }] });
    expect(radarData({ axes: ["a_b"] }, {}, {}, {}, "en").axes).toEqual(["A b"]);
  });

  it("compares shares only of a whole series", () => {
    expect(inShares([20, 10, 10])).toEqual([50, 25, 25]);
    expect(inShares([20, null, 10])).toEqual([null, null, null]);
    expect(inShares([0, 0])).toEqual([null, null]);
  });

  it("draws nothing for a bind that names nothing", () => {
    expect(radarData({}, {}, {}, {}, "en")).toEqual({ axes: [], shares: false, max: 1, series: [{ title: "", values: [] }] });
  });

  it("rounds the outermost ring up", () => {
    expect([0, 0.7, 1, 53.3, 20, 21, 97].map(roundUp)).toEqual([1, 0.8, 1, 60, 20, 24, 100]);
  });

  it("begins at the top and goes clockwise", () => {
    const [top, right] = [onAxis(0, 4, 1, 10), onAxis(1, 4, 0.5, 10)];
    expect(top.x).toBeCloseTo(0);
    expect(top.y).toBeCloseTo(-10);
    expect(right.x).toBeCloseTo(5);
    expect(right.y).toBeCloseTo(0);
  });
});
