import { describe, expect, it } from "vitest";
import { ageOn, calendarDate, dateTimeIn, instantIn, minutesBetween, readDate, timeIn, todayIn, offsetTimeIn } from "./dates";

describe("dates at the facility", () => {
  it("turn over at its own midnight", () => {
    const late = new Date("2026-03-06T18:31:00Z");
    expect(todayIn("Asia/Kolkata", late)).toBe("2026-03-07");
    expect(todayIn("Europe/London", late)).toBe("2026-03-06");
  });

  it("write midnight as 00", () => {
    expect(timeIn("Asia/Kolkata", "2026-03-06T18:30:00Z")).toBe("00:00");
    expect(dateTimeIn("UTC", "2026-12-31T23:59:00Z")).toBe("31-Dec-2026 23:59");
  });

  it("name the month, so that no reader takes it for the day", () => {
    expect(calendarDate("1988-03-07")).toBe("07-Mar-1988");
  });
});

describe("age", () => {
  it.each([
    ["2026-03-07", "2026-03-07", 0, "days"],
    ["2026-03-07", "2026-02-20", 15, "days"],
    ["2026-03-07", "2026-02-07", 1, "months"],
    ["2026-03-07", "2024-03-08", 23, "months"],
    ["2026-03-07", "2024-03-07", 2, "years"],
    ["2026-03-06", "1988-03-07", 37, "years"],
    ["2026-03-07", "1988-03-07", 38, "years"],
  ])("on %s of one born %s is %i %s", (today, born, count, unit) => {
    expect(ageOn(today, born)).toEqual({ count, unit });
  });
});

it.each([
  ["7/3/1988", "1988-03-07"],
  ["07.03.1988", "1988-03-07"],
  ["1988-3-7", "1988-03-07"],
  ["29-02-2023", null],
  ["29-02-2024", "2024-02-29"],
  ["3-1988", null],
  ["tomorrow", null],
])("reads the date %s as %s", (typed, date) => {
  expect(readDate(typed)).toBe(date);
});

it("never counts a wait below nothing", () => {
  expect(minutesBetween("2026-03-07T10:00:00Z", new Date("2026-03-07T09:59:00Z"))).toBe(0);
  expect(minutesBetween("2026-03-07T10:00:00Z", new Date("2026-03-07T10:12:59Z"))).toBe(12);
});

it.each([
  ["Asia/Kolkata", "2026-03-07", "2026-03-06T18:30:00.000Z"],
  ["America/New_York", "2026-03-08", "2026-03-08T05:00:00.000Z"],
  ["America/New_York", "2026-03-09", "2026-03-09T04:00:00.000Z"],
  ["UTC", "2026-03-07", "2026-03-07T00:00:00.000Z"],
])("knows when a day begins in %s", (zone, day, moment) => {
  expect(instantIn(zone, day)).toBe(moment);
});

it("tells a moment by the facility's clock, with its distance from UTC", () => {
  const at = new Date("2026-01-31T19:30:59Z");
  expect(offsetTimeIn("Asia/Kolkata", at)).toBe("2026-02-01T01:00:59+05:30");
  expect(offsetTimeIn("America/New_York", at)).toBe("2026-01-31T14:30:59-05:00");
  expect(offsetTimeIn("UTC", at)).toBe("2026-01-31T19:30:59+00:00");
});
