import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import css from "./parts.module.css";

interface StepsProps {
  label: string;
  value: number | undefined;
  /** How the value is written when the field is left. */
  show: (value: number) => string;
  /** The next value, so many steps away. */
  step: (value: number | undefined, steps: number) => number;
  onChange: (value: number | undefined) => void;
  low: number;
  high: number;
  fault?: string;
  readOnly?: boolean;
  /** Grows the visible label away where a column's head says it. */
  className?: string;
}

/** A number that the arrow keys, Page Up and Page Down, and the wheel step; it can be typed as well. */
export function Steps({ label, value, show, step, onChange, low, high, fault, readOnly = false, className }: StepsProps) {
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const latest = useRef({ value, step, onChange });
  useEffect(() => {
    latest.current = { value, step, onChange };
  });

  function move(steps: number) {
    setTyped(null);
    latest.current.onChange(latest.current.step(latest.current.value, steps));
  }

  // React's own wheel events cannot keep the page from scrolling
  useEffect(() => {
    const element = input.current;
    if (!element || readOnly) return;
    const onWheel = (event: WheelEvent) => {
      if (document.activeElement !== element || event.deltaY === 0) return;
      event.preventDefault();
      move(event.deltaY < 0 ? 1 : -1);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [readOnly]);

  function onKeyDown(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowUp: 1, ArrowDown: -1, PageUp: 4, PageDown: -4 };
    const by = steps[event.key];
    if (by === undefined || readOnly) return;
    event.preventDefault();
    move(by);
  }

  const unreadable = typed !== null && typed.trim() !== "" && read(typed) === null;
  return (
    <input
      ref={input}
      className={`${css.input} ${css.figures} ${className ?? ""}`}
      role="spinbutton"
      aria-label={label}
      aria-valuemin={low}
      aria-valuemax={high}
      aria-valuenow={value ?? (low > 0 ? low : 0)}
      aria-valuetext={value === undefined ? "–" : show(value)}
      aria-invalid={unreadable || fault !== undefined || undefined}
      aria-readonly={readOnly || undefined}
      title={fault}
      readOnly={readOnly}
      inputMode="decimal"
      autoComplete="off"
      dir="ltr"
      value={typed ?? (value === undefined ? "" : show(value))}
      onFocus={(event) => event.currentTarget.select()}
      onKeyDown={onKeyDown}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        // what cannot be read is nothing: a figure that is no longer seen must not stay recorded
        onChange(text.trim() === "" ? undefined : (read(text) ?? undefined));
      }}
      onBlur={() => {
        if (!unreadable) setTyped(null);
      }}
    />
  );
}

function read(typed: string): number | null {
  const text = typed.trim().replace("−", "-").replace(",", ".");
  if (/^(pl|plano)$/i.test(text)) return 0;
  return /^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : null;
}
