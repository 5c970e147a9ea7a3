/** A value of a test that somebody types: a cell of the bench. */
export interface Cell {
  /** The order's item. */
  item: string;
  code: string;
}

export type Move = "next" | "previous" | "nextTest" | "previousTest" | "first" | "last";

/** The DOM id under which a cell is found. */
export const cellId = ({ item, code }: Cell): string => `cell-${item}-${code}`;

/** Where a move leads; null where there is nothing in that direction. `cells` stand in the order of the screen. */
export function moved(cells: readonly Cell[], from: Cell, move: Move): Cell | null {
  if (move === "first") return cells[0] ?? null;
  if (move === "last") return cells.at(-1) ?? null;
  const at = cells.findIndex(({ item, code }) => item === from.item && code === from.code);
  if (at < 0) return null;
  switch (move) {
    case "next":
      return cells[at + 1] ?? null;
    case "previous":
      return cells[at - 1] ?? null;
    case "nextTest":
      return cells.slice(at).find(({ item }) => item !== from.item) ?? null;
    case "previousTest": {
      const before = cells.slice(0, at).findLast(({ item }) => item !== from.item);
      // to the first cell of the test above, where one begins to read it
      return before ? (cells.find(({ item }) => item === before.item) ?? null) : null;
    }
  }
}

interface Pressed {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** What a key means in a cell; null for a key that writes, or that the browser has a use for. */
export function moveOf({ key, shiftKey, ctrlKey, metaKey, altKey }: Pressed): Move | null {
  if (altKey) return null;
  if (ctrlKey || metaKey) return key === "Home" ? "first" : key === "End" ? "last" : null;
  switch (key) {
    case "Enter":
      return shiftKey ? "previous" : "next";
    case "ArrowDown":
      return "next";
    case "ArrowUp":
      return "previous";
    case "PageDown":
      return "nextTest";
    case "PageUp":
      return "previousTest";
    default:
      return null;
  }
}

/**
 * The choice that a written letter leads to: the next one that begins with it, by title or code, round and round; null
 * where none does.
 */
export function choiceFor<Choice extends { code: string; title: string }>(choices: readonly Choice[], current: string, letter: string): Choice | null {
  const sought = letter.toLowerCase();
  const fitting = choices.filter(({ code, title }) => title.toLowerCase().startsWith(sought) || code.toLowerCase().startsWith(sought));
  const at = fitting.findIndex(({ code }) => code === current);
  return fitting[(at + 1) % fitting.length] ?? null;
}
