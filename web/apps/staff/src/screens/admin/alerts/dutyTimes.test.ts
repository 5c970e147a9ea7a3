import { timeIn } from "@hm/ui";
import { expect, it } from "vitest";
import { momentAt, readTime } from "./dutyTimes";

it("reads times as people type them", () => {
  expect(readTime("8:30")).toEqual({ hour: 8, minute: 30 });
  expect(readTime(" 0830 ")).toEqual({ hour: 8, minute: 30 });
  expect(readTime("23.59")).toEqual({ hour: 23, minute: 59 });
  for (const wrong of ["", "24:00", "8", "12:60", "noon"]) expect(readTime(wrong)).toBeNull();
});

it("is what the facility's clock shows, on days whose clock changes too", () => {
  expect(momentAt("Asia/Kolkata", "2026-11-22", "20:00")).toBe("2026-11-22T14:30:00.000Z");
  for (const day of ["2026-03-29", "2026-10-25", "2026-06-01"]) expect(timeIn("Europe/Berlin", momentAt("Europe/Berlin", day, "20:00")!)).toBe("20:00");
});

it("waits for both", () => {
  expect(momentAt("Asia/Kolkata", undefined, "20:00")).toBeNull();
  expect(momentAt("Asia/Kolkata", "2026-11-22", "")).toBeNull();
});
