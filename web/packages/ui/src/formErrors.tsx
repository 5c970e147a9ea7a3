import { ApiError } from "@hm/client";
import { RequestId, useErrorText } from "./States";
import { ToneMark } from "./StatusChip";
import css from "./formErrors.module.css";

export interface FieldFaults {
  /** The message of a field, for its `error` property. */
  of: (field: string) => string | undefined;
  /** Messages that belong to no field on this form. */
  rest: string[];
}

/**
 * Brings each fault of a refused request to its field: `body.bp_systolic` to
 * `bp_systolic`, `body.payload.score` to `payload.score`.
 */
export function fieldFaults(error: unknown, fields: readonly string[]): FieldFaults {
  const byField = new Map<string, string>();
  const rest: string[] = [];
  if (error instanceof ApiError) {
    for (const { location, message } of error.faults) {
      const place = location.replace(/^body\.?/, "");
      const field = fields.find((name) => name === place) ?? fields.find((name) => place.startsWith(`${name}.`) || place.startsWith(`${name}[`));
      if (!field) rest.push(place ? `${place}: ${message}` : message);
      else if (!byField.has(field)) byField.set(field, message);
    }
  }
  return { of: (field) => byField.get(field), rest };
}

/** Brings the first field with a fault under the hand, once its message stands. */
export function focusFirstFault(form: HTMLElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

/** Above the buttons of a form: what was refused, where no field could say it. */
export function FormError({ error, faults }: { error: unknown; faults?: FieldFaults }) {
  const text = useErrorText();
  if (!error) return null;
  return (
    <div className={css.formError} role="alert">
      <ToneMark tone="critical" />
      <div>
        <div>{text(error)}</div>
        {faults?.rest.map((line) => <div key={line}>{line}</div>)}
        <RequestId error={error} />
      </div>
    </div>
  );
}
