import { ApiError, type LabResult, type WorklistRow, lab } from "@hm/client";
import { useErrorText } from "@hm/ui";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDraft } from "../../app/drafts";
import { changed } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { useRuled } from "../../parts/RulesDialog";
import { type EntryDraft, bodyOf, emptyDraft, linesOf, standingOf } from "./entry";

export type EntryState = "empty" | "unsaved" | "partly" | "check" | "saving" | "saved" | "failed";

export const draftName = (orderItemId: string): string => `${orderItemId}.lab-result`;

interface Options {
  row: WorklistRow;
  /** A released result is being changed: a reason is asked for. */
  corrects?: boolean;
  onSaved?: (result: LabResult) => void;
}

/** What is typed into one test, kept in this browser until the server has it, and the act of saving it. */
export function useEntry({ row, corrects = false, onSaved }: Options) {
  const { t } = useTranslation();
  const text = useErrorText();
  const { me } = useWorkplace();
  const draft = useDraft<EntryDraft>(me.user.id, draftName(row.order_item_id), emptyDraft);
  const [own, setOwn] = useState<LabResult | null>(null);
  // of what this screen saved and what the list brought, the later version
  const result = own && own.version >= (row.result?.version ?? 0) ? own : row.result;
  const [refused, setRefused] = useState<{ error: Error; sent: string[] } | null>(null);
  const [tried, setTried] = useState(false);

  const lines = useMemo(() => linesOf(row, result, draft.value), [row, result, draft.value]);
  const standing = standingOf(lines);
  const comment = draft.value.comment ?? result?.comment ?? "";
  const dirty = standing.dirty || comment.trim() !== (result?.comment ?? "") || Boolean(draft.value.correction);
  const lacksReason = corrects && !draft.value.correction?.trim();

  const ruled = useRuled({
    act: (overrides) => {
      const body = bodyOf(row, lines, draft.value, comment.trim(), result?.version ?? 0);
      sent.current = body.values.map(({ code }) => code);
      return lab.enter(body, overrides);
    },
    onSuccess: (saved) => {
      overtaken.current = false;
      setOwn(saved);
      setRefused(null);
      setTried(false);
      draft.clear();
      onSaved?.(saved);
    },
    onError: (error) => {
      setRefused({ error, sent: sent.current });
      if (!(error instanceof ApiError && error.code === "lab.result_changed")) return;
      // somebody else was first: what they wrote is read, what is typed here stays, and only Save sends it again
      overtaken.current = true;
      draft.set({ ...now.current.draft.value, seen: undefined });
      void changed("lab");
    },
    onSettled: () => changed("orders", "tasks"),
  });
  const sent = useRef<string[]>([]);
  const overtaken = useRef(false);

  // what is kept of a key press outlives the drawing that it was pressed in
  const now = useRef({ draft, lines, standing, dirty, lacksReason, ruled, version: result?.version ?? 0 });
  useEffect(() => {
    now.current = { draft, lines, standing, dirty, lacksReason, ruled, version: result?.version ?? 0 };
  });

  const set = useCallback((change: (value: EntryDraft) => EntryDraft) => {
    const next = { ...change(now.current.draft.value), seen: now.current.draft.value.seen ?? now.current.version };
    // a second key may come before the next drawing
    now.current.draft = { ...now.current.draft, value: next };
    now.current.draft.set(next);
    if (!overtaken.current) setRefused(null);
  }, []);
  const type = useCallback((code: string, value: string) => set((old) => ({ ...old, values: { ...old.values, [code]: value } })), [set]);
  const chooseUnit = useCallback((code: string, unit: string) => set((old) => ({ ...old, units: { ...old.units, [code]: unit } })), [set]);
  const mean = useCallback((code: string, value: string) => set((old) => ({ ...old, meant: { ...old.meant, [code]: value.trim() } })), [set]);

  /** Sends what is typed; a value in doubt, a fault or a missing reason keeps it here. */
  const save = useCallback(() => {
    const { standing: at, dirty: differs, lacksReason: lacks, ruled: act } = now.current;
    setTried(true);
    if (act.pending || !differs || at.typedIn.length + at.withdrawn.length === 0 || at.faulty || at.doubted || lacks) return;
    act.run();
  }, []);
  /** On leaving a test: it is saved once everything in it is there. */
  const leave = useCallback(() => {
    if (!overtaken.current && now.current.standing.missing === 0 && now.current.dirty) save();
  }, [save]);

  const faultOf = (code: string): string | undefined => {
    const line = lines.find(({ analyte }) => analyte.code === code);
    if (line?.typed.fault) return t(`lab.entry.fault.${line.typed.fault}`);
    const at = refused?.sent.indexOf(code) ?? -1;
    if (!(refused?.error instanceof ApiError) || at < 0) return undefined;
    return refused.error.faults.find(({ location }) => location === `body.values[${at}]` || location.startsWith(`body.values[${at}].`) || location.startsWith(`body.values.${at}.`) || location === `body.values.${at}`)?.message;
  };
  const placed = lines.some(({ analyte }) => refused?.sent.includes(analyte.code) && faultOf(analyte.code) !== undefined);

  const state: EntryState = ruled.pending
    ? "saving"
    : refused
      ? "failed"
      : !dirty
        ? result
          ? "saved"
          : "empty"
        : standing.faulty || standing.doubted
          ? "check"
          : standing.missing > 0
            ? "partly"
            : "unsaved";

  return {
    result,
    lines,
    standing,
    state,
    comment,
    setComment: (value: string) => set((old) => ({ ...old, comment: value })),
    correction: draft.value.correction ?? "",
    setCorrection: (value: string) => set((old) => ({ ...old, correction: value })),
    correctionFault: tried && lacksReason ? t("lab.entry.correctionNeeded") : undefined,
    type,
    chooseUnit,
    mean,
    save,
    leave,
    faultOf,
    /** What was refused, where no cell says it. */
    error: refused && !placed ? text(refused.error) : null,
    restored: draft.restoredFrom !== null,
    throwAway: () => {
      draft.clear();
      overtaken.current = false;
      setRefused(null);
      setTried(false);
    },
    dialog: ruled.dialog,
  };
}

export type Entry = ReturnType<typeof useEntry>;
