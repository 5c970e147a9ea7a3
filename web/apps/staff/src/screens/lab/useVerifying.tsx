import { ApiError, type CriticalCall, type LabResult, lab, rulesOf } from "@hm/client";
import { toast, useErrorText } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { changed } from "../../app/queries";
import { useRuled } from "../../parts/RulesDialog";
import { type Act, type Waiting, inTurn, wasMovedOn } from "./waiting";

/** How many requests of a batch are on their way together. */
const together = 4;

interface Options {
  onResult: (result: LabResult) => void;
  /** One was released, not many. */
  onReleased: (result: LabResult) => void;
  /** The list no longer tells the truth. */
  onStale: () => void;
}

/** The acts of the verify queue, one result or many. */
export function useVerifying({ onResult, onReleased, onStale }: Options) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map());
  // said beside the list: a toast would lie over the buttons that the hand is at
  const [said, setSaid] = useState<string | null>(null);
  const [batch, setBatch] = useState<{ act: Act; done: number; all: number } | null>(null);

  const why = useCallback(
    (error: unknown, act: Act): string => {
      if (wasMovedOn(error, act)) return t("lab.verify.overtaken");
      const rules = rulesOf(error);
      if (rules.length > 0) return rules.map(({ message }) => message).join(" ");
      return text(error);
    },
    [t, text],
  );
  const note = useCallback((item: string, reason: string | null) => {
    setRefused((before) => {
      const after = new Map(before);
      if (reason === null) after.delete(item);
      else after.set(item, reason);
      return after;
    });
  }, []);
  const failed = useCallback(
    (item: string, error: unknown, act: Act) => {
      note(item, why(error, act));
      if (error instanceof ApiError && error.status === 409) {
        if (wasMovedOn(error, act)) toast.warn(t("lab.verify.overtaken"));
        onStale();
      } else if (!(error instanceof ApiError)) toast.failed(error);
    },
    [note, why, onStale, t],
  );
  const done = useCallback(
    (result: LabResult) => {
      note(result.order_item_id, null);
      onResult(result);
    },
    [note, onResult],
  );
  const settled = useCallback(() => changed("orders", "tasks", "encounters"), []);

  const verify = useMutation({
    mutationFn: ({ result, call }: { result: LabResult; call?: CriticalCall }) => lab.verify(result.id, call),
    onSuccess: done,
    onError: (error, { result }) => failed(result.order_item_id, error, "verify"),
    onSettled: settled,
  });

  // the act is asked again with reasons, of the same result
  const releasing = useRef<LabResult | null>(null);
  const release = useRuled({
    act: (overrides) => lab.release(releasing.current!.id, overrides),
    onSuccess: (result) => {
      onReleased(result);
      done(result);
      setSaid(t("lab.verify.released", { name: result.name, patient: result.patient.full_name }));
    },
    onError: (error) => failed(releasing.current!.order_item_id, error, "release"),
    onSettled: settled,
  });

  async function many(act: Act, rows: Waiting[]) {
    if (batch || rows.length === 0) return;
    let count = 0;
    let lost = 0;
    setBatch({ act, done: 0, all: rows.length });
    await inTurn(rows, together, async ({ result }) => {
      try {
        done(act === "verify" ? await lab.verify(result.id) : await lab.release(result.id));
      } catch (error) {
        lost++;
        note(result.order_item_id, why(error, act));
      }
      setBatch({ act, done: ++count, all: rows.length });
    });
    setBatch(null);
    await settled();
    if (lost > 0) {
      toast.warn(t("lab.verify.someRefused", { count: lost }));
      onStale();
    } else setSaid(t(`lab.verify.many.${act}`, { count: rows.length }));
  }

  return {
    verify: (result: LabResult, call?: CriticalCall) => {
      if (!verify.isPending) verify.mutate({ result, call });
    },
    release: (result: LabResult) => {
      if (release.pending) return;
      releasing.current = result;
      release.run();
    },
    busy: verify.isPending || release.pending || batch !== null,
    dialog: release.dialog,
    /** What was done last. */
    said,
    /** Why an act was refused, by the order's item. */
    refused,
    batch,
    many,
  };
}
