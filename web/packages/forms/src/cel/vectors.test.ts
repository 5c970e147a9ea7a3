import { describe, expect, it } from "vitest";
import expressions from "../../../../../modules/packs/testdata/vectors/expressions.json";
import { type About, type Computing, evaluator } from "../evaluator";

// What Go's evaluator made of each; the two must never show a person different scores.

interface Expression {
  types: Record<string, unknown>;
  expression: string;
  facts: About & { doc?: Record<string, unknown> };
  value: unknown;
}

describe("expressions come out as on the server", () => {
  it.each(expressions as unknown as Expression[])("$expression", ({ types, expression, facts, value }) => {
    const evaluate = evaluator({ schema: { type: "object", properties: types }, computed: [{ name: "out", expression }] });
    expect(evaluate.unreadable).toEqual([]);
    expect(evaluate(facts.doc ?? {}, facts).computed.out).toEqual(value);
  });
});

interface PackVector {
  template: string;
  version: string;
  payload: Record<string, unknown>;
  about: About;
  computed: Record<string, unknown>;
  summary: string;
  hidden: string[];
}
type Document = Computing & { code: string; version: string };

const testdata = "../../../../../modules/packs/testdata";
const vectors = import.meta.glob<PackVector[]>("../../../../../modules/packs/testdata/vectors/*.json", { eager: true, import: "default" });
const documents = import.meta.glob<Document[]>("../../../../../modules/packs/testdata/documents/*.json", { eager: true, import: "default" });
const packs = Object.keys(documents).map((path) => path.slice(`${testdata}/documents/`.length, -".json".length));

it("finds the packs' documents", () => {
  expect(packs.length).toBeGreaterThan(1);
});

describe.each(packs)("forms of %s compute as on the server", (pack) => {
  const forms = documents[`${testdata}/documents/${pack}.json`]!;
  const cases = vectors[`${testdata}/vectors/${pack}.json`] ?? [];

  it.each(forms.map((form) => [`${form.code}@${form.version}`, form] as const))("%s can be read whole", (_, form) => {
    expect(evaluator(form).unreadable).toEqual([]);
  });

  it.each(cases.map((one, at) => [`${one.template} ${at}`, one] as const))("%s", (_, { template, version, payload, about, computed, summary, hidden }) => {
    const form = forms.find((one) => one.code === template && one.version === version)!;
    const found = evaluator(form)(payload, about);
    expect(found.computed).toEqual(computed);
    expect(found.summary).toBe(summary);
    expect([...found.hidden].sort()).toEqual([...(hidden ?? [])].sort());
  });
});
