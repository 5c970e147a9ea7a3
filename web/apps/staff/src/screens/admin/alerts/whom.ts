import type { AlertStep } from "@hm/client";

export const targetKinds = ["role", "team", "duty"] as const;
export type TargetKind = (typeof targetKinds)[number];

/** A step as its form has it. */
export interface StepDraft {
  minutes: number | string;
  kind: TargetKind;
  code: string | null;
}

/** Whom a step is for: exactly one of its three fields says so. */
export function draftOf(step: AlertStep): StepDraft {
  const kind = targetKinds.find((one) => step[`to_${one}`] !== undefined) ?? "role";
  return { minutes: step.after_minutes, kind, code: step[`to_${kind}`] ?? null };
}

/** The step to send; null while something is missing. */
export function stepOf({ minutes, kind, code }: StepDraft): AlertStep | null {
  const after = Number(minutes);
  if (!Number.isInteger(after) || after < 1 || after > 10_080 || !code) return null;
  return { after_minutes: after, [`to_${kind}`]: code };
}
