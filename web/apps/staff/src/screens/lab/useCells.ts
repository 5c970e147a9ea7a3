import type { WorklistRow } from "@hm/client";
import { useCallback, useEffect, useRef } from "react";
import { type Cell, type Move, cellId, moved } from "./cells";

/** Moves the cursor among the values of several tests. Tells whether there was anywhere to go. */
export function useCells(rows: readonly WorklistRow[]): { move: (from: Cell, by: Move) => boolean; focus: (cell: Cell) => void } {
  const cells = useRef<Cell[]>([]);
  useEffect(() => {
    cells.current = rows.flatMap((row) => row.analytes.filter(({ calculated }) => !calculated).map(({ code }) => ({ item: row.order_item_id, code })));
  }, [rows]);

  const focus = useCallback((cell: Cell) => focusCell(cell), []);
  const move = useCallback((from: Cell, by: Move) => {
    const to = moved(cells.current, from, by);
    if (to) focusCell(to);
    return to !== null;
  }, []);
  return { move, focus };
}

/** A test far away is drawn when it comes near: its cell is there a moment later. Who has gone elsewhere meanwhile stays there. */
function focusCell(cell: Cell, tries = 30, from: Element | null = document.activeElement): void {
  if (document.activeElement !== from) return;
  const element = document.getElementById(cellId(cell));
  if (element) {
    element.focus();
    element.scrollIntoView({ block: "nearest" });
  } else if (tries > 0) {
    document.getElementById(`test-${cell.item}`)?.scrollIntoView({ block: "center" });
    requestAnimationFrame(() => focusCell(cell, tries - 1, from));
  }
}
