/** A scanner writes a key every few milliseconds; nobody types eight characters as fast as this. */
const burstGap = 45;
/** A busy computer or a radio link may hold a key up. Only after a longer pause do keys begin anew: half a barcode would be another tube's. */
const pause = 250;
/** So many keys come in time for each that was held up. */
const inTimePerHeldUp = 4;
/** In a field, where people type numbers quickly, a scan is told by its length too. */
const shortestScan = 8;

/**
 * Tells a scanner from a typist by the time between keys. Fed with every key of the page, also those typed into
 * fields: a tube may be scanned while the cursor stands among the values of another.
 */
export class ScanWatch {
  private written = "";
  private heldUp = 0;
  private last = Number.NEGATIVE_INFINITY;

  /** The text that a scanner has just ended, with Enter or Tab; null for any other key. `at` in milliseconds. */
  feed(key: string, at: number): string | null {
    if (this.startsAt(at)) this.forget();
    else if (at - this.last > burstGap) this.heldUp++;
    this.last = at;
    if (key === "Enter" || key === "Tab") {
      const { written, heldUp } = this;
      this.forget();
      return written.length >= shortestScan && heldUp * inTimePerHeldUp <= written.length ? written : null;
    }
    if (key.length === 1) this.written += key;
    // a scanner holds Shift for capital letters
    else if (key !== "Shift") this.forget();
    return null;
  }

  /** Whether this key begins anew: what a field holds now, it held before a scan. */
  startsAt(at: number): boolean {
    return this.written === "" || at - this.last > pause;
  }

  private forget() {
    this.written = "";
    this.heldUp = 0;
  }
}

/** A barcode as it is looked for: scanners add spaces and what their symbology needs at the end. */
export const barcodeOf = (scanned: string): string => scanned.replaceAll(/[\s\u0000-\u001f]/g, "");
