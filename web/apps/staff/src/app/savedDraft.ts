import { ApiError, NetworkError } from "@hm/client";
import { useCallback, useEffect, useRef, useState } from "react";
import { type Kept, forget, keep, nameOf, readKept, same } from "./drafts";

/**
 * typing: on this device only, the pause has not come yet. saved: the server has it. offline:
 * the server cannot be reached, it is tried again. refused: the server does not take it as
 * it is. conflict: the server has another's words, and nothing is written over them unasked.
 */
export type Saving = "clean" | "typing" | "saving" | "saved" | "offline" | "refused" | "conflict";

/** A value with the version of it that the server has; null while it has none. */
export interface Versioned<T> {
  value: T;
  version: string | null;
}

interface SavedDraftOptions<T> {
  userId: string;
  /** Names the patient or visit and the form, as `useDraft` does. */
  form: string;
  /** What the server had when the form was opened. */
  start: Versioned<T>;
  /** What the server has now; asked when it has moved on. */
  load: () => Promise<Versioned<T>>;
  /** Writes over `version` and no other (412 otherwise); answers the new one. */
  save: (value: T, version: string | null) => Promise<string>;
  onRefused?: (error: ApiError) => void;
}

export interface SavedDraft<T> {
  value: T;
  set: (value: T) => void;
  saving: Saving;
  savedAt: Date | null;
  /** When the words now shown were typed in an earlier visit to this form and never reached the server. */
  restoredFrom: Date | null;
  /** Words on this device that were typed over another version than the server's: shown only when asked for. */
  offered: Date | null;
  /** Takes the offered words, or the server's in a conflict, onto the screen. */
  takeOffered: () => void;
  dropOffered: () => void;
  takeTheirs: () => Promise<void>;
  /** Writes what is on the screen over what the server has. */
  keepMine: () => Promise<void>;
  /** Has the server save what is on the screen now; throws what it says. */
  flush: () => Promise<void>;
  /** Lets what is on its way to the server arrive, and sends nothing after it. */
  rest: () => Promise<void>;
  /** Signed, or thrown away: forget it everywhere on this device. */
  clear: () => void;
  /** Back to what the server has. */
  revert: () => void;
}

export const pauseBeforeSaving = 800;
const firstRetry = 3_000;
const longestRetry = 60_000;

/**
 * A form's words, on the device at every keystroke and on the server at every pause. Whatever
 * happens to the connection, the session or the browser, they are here again.
 */
export function useSavedDraft<T>(options: SavedDraftOptions<T>): SavedDraft<T> {
  const { userId, form, start } = options;
  const name = nameOf(userId, form);
  const given = useRef(options);
  given.current = options;
  const [first] = useState(() => begin(name, start));
  const [value, setValue] = useState(first.value);
  const [saving, setSaving] = useState<Saving>(first.restoredFrom ? "typing" : "clean");
  const [savedAt, setSavedAt] = useState<Date | null>(null);
  const [restoredFrom, setRestoredFrom] = useState(first.restoredFrom);
  const [offered, setOffered] = useState(first.offered);

  // what is true now, for acts that outlive a drawing
  const now = useRef({ value, server: start, saving: saving as Saving, over: false, gone: false, retry: firstRetry });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const chain = useRef<Promise<unknown>>(Promise.resolve());
  const tell = useCallback((state: Saving) => {
    now.current.saving = state;
    setSaving(state);
  }, []);

  /** One after the other, never two at once. */
  const write = useCallback((): Promise<void> => {
    clearTimeout(timer.current);
    const next = chain.current.then(async () => {
      const { value: meant, server, over } = now.current;
      if (over || same(meant, server.value)) return;
      tell("saving");
      try {
        const version = await given.current.save(meant, server.version);
        now.current.server = { value: meant, version };
        now.current.retry = firstRetry;
        if (now.current.over) return;
        const rest = readKept<T>(name);
        if (rest && same(rest.value, meant)) forget(name);
        else if (rest) keep(name, { ...rest, base: version });
        setSavedAt(new Date());
        setRestoredFrom(null); // what was restored is now on the server like the rest
        tell(same(now.current.value, meant) ? "saved" : "typing");
      } catch (error) {
        if (error instanceof ApiError && error.status === 412) tell("conflict");
        else if (error instanceof NetworkError || (error instanceof ApiError && (error.status >= 500 || error.status === 401 || error.status === 429))) {
          tell("offline");
          // once the form is left, the device keeps it until somebody opens it again
          if (!now.current.gone) timer.current = setTimeout(() => void write().catch(() => {}), now.current.retry);
          now.current.retry = Math.min(now.current.retry * 2, longestRetry);
        } else {
          tell("refused");
          if (error instanceof ApiError) given.current.onRefused?.(error);
        }
        throw error;
      }
    });
    chain.current = next.catch(() => {});
    return next;
  }, [name, tell]);

  const later = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void write().catch(() => {}), pauseBeforeSaving);
  }, [write]);

  const set = useCallback(
    (next: T) => {
      now.current.value = next;
      setValue(next);
      const { server } = now.current;
      if (same(next, server.value)) forget(name);
      else keep(name, { at: Date.now(), value: next, base: server.version });
      if (now.current.saving === "conflict") return;
      if (now.current.saving !== "saving") tell("typing");
      later();
    },
    [later, name, tell],
  );

  const show = useCallback((next: T) => {
    now.current.value = next;
    setValue(next);
  }, []);

  const clear = useCallback(() => {
    now.current.over = true;
    clearTimeout(timer.current);
    forget(name);
    setRestoredFrom(null);
    setOffered(null);
  }, [name]);

  const revert = useCallback(() => {
    clearTimeout(timer.current);
    forget(name);
    setRestoredFrom(null);
    show(now.current.server.value);
    tell("clean");
  }, [name, show, tell]);

  // the connection is back, or the tab is about to be left: no pause is waited for
  useEffect(() => {
    const attempt = () => {
      if (now.current.saving === "typing" || now.current.saving === "offline") void write().catch(() => {});
    };
    const hidden = () => document.visibilityState === "hidden" && attempt();
    now.current.gone = false;
    window.addEventListener("online", attempt);
    document.addEventListener("visibilitychange", hidden);
    return () => {
      window.removeEventListener("online", attempt);
      document.removeEventListener("visibilitychange", hidden);
      attempt();
      now.current.gone = true;
      clearTimeout(timer.current);
    };
  }, [later, write]);

  return {
    value,
    set,
    saving,
    savedAt,
    restoredFrom,
    offered: offered ? new Date(offered.at) : null,
    takeOffered: () => {
      if (offered) set(offered.value);
      setOffered(null);
    },
    dropOffered: () => {
      setOffered(null);
      if (same(now.current.value, now.current.server.value)) forget(name);
    },
    takeTheirs: async () => {
      now.current.server = await given.current.load();
      revert();
    },
    keepMine: async () => {
      const theirs = await given.current.load();
      now.current.server = theirs;
      tell("typing");
      await write();
    },
    flush: write,
    rest: async () => {
      clearTimeout(timer.current);
      await chain.current;
    },
    clear,
    revert,
  };
}

/** Words typed over what the server still has go on by themselves; over anything else they are offered. */
function begin<T>(name: string, start: Versioned<T>): { value: T; restoredFrom: Date | null; offered: Kept<T> | null } {
  const kept = readKept<T>(name);
  if (!kept || same(kept.value, start.value)) return { value: start.value, restoredFrom: null, offered: null };
  if ((kept.base ?? null) === start.version) return { value: kept.value, restoredFrom: new Date(kept.at), offered: null };
  return { value: start.value, restoredFrom: null, offered: kept };
}
