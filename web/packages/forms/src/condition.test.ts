import { describe, expect, it } from "vitest";
import { compileCondition } from "./condition";

const holds = (text: string, doc: Record<string, unknown>) => compileCondition(text)({ doc });

describe("a condition", () => {
  it.each([
    ["doc.discharge_type == 'transferred'", { discharge_type: "transferred" }, true],
    ["doc.discharge_type == 'transferred'", { discharge_type: "home" }, false],
    ["doc.discharge_type != 'died'", { discharge_type: "home" }, true],
    ["doc.urgency in ['urgent', 'emergency']", { urgency: "emergency" }, true],
    ["doc.urgency in ['urgent', 'emergency']", { urgency: "routine" }, false],
    ["has(doc.follow_up_needed) && doc.follow_up_needed", { follow_up_needed: true }, true],
    ["has(doc.follow_up_needed) && doc.follow_up_needed", {}, false],
    ["doc.vata_score > 20", { vata_score: 21 }, true],
    ["doc.vata_score > 20", { vata_score: 20 }, false],
    ["!(doc.a == 1 || doc.b == 2)", { a: 2, b: 3 }, true],
    ["size(doc.diagnoses) >= 2", { diagnoses: ["a", "b"] }, true],
    ['doc.word == "it\'s"', { word: "it's" }, true],
    ["doc.temperature > -1.5", { temperature: -1 }, true],
  ])("%s of %o is %s", (text, doc, expected) => {
    expect(holds(text, doc)).toBe(expected);
  });

  it("does not hold while a field it asks for is missing", () => {
    expect(holds("doc.discharge_type != 'died'", {})).toBe(false);
    expect(holds("doc.a > 1", { a: "text" })).toBe(false);
  });

  it("is decided by one side though the other is missing", () => {
    expect(holds("doc.gone == 1 || doc.here == 1", { here: 1 })).toBe(true);
    expect(holds("!(doc.gone == 1 && doc.here == 1)", { here: 2 })).toBe(true);
  });

  it("does not reach into what objects inherit", () => {
    expect(holds("has(doc.constructor)", {})).toBe(false);
  });

  it.each(["doc.a ==", "doc.items.exists(i, i > 2)", "doc.a @ 3", "(doc.a"])("refuses %s", (text) => {
    expect(() => compileCondition(text)).toThrow(SyntaxError);
  });
});
