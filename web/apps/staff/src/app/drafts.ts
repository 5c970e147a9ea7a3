import { useCallback, useRef, useState } from "react";

const prefix = "hm.draft.";
const longestLife = 48 * 60 * 60 * 1000;

interface Kept<T> {
  at: number;
  value: T;
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
 * key names user, encounter and form, so that nobody meets another person's words.
 */
export function useDraft<T>(key: string, empty: T): Draft<T> {
  const [state, setState] = useState(() => start(key, empty));
  const emptyValue = useRef(empty);

  const set = useCallback(
    (value: T) => {
      setState((old) => ({ ...old, value }));
      try {
        localStorage.setItem(prefix + key, JSON.stringify({ at: Date.now(), value } satisfies Kept<T>));
      } catch {
        // a full disk must not stop the typing
      }
    },
    [key],
  );

  const clear = useCallback(() => {
    localStorage.removeItem(prefix + key);
    setState({ value: emptyValue.current, restoredFrom: null });
  }, [key]);

  return { value: state.value, set, restoredFrom: state.restoredFrom, clear };
}

function start<T>(key: string, empty: T): { value: T; restoredFrom: Date | null } {
  const kept = readKept<T>(prefix + key);
  if (!kept || JSON.stringify(kept.value) === JSON.stringify(empty)) return { value: empty, restoredFrom: null };
  return { value: kept.value, restoredFrom: new Date(kept.at) };
}

function readKept<T>(name: string): Kept<T> | null {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? "null") as Kept<T> | null;
    return kept && Date.now() - kept.at < longestLife ? kept : null;
  } catch {
    return null;
  }
}

/** Drops drafts that nobody came back for. */
export function sweepDrafts(): void {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(prefix) && readKept(name) === null) localStorage.removeItem(name);
  }
}
