import { ApiError } from "@hm/client";
import { expect, it } from "vitest";
import { fieldFaults } from "./formErrors";

const refused = (errors: { location: string; message: string }[]) => new ApiError(422, { errors }, "r", null);

it("brings faults to their fields and keeps what has none", () => {
  const error = refused([
    { location: "body.bp_systolic", message: "too high" },
    { location: "body.bp_systolic", message: "second" },
    { location: "body.payload.vata_score", message: "required" },
    { location: "body.nowhere", message: "unknown" },
    { location: "body", message: "at least one" },
  ]);
  const faults = fieldFaults(error, ["bp_systolic", "payload"]);
  expect(faults.of("bp_systolic")).toBe("too high");
  expect(faults.of("payload")).toBe("required");
  expect(faults.rest).toEqual(["nowhere: unknown", "at least one"]);
});

it("does not take a field for another with the same beginning", () => {
  const faults = fieldFaults(refused([{ location: "body.phone_home", message: "bad" }]), ["phone"]);
  expect(faults.of("phone")).toBeUndefined();
});

it("finds nothing in an error of another kind", () => {
  expect(fieldFaults(new Error("x"), ["a"]).rest).toEqual([]);
});
