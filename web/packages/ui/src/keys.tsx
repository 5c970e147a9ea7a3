import { type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";

export interface KeyBinding {
  /** `j`, `?`, `Enter`, `Escape`, `mod+Enter`, `mod+k` or a chord such as `g q`. */
  keys: string;
  /** What it does, for the sheet; without one it is not listed. */
  label?: string;
  run: (event: KeyboardEvent) => void;
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

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches("textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=button]), [role=combobox]"));

/** The name a binding uses for a key press. */
function pressed(event: KeyboardEvent): string {
  const mod = event.ctrlKey || event.metaKey ? "mod+" : "";
  return mod + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

/**
 * One listener for the whole app. The binding added last wins; while a dialog is open
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

    function onKeyDown(event: KeyboardEvent) {
      if (event.defaultPrevented || event.altKey || event.isComposing) return;
      const name = pressed(event);
      if (isTyping(event.target) && !name.startsWith("mod+") && name !== "Escape") return;
      if (name === "Enter" && event.target instanceof HTMLElement && event.target.closest("a, button, summary")) return;

      const started = chord.current;
      chord.current = null;
      if (started && event.timeStamp - started.at < chordTime) {
        const binding = find(`${started.first} ${name}`);
        if (binding) {
          event.preventDefault();
          binding.run(event);
          return;
        }
      }
      const startsChord = layers.current.some((layer) =>
        layer.current.bindings.some((binding) => binding.keys.startsWith(`${name} `)),
      );
      if (startsChord) {
        chord.current = { first: name, at: event.timeStamp };
        return;
      }
      const binding = find(name);
      if (!binding) return;
      event.preventDefault();
      binding.run(event);
    }

    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
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
