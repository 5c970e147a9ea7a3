import { type Schema, Validator } from "@cfworker/json-schema";
import type { FieldSchema, Payload } from "./schema";

/** A fault by the dotted path of its field. */
export type Faults = Record<string, string>;

export interface FaultWords {
  required: string;
  invalid: string;
}

/** Every fault of a payload, the same the server would find, by field. */
export function validate(schema: FieldSchema, payload: Payload, say: FaultWords): Faults {
  const faults: Faults = {};
  const { errors } = new Validator(schema as Schema, "2020-12", false).validate(payload);
  for (const { keyword, instanceLocation, error } of errors) {
    const place = instanceLocation.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
    if (keyword === "required") {
      const name = /"([^"]+)"/.exec(error)?.[1];
      if (name) faults[[...place, name].join(".")] = say.required;
    } else if (place.length > 0 && keyword !== "properties" && keyword !== "items") {
      faults[place.join(".")] ??= say.invalid;
    }
  }
  return faults;
}
