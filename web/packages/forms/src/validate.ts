import { type Schema, Validator } from "@cfworker/json-schema";
import type { Payload } from "./schema";

/** A fault by the dotted path of its field. */
export type Faults = Record<string, string>;

/** What is said of a fault; {limit} stands for the bound that was passed. */
export interface FaultWords {
  required: string;
  invalid: string;
  least?: string;
  most?: string;
  tooLong?: string;
  tooFew?: string;
}

/** These only repeat that something within them is wrong. */
const wrappers = ["properties", "items", "prefixItems", "$ref", "allOf", "if", "then", "else", "dependentSchemas"];
const bounds: Record<string, "least" | "most" | "tooLong" | "tooFew"> = { minimum: "least", maximum: "most", maxLength: "tooLong", minItems: "tooFew" };

/** Every fault of a payload, the same the server would find, by field. */
export function validate(schema: unknown, payload: Payload, say: FaultWords): Faults {
  const faults: Faults = {};
  const { errors } = new Validator(schema as Schema, "2020-12", false).validate(payload);
  for (const { keyword, instanceLocation, error } of errors) {
    const place = instanceLocation
      .replace(/^#\/?/, "")
      .split("/")
      .filter(Boolean)
      .map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
    if (keyword === "required") {
      const name = /"([^"]+)"/.exec(error)?.[1];
      if (name) faults[[...place, name].join(".")] = say.required;
    } else if (place.length > 0 && !wrappers.includes(keyword)) {
      const bound = bounds[keyword];
      const limit = /(-?\d+(?:\.\d+)?)\D*$/.exec(error)?.[1] ?? "";
      const words = (bound && say[bound]) || say.invalid;
      faults[place.join(".")] ??= keyword === "minLength" ? say.required : words.replace("{limit}", limit);
    }
  }
  return faults;
}
