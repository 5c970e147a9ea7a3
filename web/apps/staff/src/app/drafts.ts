import { useCallback, useRef, useState } from "react";

const prefix = "hm.draft.";
const longestLife = 48 * 60 * 60 * 1000;

export interface Kept<T> {
  at: number;
  value: T;
  /** The version on the server that it was typed over; none for what the server never had. */
  base?: string | null;
}

export interface Draft<T> {
  value: T;
  set: (value: T) => void;
  /** When the text now shown was typed in an earlier visit to this form; null otherwise. */
  restoredFrom: Date | null;
  /** Saved, or thrown away: forget it. */
  clear: () => void;
}

/**
 * Text kept in this browser at every keystroke, until it is saved or thrown away. The
 * key begins with the user's id, so that nobody meets another person's words, and names
 * the patient or visit and the form.
 */
export function useDraft<T>(userId: string, form: string, empty: T): Draft<T> {
  const name = nameOf(userId, form);
  const [state, setState] = useState(() => start(name, empty));
  const emptyValue = useRef(empty);

  const set = useCallback(
    (value: T) => {
      setState((old) => ({ ...old, value }));
      if (same(value, emptyValue.current)) forget(name);
      else keep(name, { at: Date.now(), value });
    },
    [name],
  );

  const clear = useCallback(() => {
    localStorage.removeItem(name);
    setState({ value: emptyValue.current, restoredFrom: null });
  }, [name]);

  return { value: state.value, set, restoredFrom: state.restoredFrom, clear };
}

export const nameOf = (userId: string, form: string): string => `${prefix}${userId}.${form}`;

export function keep<T>(name: string, kept: Kept<T>): void {
  try {
    localStorage.setItem(name, JSON.stringify(kept));
  } catch {
    // a full disk must not stop the typing
  }
}

export const forget = (name: string): void => localStorage.removeItem(name);

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function start<T>(name: string, empty: T): { value: T; restoredFrom: Date | null } {
  const kept = readKept<T>(name);
  if (!kept || same(kept.value, empty)) return { value: empty, restoredFrom: null };
  return { value: kept.value, restoredFrom: new Date(kept.at) };
}

export function readKept<T>(name: string): Kept<T> | null {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? "null") as Kept<T> | null;
    return kept && Date.now() - kept.at < longestLife ? kept : null;
  } catch {
    return null;
  }
}

/** How many forms of this user hold words that were never saved. */
export function unsavedDrafts(userId: string): number {
  return namesOf(userId).filter((name) => readKept(name) !== null).length;
}

/** Somebody leaves this browser: none of their patients' data stays behind in it. */
export function wipeDrafts(userId: string): void {
  for (const name of namesOf(userId)) localStorage.removeItem(name);
}

/** Drops drafts that nobody came back for. */
export function sweepDrafts(): void {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(prefix) && readKept(name) === null) localStorage.removeItem(name);
  }
}

const namesOf = (userId: string): string[] => Object.keys(localStorage).filter((name) => name.startsWith(`${prefix}${userId}.`));
