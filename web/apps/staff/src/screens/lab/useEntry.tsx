import { ApiError, type LabResult, type WorklistRow, hasCode, lab } from "@hm/client";
import { toast, useErrorText } from "@hm/ui";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDraft } from "../../app/drafts";
import { changed, queryClient, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { useRuled } from "../../parts/RulesDialog";
import { type EntryDraft, bodyOf, emptyDraft, isJudgedAnew, linesOf, sameAs, standingOf, withdrawsWhatWasTold } from "./entry";

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
  /** Somebody else was first: what they wrote stands beside what is typed here, until one of both is chosen. */
  const overtaken = hasCode(refused?.error, "lab.result_changed");
  const [theirs, setTheirs] = useState<LabResult | null>(null);

  const lines = useMemo(() => linesOf(row, result, draft.value), [row, result, draft.value]);
  const standing = standingOf(lines);
  const comment = draft.value.comment ?? result?.comment ?? "";
  const dirty = standing.dirty || comment.trim() !== (result?.comment ?? "") || Boolean(draft.value.correction);
  // what nothing is changed in may be entered again all the same, when somebody asks for it
  const anew = isJudgedAnew(result);
  const needsReason = corrects || withdrawsWhatWasTold(result, standing);
  const lacksReason = needsReason && !draft.value.correction?.trim();

  const ruled = useRuled({
    act: (overrides) => {
      const { draft: kept, lines: typed, version, anew: again } = now.current;
      const body = bodyOf(row, typed, kept.value, comment.trim(), version, again);
      sent.current = body.values.map(({ code }) => code);
      return lab.enter(body, overrides);
    },
    onSuccess: (saved) => {
      settle(saved);
    },
    onError: (error) => {
      setRefused({ error, sent: sent.current });
      if (hasCode(error, "lab.result_changed")) void readTheirs();
    },
    onSettled: () => changed("orders", "tasks"),
  });
  const sent = useRef<string[]>([]);

  /** What the server has is what stands here: nothing typed is left. */
  function settle(saved: LabResult) {
    setOwn(saved);
    setTheirs(null);
    setRefused(null);
    setTried(false);
    draft.clear();
    onSaved?.(saved);
  }

  async function readTheirs() {
    try {
      const [latest] = await queryClient.fetchQuery({ ...read.labResults({ order_item_id: row.order_item_id, latest: true }), staleTime: 0 });
      if (!latest) return;
      const kept = now.current.draft.value;
      // the same in every value: there is nothing to choose
      if (sameAs(row, latest, kept)) return settle(latest);
      setOwn(latest);
      setTheirs(latest);
    } catch (error) {
      // what was typed stays; another try to save asks again
      toast.failed(error);
    }
    void changed("lab");
  }

  // what is kept of a key press outlives the drawing that it was pressed in
  const standingNow = { draft, lines, standing, dirty, anew, lacksReason, ruled, overtaken, theirs, version: result?.version ?? 0 };
  const now = useRef(standingNow);
  useEffect(() => {
    now.current = standingNow;
  });

  const set = useCallback((change: (value: EntryDraft) => EntryDraft) => {
    const next = { ...change(now.current.draft.value), seen: now.current.draft.value.seen ?? now.current.version };
    // a second key may come before the next drawing
    now.current.draft = { ...now.current.draft, value: next };
    now.current.draft.set(next);
    if (!now.current.overtaken) setRefused(null);
  }, []);
  const type = useCallback((code: string, value: string) => set((old) => ({ ...old, values: { ...old.values, [code]: value } })), [set]);
  const chooseUnit = useCallback((code: string, unit: string) => set((old) => ({ ...old, units: { ...old.units, [code]: unit } })), [set]);
  const mean = useCallback((code: string, value: string) => set((old) => ({ ...old, meant: { ...old.meant, [code]: value.trim() } })), [set]);

  /** Sends what is typed; a value in doubt, a fault or a missing reason keeps it here. */
  const save = useCallback(() => {
    // over what somebody else wrote nobody writes by pressing Enter once more
    if (now.current.theirs) return;
    const { standing: at, dirty: differs, anew: again, lacksReason: lacks, ruled: act } = now.current;
    setTried(true);
    if (act.pending || (!differs && !again) || at.typedIn.length + at.withdrawn.length === 0 || at.faulty || at.doubted || lacks) return;
    act.run();
  }, []);
  /** On leaving a test: it is saved once everything in it is there. */
  const leave = useCallback(() => {
    if (!now.current.overtaken && now.current.standing.missing === 0 && now.current.dirty) save();
  }, [save]);

  /** What is typed here becomes the version after theirs. */
  const keepMine = () => {
    if (!theirs) return;
    const next = { ...now.current.draft.value, seen: theirs.version };
    now.current = { ...now.current, draft: { ...now.current.draft, value: next }, overtaken: false, theirs: null };
    draft.set(next);
    setTheirs(null);
    setRefused(null);
    save();
  };
  const takeTheirs = () => {
    if (theirs) settle(theirs);
  };
  const takeOne = (code: string) => {
    const { [code]: _value, ...values } = now.current.draft.value.values;
    const { [code]: _unit, ...units } = now.current.draft.value.units;
    const next = { ...now.current.draft.value, values, units };
    if (theirs && sameAs(row, theirs, next)) settle(theirs);
    else set((old) => ({ ...old, values, units }));
  };

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
    /** Not without a reason: who read the version before must be told why. */
    needsReason,
    correctionFault: tried && lacksReason ? t(corrects ? "lab.entry.correctionNeeded" : "lab.entry.withdrawalNeeded") : undefined,
    type,
    chooseUnit,
    mean,
    save,
    leave,
    faultOf,
    /** What was refused, where no cell says it. */
    error: refused && !placed ? text(refused.error) : null,
    restored: draft.restoredFrom !== null,
    /** The version of somebody else that stands against what is typed here, and the ways on. */
    overtakenBy: theirs,
    keepMine,
    takeTheirs,
    takeOne,
    throwAway: () => {
      draft.clear();
      setTheirs(null);
      setRefused(null);
      setTried(false);
    },
    dialog: ruled.dialog,
  };
}

export type Entry = ReturnType<typeof useEntry>;
