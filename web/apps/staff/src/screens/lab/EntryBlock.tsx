import { Button, Textarea, UnstyledButton } from "@mantine/core";
import type { LabResult, WorklistRow } from "@hm/client";
import { StatusChip, type Tone } from "@hm/ui";
import { MessageSquarePlus } from "lucide-react";
import { type FocusEvent, type KeyboardEvent, memo, useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Due, PriorityChip } from "../../parts/lab/Due";
import { LabPatientLine } from "../../parts/lab/LabPatientLine";
import type { Cell, Move } from "./cells";
import css from "./EntryBlock.module.css";
import { EntryLines } from "./EntryLines";
import { Overtaken } from "./Overtaken";
import { type Entry, type EntryState, useEntry } from "./useEntry";
import { useNear } from "./useNear";

interface BlockProps {
  row: WorklistRow;
  /** Not listed any more, but typed into here. */
  gone?: boolean;
  onMove: (from: Cell, move: Move) => boolean;
  onSaved?: (result: LabResult) => void;
}

/** One test on the bench: whose it is, and its values. Leaving it saves it once all is there; Ctrl+Enter saves it now. */
export const EntryBlock = memo(function EntryBlock({ row, gone = false, onMove, onSaved }: BlockProps) {
  const { t } = useTranslation();
  const entry = useEntry({ row, onSaved });
  const block = useRef<HTMLElement>(null);
  const height = useRef(0);
  const [inside, setInside] = useState(false);
  const [commenting, setCommenting] = useState(false);
  const near = useNear(block, inside);
  if (near && block.current) height.current = block.current.offsetHeight;
  const { save, leave } = entry;

  const move = useCallback(
    (from: Cell, by: Move) => {
      // below the last value there is nowhere to go: Enter there means that all is said
      if (!onMove(from, by) && by === "next") save();
    },
    [onMove, save],
  );

  function onBlur(event: FocusEvent<HTMLElement>) {
    if (event.currentTarget.contains(event.relatedTarget)) return;
    setInside(false);
    // a dialog of rules takes the focus for itself; the page as a whole may have lost it
    if (!gone && !entry.dialog) leave();
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    save();
    const last = row.analytes.findLast(({ calculated }) => !calculated);
    if (last) onMove({ item: row.order_item_id, code: last.code }, "next");
  }

  return (
    <article
      ref={block}
      id={`test-${row.order_item_id}`}
      className={css.block}
      aria-label={t("lab.entry.value", { name: row.name, patient: row.patient.full_name })}
      data-state={entry.state}
      data-urgent={row.priority === "STAT" || undefined}
      style={near ? undefined : { blockSize: height.current || guessedHeight(row) }}
      onFocus={() => setInside(true)}
      onBlur={onBlur}
      onKeyDown={onKeyDown}
    >
      {near ? (
        <>
          <div className={css.who}>
            <LabPatientLine patient={row.patient} />
            <div className={css.test}>
              <bdi className={css.testName}>{row.name}</bdi> <bdi className={css.barcode}>{row.sample.barcode}</bdi>
              <PriorityChip priority={row.priority} />
              <Due at={row.due_at} />
            </div>
          </div>
          <div className={css.values}>
            <EntryLines item={row.order_item_id} patient={row.patient.full_name} entry={entry} onMove={move} />
            <Comment entry={entry} name={row.name} patient={row.patient.full_name} opened={commenting} />
            <Reason entry={entry} />
          </div>
          <div className={css.standing}>
            <StateChip entry={entry} />
            {entry.state === "saved" && entry.result?.is_critical ? <StatusChip tone="critical">{t("lab.verify.critical")}</StatusChip> : null}
            {entry.state === "saved" || entry.state === "empty" || entry.overtakenBy ? null : (
              <Button className={css.saveButton} size="compact-xs" variant="default" tabIndex={-1} aria-label={t("lab.entry.saveTest", { name: row.name, patient: row.patient.full_name })} loading={entry.state === "saving"} onClick={save}>
                {t("lab.entry.save")}
              </Button>
            )}
            {commenting || entry.comment ? null : <AddComment name={row.name} patient={row.patient.full_name} onAdd={() => setCommenting(true)} />}
          </div>
          <Notes entry={entry} gone={gone} />
        </>
      ) : null}
      {entry.dialog}
    </article>
  );
});

/** Before it was ever drawn: a head of three lines, or a line for each value. */
const guessedHeight = (row: WorklistRow): number => Math.max(72, row.analytes.length * 32 + 16);

const tones: Record<Exclude<EntryState, "empty">, Tone> = { unsaved: "neutral", partly: "neutral", check: "warn", saving: "progress", saved: "ok", failed: "critical" };

export function StateChip({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const { state, standing, lines } = entry;
  if (state === "empty") return null;
  const all = lines.filter(({ analyte }) => !analyte.calculated).length;
  return (
    <span role="status">
      <StatusChip tone={tones[state]}>{t(`lab.entry.state.${state}`, { done: all - standing.missing, all })}</StatusChip>
    </span>
  );
}

/** What is to be said of the test as a whole. */
export function Notes({ entry, gone = false }: { entry: Entry; gone?: boolean }) {
  const { t } = useTranslation();
  const unsaved = entry.state !== "saved" && entry.state !== "empty" && entry.state !== "saving";
  // where two versions stand side by side, the ways on are there
  if (entry.overtakenBy) {
    return (
      <div className={css.notes}>
        <Overtaken entry={entry} />
      </div>
    );
  }
  const restored = entry.restored && unsaved;
  if (!entry.error && !gone && !restored) return null;
  return (
    <div className={css.notes}>
      {entry.error ? (
        <p className={css.note} data-tone="critical" role="alert">
          {entry.error}
        </p>
      ) : null}
      {gone && unsaved ? (
        <p className={css.note} data-tone="warn">
          {t("lab.entry.gone")}
        </p>
      ) : null}
      {restored || (gone && unsaved) ? (
        <p className={css.note}>
          {restored ? `${t("lab.entry.restored")} ` : ""}
          <UnstyledButton className={css.throwAway} onClick={entry.throwAway}>
            {t("lab.entry.throwAway")}
          </UnstyledButton>
        </p>
      ) : null}
    </div>
  );
}

/** Why a version takes another's place, where who read that one must be told. */
export function Reason({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  if (!entry.needsReason) return null;
  return <Textarea label={t("lab.entry.correction")} autosize minRows={2} maxLength={1000} value={entry.correction} onChange={(event) => entry.setCorrection(event.currentTarget.value)} error={entry.correctionFault} withAsterisk />;
}

/** A word on the whole test; out of the way until somebody has one. */
export function Comment({ entry, name, patient, opened }: { entry: Entry; name: string; patient: string; opened: boolean }) {
  const { t } = useTranslation();
  if (!opened && entry.comment === "") return null;
  return <Textarea className={css.comment} size="xs" autosize autoFocus={opened} minRows={1} maxLength={4000} aria-label={`${t("lab.entry.comment")}: ${name}, ${patient}`} placeholder={t("lab.entry.comment")} value={entry.comment} onChange={(event) => entry.setComment(event.currentTarget.value)} />;
}

export function AddComment({ name, patient, onAdd }: { name: string; patient: string; onAdd: () => void }) {
  const { t } = useTranslation();
  return (
    <UnstyledButton className={css.addComment} tabIndex={-1} aria-label={`${t("lab.entry.addComment")}: ${name}, ${patient}`} onClick={onAdd}>
      <MessageSquarePlus size={13} aria-hidden /> {t("lab.entry.addComment")}
    </UnstyledButton>
  );
}
