import { ApiError, type LabSample, lab } from "@hm/client";
import { useErrorText } from "@hm/ui";
import { useCallback, useEffect, useRef, useState } from "react";
import { changed } from "../../app/queries";
import { type OutcomeKind, type ScanMode, doneBy, stepFor } from "./outcome";

export interface Outcome {
  key: number;
  at: string;
  barcode: string;
  kind: OutcomeKind;
  sample: LabSample | null;
  message?: string;
}

const remembered = 50;
/** Somebody else was first. */
const overtaken = new Set(["lab.illegal_transition", "lab.changed"]);

/** Works scans off one after the other, however fast they come, and remembers how each went. */
export function useReceiving(mode: ScanMode, location: string) {
  const text = useErrorText();
  const [outcomes, setOutcomes] = useState<Outcome[]>([]);
  const [waiting, setWaiting] = useState(0);
  const line = useRef<Promise<unknown>>(Promise.resolve());
  const count = useRef(0);
  const now = useRef({ mode, location, text });
  useEffect(() => {
    now.current = { mode, location, text };
  });

  const scan = useCallback((barcode: string) => {
    if (barcode === "") return;
    const { mode: meant, location: place } = now.current;
    setWaiting((before) => before + 1);
    line.current = line.current.then(async () => {
      const outcome = await work(barcode, meant, place).catch((error: unknown) => ({ kind: "failed" as const, sample: null, message: now.current.text(error) }));
      setOutcomes((before) => [{ key: ++count.current, at: new Date().toISOString(), barcode, ...outcome }, ...before].slice(0, remembered));
      setWaiting((before) => before - 1);
      void changed("lab", "tasks", "orders");
    });
  }, []);

  /** A sample has moved on by another act of this screen. */
  const update = useCallback((sample: LabSample) => setOutcomes((before) => before.map((one) => (one.sample?.id === sample.id ? { ...one, sample } : one))), []);

  return { scan, update, outcomes, busy: waiting > 0 };
}

async function find(barcode: string): Promise<LabSample | null> {
  const { results } = await lab.samples({ barcode, limit: 2 });
  // a scanner reads what is printed, to the letter
  return results.find((sample) => sample.barcode === barcode) ?? null;
}

async function work(barcode: string, mode: ScanMode, location: string): Promise<{ kind: OutcomeKind; sample: LabSample | null }> {
  const sample = await find(barcode);
  const step = stepFor(mode, sample);
  if (!("act" in step) || !sample) return { kind: "act" in step ? "unknown" : step.outcome, sample };
  try {
    const moved = await (step.act === "receive" ? lab.receive(sample.id) : step.act === "store" ? lab.store(sample.id, location) : lab.discard(sample.id));
    return { kind: doneBy[step.act], sample: moved };
  } catch (error) {
    // somebody was first: tell how it stands now, not that something went wrong
    if (!(error instanceof ApiError) || !overtaken.has(error.code)) throw error;
    const now = await lab.sample(sample.id);
    const left = stepFor(mode, now);
    return { kind: "outcome" in left ? left.outcome : "failed", sample: now };
  }
}
