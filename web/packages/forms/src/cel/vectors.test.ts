import { describe, expect, it } from "vitest";
import expressions from "../../../../../modules/packs/testdata/vectors/expressions.json";
import { type About, evaluator } from "../evaluator";

interface Vector {
  types: Record<string, unknown>;
  expression: string;
  facts: About & { doc: Record<string, unknown> };
  value: unknown;
}

// What Go's evaluator made of each; the two must never show a person different scores.
describe("the server's own answers", () => {
  it.each(expressions as unknown as Vector[])("$expression", ({ types, expression, facts, value }) => {
    const evaluate = evaluator({ schema: { type: "object", properties: types }, computed: [{ name: "out", expression }] });
    expect(evaluate.unreadable).toEqual([]);
    expect(evaluate(facts.doc ?? {}, facts).computed.out).toEqual(value);
  });
});
