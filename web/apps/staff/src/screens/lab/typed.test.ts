import { describe, expect, it } from "vitest";
import { guessFlag, isUnlikely, readTyped } from "./typed";

const choices = [
  { code: "NEGATIVE", title: "Negative", is_abnormal: false, is_critical: false },
  { code: "REACTIVE", title: "Reactive", is_abnormal: true, is_critical: false },
];
const potassium = { kind: "number" as const, choices: [], reference_low: 3.5, reference_high: 5.1, critical_low: 2.5, critical_high: 6.5 };
const read = (text: string, kind: "number" | "coded" | "text" | "titre" = "number") => readTyped({ kind, choices }, text);

describe("what is typed as a number", () => {
  it.each([
    ["4.50", "4.50", 4.5],
    [" 140 ", "140", 140],
    [".5", ".5", 0.5],
    ["-2", "-2", -2],
    ["<0.5", "<0.5", null],
    ["> 1000", ">1000", null],
  ])("%s goes as %s", (text, value, amount) => {
    expect(read(text)).toEqual({ value, fault: null, amount });
  });

  it.each(["4,5", "1,50,000", "4.5.1", "high", "4.", "<", "1e3", "４"])("%s is refused", (text) => {
    expect(read(text)).toEqual({ value: null, fault: "notANumber", amount: null });
  });

  it("is nothing while the cell is empty", () => expect(read("  ")).toEqual({ value: null, fault: null, amount: null }));
});

it.each([
  ["1:80", "1:80", null],
  ["<1 : 40", "<1:40", null],
  ["80", null, "notATitre"],
  ["2:80", null, "notATitre"],
])("the titre %s is read as %s", (text, value, fault) => {
  expect(read(text, "titre")).toMatchObject({ value, fault });
});

it("takes a code that is a choice, and no other word", () => {
  expect(read("REACTIVE", "coded").value).toBe("REACTIVE");
  expect(read("reactive", "coded").fault).toBe("notAChoice");
});

describe("the hint beside a value", () => {
  it.each([
    ["2.5", "LL"],
    ["2.6", "L"],
    ["3.5", "N"],
    ["5.1", "N"],
    ["5.2", "H"],
    ["6.5", "HH"],
  ])("of %s is %s", (text, flag) => {
    expect(guessFlag(potassium, read(text))).toBe(flag);
  });

  it("is none for < and >, and where no range is known", () => {
    expect(guessFlag(potassium, read("<3"))).toBeNull();
    expect(guessFlag({ ...potassium, reference_low: null, reference_high: null, critical_low: null, critical_high: null }, read("4"))).toBeNull();
  });

  it("of an abnormal choice says so", () => {
    expect(guessFlag({ ...potassium, choices }, read("REACTIVE", "coded"))).toBe("A");
    expect(guessFlag({ ...potassium, choices }, read("NEGATIVE", "coded"))).toBe("N");
  });
});

describe("a value beyond belief", () => {
  it.each([
    ["45", true],
    ["0.45", true],
    ["-4", true],
    ["7.9", false],
    ["1.9", false],
    ["4.5", false],
    ["<0.1", false],
  ])("%s is asked about: %s", (text, asked) => {
    expect(isUnlikely(potassium, read(text))).toBe(asked);
  });

  it("is not every negative one where the scale goes below nothing", () => {
    const baseExcess = { reference_low: -2, reference_high: 3, critical_low: null, critical_high: null };
    expect(isUnlikely(baseExcess, read("-11"))).toBe(false);
    expect(isUnlikely(baseExcess, read("-110"))).toBe(true);
  });

  it("is none where nothing is known of the analyte", () => {
    expect(isUnlikely({ reference_low: null, reference_high: null, critical_low: null, critical_high: null }, read("99999"))).toBe(false);
  });
});
