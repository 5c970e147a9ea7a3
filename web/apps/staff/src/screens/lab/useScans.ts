import { useEffect, useRef } from "react";
import { ScanWatch, barcodeOf } from "./scanned";

/**
 * Calls with every barcode that is scanned anywhere on the screen, whatever has the focus. A field that the scanner
 * wrote into gets back what it held. Nothing is told while a dialog is open: it asks something first.
 */
export function useScans(onScan: (barcode: string) => void): void {
  const tell = useRef(onScan);
  useEffect(() => {
    tell.current = onScan;
  });
  useEffect(() => {
    const watch = new ScanWatch();
    let before: { field: HTMLInputElement | HTMLTextAreaElement; value: string } | null = null;

    function onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key.length === 1 && watch.startsAt(event.timeStamp)) {
        const field = event.target;
        before = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? { field, value: field.value } : null;
      }
      const scanned = watch.feed(event.key, event.timeStamp);
      if (scanned === null || document.querySelector('[aria-modal="true"]') !== null) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (before && before.field === event.target) write(before.field, before.value);
      tell.current(barcodeOf(scanned));
    }

    // before the fields and the keys of the page: the Enter that ends a scan is not theirs
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);
}

/** Sets a field's value so that React hears of it as of typing. */
function write(field: HTMLInputElement | HTMLTextAreaElement, value: string) {
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, "value")!.set!.call(field, value);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
