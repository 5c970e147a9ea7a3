import axe from "axe-core";
import { cleanup } from "@testing-library/react";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { every, samples } from "../gallery/samples";
import { type FieldSchema, type Payload, type Template, formOf } from "./schema";
import { show } from "./testing";
import { validate } from "./validate";

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: "en", resources: {} });
});
afterEach(cleanup);

type Document = Template & { code: string; version: string };
const files = import.meta.glob<Document[]>("../../../../modules/packs/testdata/documents/*.json", { eager: true, import: "default" });
const forms = [...Object.values(files).flat(), { ...every, code: "every_widget", version: "1.0.0" }];

// a generator of our own, so that a form that fails fails again
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Something that a field may hold, or now and then something it may not. */
function madeUp(schema: FieldSchema, roll: (below: number) => number, depth = 0): unknown {
  if (depth > 4) return undefined;
  if (roll(12) === 0) return [null, "?", -1, true, [], {}, [null], { x: 1 }][roll(8)];
  const codes = schema.enum ?? schema.oneOf?.map((one) => one.const);
  if (codes?.length) return codes[roll(codes.length)];
  const { minimum = 0, maximum = 100 } = schema;
  switch (schema.type) {
    case "boolean":
      return roll(2) === 0;
    case "integer":
      return minimum + roll(Math.max(1, maximum - minimum + 1));
    case "number":
      return minimum + roll(1000) * ((maximum - minimum) / 1000);
    case "array":
      return Array.from({ length: roll(3) }, () => madeUp(schema.items ?? {}, roll, depth + 1));
    case "object":
      return Object.fromEntries(Object.entries(schema.properties ?? {}).flatMap(([name, one]) => (roll(3) === 0 ? [] : [[name, madeUp(one, roll, depth + 1)]])));
    default:
      return schema.format === "date" ? "2026-03-07" : ["", "Fever", "ألم\nवेदना", "x".repeat(400)][roll(4)];
  }
}

describe.each(forms.map((form) => [`${form.code}@${form.version}`, form] as const))("%s", (_, form) => {
  const { schema } = formOf(form);

  it("is drawn empty", () => {
    const { container } = show(form);
    expect(container.querySelectorAll("[data-path]").length).toBeGreaterThan(0);
  });

  it.each([3, 4])("is drawn, to be filled in and to be read, whatever it holds (%i)", (seed) => {
    const payload = madeUp({ type: "object", properties: schema.properties }, dice(seed)) as Payload;
    const value = typeof payload === "object" && payload !== null && !Array.isArray(payload) ? payload : {};
    const faults = validate(schema, value, { required: "needed", invalid: "wrong" });
    expect(() => show(form, { value, faults })).not.toThrow();
    cleanup();
    expect(() => show(form, { value, readOnly: true })).not.toThrow();
  }, 20_000);
});

it("is for everybody to use: every widget, empty, filled and at fault", { timeout: 60_000 }, async () => {
  for (const { value, faults, readOnly } of samples) {
    const { container } = show(every, { value, faults, readOnly });
    const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
    cleanup();
  }
});
