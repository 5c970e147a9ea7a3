import { describe, expect, it } from "vitest";
import { type FieldSchema, choicesOf, formOf, pagesOf, shownWith, withField } from "./schema";
import { plain } from "./SchemaView";
import { validate } from "./validate";

const schema: FieldSchema = {
  type: "object",
  required: ["subjective", "score"],
  properties: {
    subjective: { type: "string", minLength: 1 },
    score: { type: "integer", minimum: 0, maximum: 30 },
    course: { type: "object", required: ["days"], properties: { days: { type: "integer" } } },
  },
};
const say = { required: "needed", invalid: "wrong" };

describe("pages", () => {
  it("are one when the template names none", () => {
    expect(pagesOf(schema, undefined)).toEqual([{ title: null, rows: [["subjective"], ["score"], ["course"]] }]);
  });

  it("never lose a field the layout forgot, nor show one that is not there", () => {
    expect(pagesOf(schema, { pages: [{ title: "A", rows: [["score", "gone"]] }] })).toEqual([
      { title: "A", rows: [["score"], ["subjective"], ["course"]] },
    ]);
  });
});

describe("validation", () => {
  it("names every missing and wrong field by its place", () => {
    expect(validate(schema, { score: 31, course: {} }, say)).toEqual({
      subjective: "needed",
      score: "wrong",
      "course.days": "needed",
    });
  });

  it("finds nothing in a whole payload", () => {
    expect(validate(schema, { subjective: "x", score: 3 }, say)).toEqual({});
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
});

it("hides a field while its condition does not hold, and shows one whose condition it cannot read", () => {
  const shown = shownWith({ show_if: { days: "doc.needed", other: "doc.list.exists(x, x)" } });
  expect(shown("days", { needed: false })).toBe(false);
  expect(shown("days", { needed: true })).toBe(true);
  expect(shown("other", {})).toBe(true);
});
