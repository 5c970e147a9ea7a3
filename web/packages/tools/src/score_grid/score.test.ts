import { describe, expect, it } from "vitest";
import { answered, bandFor, emitted, reach, readAnswers, readScore, totalOf } from "./score";

// HEART: Six, Backus, Kelder 2008
const heart = {
  items: ["history", "ecg", "age", "risk", "troponin"].map((code) => ({ code, title: { en: code, hi: `${code}-हि` } })),
  options: [{ value: 0, title: "none" }, { value: 1, title: "some" }, { value: 2, title: "much" }],
  bands: [{ from: 7, title: "High", tone: "critical" }, { from: 0, title: "Low", tone: "ok" }, { from: 4, title: "Moderate", tone: "warn" }],
};
const score = readScore(heart, {}, {}, "en");
const all = (values: number[]) => Object.fromEntries(score.items.map(({ code }, index) => [code, values[index]!]));

describe("score", () => {
  it.each([
    [[0, 0, 0, 0, 0], 0, "Low"],
    [[1, 0, 1, 1, 0], 3, "Low"],
    [[1, 0, 2, 1, 0], 4, "Moderate"],
    [[2, 1, 1, 1, 1], 6, "Moderate"],
    [[2, 2, 1, 1, 1], 7, "High"],
    [[2, 2, 2, 2, 2], 10, "High"],
  ])("%j is %d, %s", (values, total, band) => {
    const found = totalOf(score, all(values));
    expect(found).toBe(total);
    expect(bandFor(score, found)?.title).toBe(band);
  });

  it("has no total before the last answer", () => {
    const part = { history: 2, ecg: 2 };
    expect(totalOf(score, part)).toBeNull();
    expect(emitted(score, part, "HEART", (count, of) => `${count} of ${of}`)).toEqual({ answers: part, total: null, band: null, summary: "HEART: 2 of 5" });
    expect(totalOf(readScore({}, {}, {}, "en"), {})).toBeNull();
  });

  it("gives answers, total, band and words", () => {
    expect(emitted(score, all([2, 1, 1, 1, 1]), "HEART", () => "")).toEqual({ answers: all([2, 1, 1, 1, 1]), total: 6, band: "Moderate", summary: "HEART: 6, Moderate" });
  });

  it("takes only answers that an item offers", () => {
    expect(readAnswers(score, { answers: { history: 1, ecg: 7, age: "2", other: 1 } }, false)).toEqual({ history: 1 });
    expect(readAnswers(score, null, false)).toEqual({});
  });

  it("reads a document's fields where the page names them", () => {
    const bound = readScore({ bands: heart.bands }, { items: ["ecg", "age"] }, { ecg: "The ECG" }, "en");
    expect(bound.items.map(({ title }) => title)).toEqual(["The ECG", "age"]);
    expect(readAnswers(bound, { ecg: 3, age: 2 }, true)).toEqual({ ecg: 3, age: 2 });
  });

  it("knows its ends, and an item's own options", () => {
    expect(reach(score)).toEqual({ low: 0, high: 10 });
    const own = readScore({ items: [{ code: "eye", options: [{ value: 1 }, { value: 4 }] }, { code: "none" }] }, {}, {}, "en");
    expect(reach(own)).toEqual({ low: 1, high: 4 });
    expect(own.items[0]!.options[0]!.title).toBe("1");
  });

  it("changes and takes back one answer", () => {
    expect(answered({ a: 1 }, "b", 2)).toEqual({ a: 1, b: 2 });
    expect(answered({ a: 1, b: 2 }, "a", null)).toEqual({ b: 2 });
  });

  it("speaks the page's language", () => {
    expect(readScore(heart, {}, {}, "hi-IN").items[0]!.title).toBe("history-हि");
  });
});
