import type { ReactNode } from "react";
import css from "./StatusChip.module.css";

export type Tone = "neutral" | "info" | "progress" | "ok" | "warn" | "critical";

/** A shape for each tone, so that colour is never the only sign. */
const shapes: Record<Tone, ReactNode> = {
  neutral: <circle cx="5" cy="5" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  info: <circle cx="5" cy="5" r="3.75" fill="currentColor" />,
  progress: (
    <>
      <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M5 1.5a3.5 3.5 0 0 1 0 7z" fill="currentColor" />
    </>
  ),
  ok: <path d="M1.5 5.2 4 7.7l4.5-5.2" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" />,
  warn: <path d="M5 1 9.4 8.8H.6z" fill="currentColor" />,
  critical: <path d="M5 .4 9.6 5 5 9.6.4 5z" fill="currentColor" />,
};

export function ToneMark({ tone }: { tone: Tone }) {
  return (
    <svg className={css.mark} viewBox="0 0 10 10" aria-hidden="true">
      {shapes[tone]}
    </svg>
  );
}

/** A status: always word, shape and colour together. */
export function StatusChip({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={css.chip} data-tone={tone}>
      <ToneMark tone={tone} />
      {children}
    </span>
  );
}
