import { CloseButton } from "@mantine/core";
import { ApiError } from "@hm/client";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { RequestId, useErrorText } from "./States";
import { type Tone, ToneMark } from "./StatusChip";
import css from "./toast.module.css";

interface Toast {
  id: number;
  tone: Tone;
  text?: string;
  error?: unknown;
}

let toasts: Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: Toast[]) {
  toasts = next;
  for (const listener of listeners) listener();
}

const dismiss = (id: number) => set(toasts.filter((other) => other.id !== id));

function add(toast: Omit<Toast, "id">, milliseconds: number | null) {
  const id = nextId++;
  set([...toasts.slice(-3), { ...toast, id }]);
  if (milliseconds !== null) setTimeout(() => dismiss(id), milliseconds);
}

export const toast = {
  done: (text: string) => add({ tone: "ok", text }, 4_000),
  warn: (text: string) => add({ tone: "warn", text }, 8_000),
  /** Stays until dismissed when the server failed, so that the request id can be read out. */
  failed: (error: unknown) => add({ tone: "critical", error }, error instanceof ApiError && error.status < 500 ? 10_000 : null),
};

export function Toasts() {
  const { t } = useTranslation();
  const text = useErrorText();
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className={css.toasts} role="status" aria-live="polite">
      {shown.map((one) => (
        <div key={one.id} className={css.toast} data-tone={one.tone}>
          <ToneMark tone={one.tone} />
          <div className={css.text}>
            {one.text ?? text(one.error)}
            <RequestId error={one.error} />
          </div>
          <CloseButton size="sm" aria-label={t("ui.close")} onClick={() => dismiss(one.id)} />
        </div>
      ))}
    </div>
  );
}
