import { describe, expect, it } from "vitest";
import { type Cell, choiceFor, moveOf, moved } from "./cells";

const cell = (item: string, code: string): Cell => ({ item, code });
const cells = [cell("a", "NA"), cell("a", "K"), cell("b", "TSH"), cell("c", "HGB"), cell("c", "WBC"), cell("c", "PLT")];

describe("a move", () => {
  it.each([
    ["next", cell("a", "K"), cell("b", "TSH")],
    ["previous", cell("b", "TSH"), cell("a", "K")],
    ["nextTest", cell("a", "NA"), cell("b", "TSH")],
    ["nextTest", cell("b", "TSH"), cell("c", "HGB")],
    ["previousTest", cell("c", "PLT"), cell("b", "TSH")],
    ["previousTest", cell("b", "TSH"), cell("a", "NA")],
    ["first", cell("c", "WBC"), cell("a", "NA")],
    ["last", cell("a", "NA"), cell("c", "PLT")],
  ] as const)("%s", (move, from, to) => {
    expect(moved(cells, from, move)).toEqual(to);
  });

  it.each([
    ["next", cell("c", "PLT")],
    ["nextTest", cell("c", "HGB")],
    ["previous", cell("a", "NA")],
    ["previousTest", cell("a", "K")],
    ["next", cell("x", "GONE")],
  ] as const)("%s ends where nothing follows", (move, from) => {
    expect(moved(cells, from, move)).toBeNull();
  });

  it("down and up again comes back, from anywhere", () => {
    for (const from of cells) {
      const down = moved(cells, from, "next");
      if (down) expect(moved(cells, down, "previous")).toEqual(from);
    }
  });

  it("goes from the first cell through all of them by Enter", () => {
    const seen: Cell[] = [];
    for (let at: Cell | null = cells[0]!; at; at = moved(cells, at, "next")) seen.push(at);
    expect(seen).toEqual(cells);
  });
});

describe("a key", () => {
  const pressed = (key: string, held: Partial<Record<"shiftKey" | "ctrlKey" | "metaKey" | "altKey", boolean>> = {}) => moveOf({ key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...held });
  it.each([
    ["Enter", {}, "next"],
    ["Enter", { shiftKey: true }, "previous"],
    ["ArrowUp", {}, "previous"],
    ["PageDown", {}, "nextTest"],
    ["Home", { ctrlKey: true }, "first"],
    // saves the test, and is no move
    ["Enter", { ctrlKey: true }, null],
    // opens a list
    ["ArrowDown", { altKey: true }, null],
    // stay within what is typed
    ["ArrowLeft", {}, null],
    ["Home", {}, null],
    ["5", {}, null],
  ] as const)("%s with %o is %s", (key, held, move) => {
    expect(pressed(key, held)).toBe(move);
  });
});

describe("a letter", () => {
  const choices = [
    { code: "NEG", title: "Negative" },
    { code: "TRACE", title: "Trace" },
    { code: "P1", title: "1+" },
    { code: "NR", title: "Nonreactive" },
  ];
  it("leads to the first that begins with it, then to the next, round and round", () => {
    expect(choiceFor(choices, "", "n")?.code).toBe("NEG");
    expect(choiceFor(choices, "NEG", "N")?.code).toBe("NR");
    expect(choiceFor(choices, "NR", "n")?.code).toBe("NEG");
  });
  it("may be a figure", () => expect(choiceFor(choices, "", "1")?.code).toBe("P1"));
  it("leads nowhere where none fits", () => expect(choiceFor(choices, "NEG", "x")).toBeNull());
});
