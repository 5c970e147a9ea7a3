import { expect, it } from "vitest";
import { fromSearch } from "./typed";

it("takes a number for a phone and anything else for a name", () => {
  expect(fromSearch(" Asha Kulkarni ")).toEqual({ full_name: "Asha Kulkarni", phone: "" });
  expect(fromSearch("+91 98200 12345")).toEqual({ full_name: "", phone: "+91 98200 12345" });
  expect(fromSearch("12")).toEqual({ full_name: "12", phone: "" });
});
