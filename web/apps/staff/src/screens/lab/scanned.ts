/** A scanner writes a key every few milliseconds; nobody types eight characters as fast as this. */
const burstGap = 45;
/** In a field, where people type numbers quickly, a scan is told by its length too. */
const shortestScan = 8;

/**
 * Tells a scanner from a typist by the time between keys. Fed with every key of the page, also those typed into
 * fields: a tube may be scanned while the cursor stands among the values of another.
 */
export class ScanWatch {
  private written = "";
  private last = Number.NEGATIVE_INFINITY;

  /** The text that a scanner has just ended, with Enter or Tab; null for any other key. `at` in milliseconds. */
  feed(key: string, at: number): string | null {
    const inBurst = at - this.last <= burstGap;
    this.last = at;
    if (key === "Enter" || key === "Tab") {
      const scanned = this.written;
      this.written = "";
      return inBurst && scanned.length >= shortestScan ? scanned : null;
    }
    if (key.length !== 1) {
      // a scanner holds Shift for capital letters
      if (key !== "Shift") this.written = "";
      return null;
    }
    this.written = inBurst ? this.written + key : key;
    return null;
  }

  /** Whether this key begins anew: what a field holds now, it held before a scan. */
  startsAt(at: number): boolean {
    return at - this.last > burstGap;
  }
}

/** A barcode as it is looked for: scanners add spaces and what their symbology needs at the end. */
export const barcodeOf = (scanned: string): string => scanned.replaceAll(/[\s\u0000-\u001f]/g, "");
