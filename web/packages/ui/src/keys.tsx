import { type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";

export interface KeyBinding {
  /** `j`, `?`, `Enter`, `Escape`, `mod+Enter`, `mod+k`, a chord such as `g q`, or `scan` for a scanner's burst. */
  keys: string;
  /** What it does, for the sheet; without one it is not listed. */
  label?: string;
  /** `scanned` is what a scanner wrote, for the binding of `scan`. */
  run: (event: KeyboardEvent, scanned: string) => void;
}

interface Layer {
  bindings: KeyBinding[];
  overlay: boolean;
}

interface Registry {
  add: (layer: { current: Layer }) => () => void;
  listed: () => { keys: string; label: string }[];
}

const KeysContext = createContext<Registry | null>(null);
const chordTime = 900;
/** A scanner writes a key every few milliseconds; nobody types outside a field this fast. */
const burstGap = 50;
const shortestScan = 5;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button]), [role=combobox]"));

const isWritten = (event: KeyboardEvent): boolean => event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey;

/** The name a binding uses for a key press. */
function pressed(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? "mod+" : "";
  return mod + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

/**
 * The keyboard of the whole app. The binding added last wins; while a dialog is open
 * only its own bindings live, and inside an input only Escape and those with Ctrl.
 */
export function KeysProvider({ children }: { children: ReactNode }) {
  const layers = useRef<{ current: Layer }[]>([]);
  const chord = useRef<{ first: string; at: number } | null>(null);
  const [, countLayers] = useState(0);

  useEffect(() => {
    function find(name: string): KeyBinding | undefined {
      const inDialog = document.querySelector('[aria-modal="true"]') !== null;
      for (const layer of layers.current.toReversed()) {
        if (inDialog && !layer.current.overlay) continue;
        const binding = layer.current.bindings.find((candidate) => candidate.keys === name);
        if (binding) return binding;
      }
      return undefined;
    }

    const startsChord = (name: string) => layers.current.some((layer) => layer.current.bindings.some((binding) => binding.keys.startsWith(`${name} `)));

    /** What the key means by itself or as the end of a chord. */
    function act(event: KeyboardEvent, name: string) {
      const started = chord.current;
      chord.current = null;
      const inTime = started !== null && event.timeStamp - started.at < chordTime;
      const binding = (inTime ? find(`${started.first} ${name}`) : undefined) ?? (startsChord(name) ? undefined : find(name));
      if (binding) {
        event.preventDefault();
        binding.run(event, "");
      } else if (startsChord(name)) {
        chord.current = { first: name, at: event.timeStamp };
      }
    }

    // Written keys wait a moment: those of a scanner's burst must not each do what a key does.
    let burst: KeyboardEvent[] = [];
    let pause: ReturnType<typeof setTimeout> | undefined;

    function flush() {
      clearTimeout(pause);
      const keys = burst;
      burst = [];
      if (keys.length < shortestScan) for (const key of keys) act(key, pressed(key));
    }

    function onKeyDown(event: KeyboardEvent) {
      const name = pressed(event);
      // a list that opens takes every Enter for itself, also the one with Ctrl that saves the form
      if ((event.defaultPrevented && name !== "mod+Enter") || event.altKey || event.isComposing) return;
      if (isTyping(event.target) && !name.startsWith("mod+") && name !== "Escape") {
        flush();
        return;
      }
      if (isWritten(event)) {
        // the browser's own use of the key, such as searching the page, is ours to stop now or never
        if (find(name) || startsChord(name) || chord.current) event.preventDefault();
        burst.push(event);
        clearTimeout(pause);
        pause = setTimeout(flush, burstGap);
        return;
      }
      if (event.key === "Shift") return;
      flush();
      if (name === "Enter" && event.target instanceof HTMLElement && event.target.closest("a, button, summary")) return;
      act(event, name);
    }

    /** Comes before the rows and buttons of the page: the Enter that ends a scan is not theirs. */
    function onScanEnd(event: KeyboardEvent) {
      if (event.key !== "Enter" || burst.length < shortestScan) return;
      const scanned = burst.map(({ key }) => key).join("");
      burst = [];
      clearTimeout(pause);
      event.preventDefault();
      event.stopPropagation();
      find("scan")?.run(event, scanned);
    }

    document.addEventListener("keydown", onScanEnd, { capture: true });
    document.addEventListener("keydown", onKeyDown);
    return () => {
      clearTimeout(pause);
      document.removeEventListener("keydown", onScanEnd, { capture: true });
      document.removeEventListener("keydown", onKeyDown);
    };
  }, []);

  const add = useCallback((layer: { current: Layer }) => {
    layers.current.push(layer);
    countLayers((count) => count + 1);
    return () => {
      layers.current = layers.current.filter((other) => other !== layer);
    };
  }, []);

  const registry = useMemo<Registry>(
    () => ({
      add,
      listed: () => {
        const seen = new Map<string, string>();
        for (const layer of layers.current.toReversed()) {
          for (const { keys, label } of layer.current.bindings) if (label && !seen.has(keys)) seen.set(keys, label);
        }
        return [...seen].map(([keys, label]) => ({ keys, label })).reverse();
      },
    }),
    [add],
  );

  return <KeysContext value={registry}>{children}</KeysContext>;
}

function useRegistry(): Registry {
  const registry = useContext(KeysContext);
  if (!registry) throw new Error("KeysProvider is missing");
  return registry;
}

/** Binds keys while the component stands. `overlay` marks bindings that belong to a dialog. */
export function useKeys(bindings: KeyBinding[], { overlay = false } = {}): void {
  const { add } = useRegistry();
  const layer = useRef<Layer>({ bindings, overlay });
  useEffect(() => {
    layer.current = { bindings, overlay };
  });
  useEffect(() => add(layer), [add]);
}

export function useListedKeys(): () => { keys: string; label: string }[] {
  return useRegistry().listed;
}
