import { describe, expect, it } from "vitest";
import { body, eye, flipped } from "./drawings";
import { emitted, middle, readDrawing, readFindings, readFound, rounded, towards, withFound, withRegions } from "./shapes";

const say = ((key: string, values: Record<string, string> = {}) => (values.part ? `${key} ${values.part}` : key)) as never;

describe("drawings", () => {
  it.each([["body", body(say)], ["eye", eye(say)]] as const)("%s names each region once, within one of its views", (_, { views, regions }) => {
    expect(new Set(regions.map(({ code }) => code)).size).toBe(regions.length);
    for (const { view, at } of regions) {
      const [x, y, width, height] = views.find(({ code }) => code === view)!.viewBox.split(" ").map(Number) as [number, number, number, number];
      expect(at[0]).toBeGreaterThan(x);
      expect(at[0]).toBeLessThan(x + width);
      expect(at[1]).toBeGreaterThan(y);
      expect(at[1]).toBeLessThan(y + height);
    }
  });

  it("has the patient's right at the viewer's left from the front, and at the right from behind", () => {
    const { regions } = body(say);
    const x = (code: string) => regions.find((region) => region.code === code)!.at[0];
    expect(x("right_hand")).toBeLessThan(100);
    expect(x("left_hand")).toBeGreaterThan(100);
    expect(x("right_hand_back")).toBeGreaterThan(100);
  });

  it("has the nose between the eyes", () => {
    const { regions } = eye(say);
    const x = (code: string) => regions.find((region) => region.code === code)!.at[0];
    expect(x("od_nasal_conjunctiva")).toBeGreaterThan(100);
    expect(x("os_nasal_conjunctiva")).toBeLessThan(100);
    expect(x("od_disc")).toBeGreaterThan(x("od_macula"));
    expect(x("os_disc")).toBeLessThan(x("os_macula"));
  });

  it("mirrors a path", () => {
    expect(flipped("M10 20 L30 40 A94 94 0 0 1 6 100Z")).toBe("M190 20L170 40A94 94 0 0 0 194 100Z");
    expect(flipped(flipped("M16 66 C40 6 150 0 182 74Z"))).toBe("M16 66C40 6 150 0 182 74Z");
  });

  it("rounds corners no further than half a side", () => {
    expect(rounded([[0, 0], [10, 0], [10, 10], [0, 10]], 2)).toBe("M0 2Q0 0 2 0L8 0Q10 0 10 2L10 8Q10 10 8 10L2 10Q0 10 0 8Z");
    expect(rounded([[0, 0], [2, 0], [1, 2]], 50)).toContain("Q0 0 1 0");
    expect(middle([[0, 0], [4, 2]])).toEqual([2, 1]);
  });
});

describe("a pack's own drawing", () => {
  const drawing = readDrawing(
    {
      views: [{ code: "spine", title: { en: "Spine", hi: "रीढ़" }, view_box: "0 0 50 200", outline: ["M0 0L5 5"] }],
      regions: [
        { code: "c1", title: "C1", view: "spine", circle: [25, 10, 5] },
        { code: "c2", title: "C2", view: "spine", rect: [20, 20, 10, 8] },
        { code: "c3", view: "spine", polygon: [[20, 30], [30, 30], [25, 40]] },
        { code: "c4", view: "spine", d: "M20 50L30 50L25 60Z", at: [1, 2] },
        { code: "bad", view: "spine", d: "url(javascript:1)" },
        { code: "none", view: "spine" },
      ],
    },
    "hi",
  );

  it("takes every kind of shape, and no other", () => {
    expect(drawing.views[0]).toEqual({ code: "spine", title: "रीढ़", viewBox: "0 0 50 200", outline: ["M0 0L5 5"] });
    expect(drawing.regions.map(({ code, at }) => [code, at])).toEqual([["c1", [25, 10]], ["c2", [25, 24]], ["c3", [25, 100 / 3]], ["c4", [1, 2]]]);
  });

  it("adds and renames regions by code", () => {
    const changed = withRegions(drawing, { regions: [{ code: "c1", title: "Atlas" }, { code: "c9", title: "New", view: "spine", circle: [1, 1, 1] }] }, "en");
    expect(changed.regions.map(({ code, title }) => [code, title])).toEqual([["c1", "Atlas"], ["c2", "C2"], ["c3", "c3"], ["c4", "c4"], ["c9", "New"]]);
  });

  it("goes from region to region as they lie", () => {
    const [first, second] = drawing.regions;
    expect(towards(drawing.regions, first!, "down").code).toBe("c2");
    expect(towards(drawing.regions, second!, "up").code).toBe("c1");
    expect(towards(drawing.regions, first!, "right")).toBe(first);
  });
});

describe("findings", () => {
  const findings = readFindings({ findings: [{ code: "pain", title: "Pain", tone: "warn" }, { code: "wound" }] }, "en");
  const { regions } = body(say);

  it("says what was found where", () => {
    expect(emitted([{ code: "chest", findings: ["pain", "wound"], note: "since May" }, { code: "gone", findings: [] }], regions, findings, "none")).toEqual({
      regions: [{ code: "chest", findings: ["pain", "wound"], note: "since May" }, { code: "gone", findings: [] }],
      summary: "Chest: Pain, wound, since May; gone",
    });
    expect(emitted([], regions, findings, "none").summary).toBe("none");
  });

  it("changes one region, and drops it when nothing is left", () => {
    const first = withFound([], { code: "chest", findings: ["pain"] }, false);
    expect(withFound(first, { code: "chest", findings: ["pain", "wound"] }, false)).toEqual([{ code: "chest", findings: ["pain", "wound"] }]);
    expect(withFound(first, { code: "chest", findings: [] }, false)).toEqual([]);
    expect(withFound(first, { code: "chest", findings: [], note: "x" }, false)).toHaveLength(1);
    expect(withFound([], { code: "chest", findings: [] }, true)).toHaveLength(1);
  });

  it("reads back what it gave", () => {
    const found = [{ code: "chest", findings: ["pain"], note: "n" }];
    expect(readFound(emitted(found, regions, findings, ""))).toEqual(found);
    expect(readFound({ regions: [{}, 3] })).toEqual([]);
  });
});
