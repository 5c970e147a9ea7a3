import type { Patient } from "@hm/client";
import { expect, it } from "vitest";
import { changeOf, differing, fieldsOf, readIdentifiers } from "./patientChanges";

const patient = {
  full_name: "Padmavathi Das",
  date_of_birth: "1992-03-07",
  gender: "female",
  phone: "98450 11111",
  email: null,
  address: null,
  blood_group: null,
  identifiers: [{ system: "abha", value: "91-1234" }],
} as Patient;

it("sends only what was changed, and null for what was emptied", () => {
  expect(changeOf({ phone: " ", address: " 4 Temple Road " }, "2026-03-07")).toEqual({ phone: null, address: "4 Temple Road" });
  expect(changeOf({}, "2026-03-07")).toEqual({});
});

it("reads a birth as a date, an age, or nothing", () => {
  expect(changeOf({ born: "8-3-1992" }, "2026-03-07")).toEqual({ date_of_birth: "1992-03-08", birth_date_estimated: false });
  expect(changeOf({ born: "34" }, "2026-03-07")).toEqual({ age_years: 34 });
  expect(changeOf({ born: "" }, "2026-03-07")).toEqual({ date_of_birth: null });
});

it("names the fields that a colleague changed", () => {
  const before = fieldsOf(patient);
  expect(before).toMatchObject({ born: "07-03-1992", identifiers: "abha: 91-1234", email: "" });
  expect(differing(before, fieldsOf({ ...patient, phone: "1", email: "a@b.example" }))).toEqual(["phone", "email"]);
});

it("reads identifiers line by line", () => {
  expect(readIdentifiers(" abha: 91-12:34 \n\npassport: K1")).toEqual([
    { system: "abha", value: "91-12:34" },
    { system: "passport", value: "K1" },
  ]);
  expect(readIdentifiers("91-1234")).toBeNull();
});
