import { describe, expect, it } from "vitest";
import { plain } from "./plain";
import { type FieldSchema, choicesOf, formOf, labelOf, pagesOf, scoresOf, unitText, withField } from "./schema";
import { boundNames, pageOfTool } from "./tools";
import { validate } from "./validate";

const schema: FieldSchema = {
  type: "object",
  required: ["subjective", "score"],
  properties: {
    subjective: { type: "string", minLength: 1 },
    score: { type: "integer", minimum: 0, maximum: 30 },
    course: { type: "object", required: ["days"], properties: { days: { type: "integer" } } },
    medicines: { type: "array", title: "Medicines", minItems: 1, items: { type: "object", required: ["name"], properties: { name: { type: "string", title: "Name" } } } },
  },
};
const say = { required: "needed", invalid: "wrong", least: "at least {limit}", most: "at most {limit}" };

describe("pages", () => {
  it("are one when the template names none", () => {
    expect(pagesOf(schema, undefined)).toEqual([{ title: null, rows: [["subjective"], ["score"], ["course"], ["medicines"]] }]);
  });

  it("never lose a field the layout forgot, nor show one that is not there", () => {
    expect(pagesOf(schema, { pages: [{ title: "A", rows: [["score", "gone"]] }] })).toEqual([
      { title: "A", rows: [["score"], ["subjective"], ["course"], ["medicines"]] },
    ]);
  });

  it("show a result where they name it", () => {
    expect(pagesOf(schema, { pages: [{ rows: [["score", "bmi"]] }] }, ["bmi"])[0]!.rows[0]).toEqual(["score", "bmi"]);
  });
});

describe("validation", () => {
  it("names every missing and wrong field by its place", () => {
    expect(validate(schema, { score: 31, course: {}, medicines: [{ name: "x" }, {}] }, say)).toEqual({
      subjective: "needed",
      score: "at most 30",
      "course.days": "needed",
      "medicines.1.name": "needed",
    });
  });

  it("takes an empty text that must not be empty as missing, and tells a bound", () => {
    expect(validate(schema, { subjective: "", score: -1 }, say)).toEqual({ subjective: "needed", score: "at least 0" });
  });

  it("finds nothing in a whole payload", () => {
    expect(validate(schema, { subjective: "x", score: 3 }, say)).toEqual({});
  });

  it("finds what a condition of the schema requires", () => {
    const conditional = { ...schema, if: { required: ["score"], properties: { score: { const: 3 } } }, then: { required: ["course"] } };
    expect(validate(conditional, { subjective: "x", score: 3 }, say)).toEqual({ course: "needed" });
  });
});

it("puts definitions where they are asked for, and ends with one that holds itself", () => {
  const diagnosis: FieldSchema = { type: "object", properties: { description: { type: "string" }, cause: { $ref: "#/$defs/diagnosis" } } };
  const { schema: drawn } = formOf({
    schema: { $defs: { diagnosis }, properties: { diagnoses: { type: "array", items: { $ref: "#/$defs/diagnosis", title: "One" } } } },
    ui: {},
  });
  expect(drawn.properties!.diagnoses!.items).toMatchObject({ type: "object", title: "One", properties: { description: { type: "string" } } });
});

it("drops emptied fields instead of sending empty texts", () => {
  expect(withField({ a: "x", b: 1 }, "a", "")).toEqual({ b: 1 });
  expect(withField({}, "a", false)).toEqual({ a: false });
});

it("takes titles of choices for the record", () => {
  const sex: FieldSchema = { oneOf: [{ const: "f", title: "Female" }, { const: "m" }] };
  expect(choicesOf(sex)?.map((choice) => choice.label)).toEqual(["Female", "M"]);
  expect(plain("f", sex)).toBe("Female");
  expect(plain({ days: 3 }, schema.properties!.course)).toBe("Days: 3");
  expect(plain({ regions: [], summary: "Left knee: pain" })).toBe("Left knee: pain");
});

it("takes a few whole numbers as answers, and many not", () => {
  expect(scoresOf({ type: "integer", minimum: 0, maximum: 3 })?.map(({ value }) => value)).toEqual([0, 1, 2, 3]);
  expect(scoresOf({ type: "integer", minimum: 0, maximum: 30 })).toBeNull();
  expect(scoresOf({ type: "number", minimum: 0, maximum: 3 })).toBeNull();
});

it("names a place by the titles on the way to it", () => {
  expect(labelOf(schema, "medicines.1.name")).toBe("Medicines 2, Name");
  expect(labelOf(schema, "course.days")).toBe("Course, Days");
});

it.each([
  ["kg", "kg"],
  ["Cel", "°C"],
  ["mm[Hg]", "mmHg"],
  ["10*3/uL", "10³/µL"],
  ["kg/m2", "kg/m²"],
  ["umol/L", "µmol/L"],
  ["{beats}/min", "beats/min"],
  ["[iU]/L", "IU/L"],
])("writes the unit %s as %s", (unit, written) => {
  expect(unitText(unit)).toBe(written);
});

it("puts a tool on the page it names, or on the last with what it shows", () => {
  const pages = [{ title: "A", rows: [["a"]] }, { title: "B", rows: [["b"]] }, { title: "C", rows: [["c"]] }];
  expect(pageOfTool({ tool: "radar", at: "page", page: 0, bind: { axes: ["b"] } }, pages)).toBe(0);
  expect(pageOfTool({ tool: "radar", at: "page", bind: { axes: ["a", "b"] } }, pages)).toBe(1);
  expect(pageOfTool({ tool: "radar", at: "page", bind: { axes: ["total"] } }, pages)).toBe(2);
  expect(boundNames({ axes: ["a", ["b"]], of: "c", count: 3 })).toEqual(["a", "b", "c"]);
});
