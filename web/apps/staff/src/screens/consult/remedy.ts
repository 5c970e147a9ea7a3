import type { WorkflowStep } from "@hm/client";
import type { PadTab } from "../../app/router";

export interface Remedy {
  to: PadTab | "vitals" | "task";
  template?: string;
}

const ofKind: Record<string, Remedy> = {
  VITALS: { to: "vitals" },
  ASSESSMENT: { to: "assessment" },
  PLAN: { to: "assessment" },
  NOTE: { to: "note" },
};

/** Where a missing task or document is done, as the workflow says; other tasks stand in the visit's own list. */
export function remedyOf(kind: "task" | "document", code: string, steps: WorkflowStep[]): Remedy {
  if (kind === "document") return { to: "documents", template: code };
  const completion = steps.find((step) => step.code === code)?.completed_by;
  if (completion?.template) return { to: "documents", template: completion.template };
  return ofKind[completion?.kind ?? ""] ?? { to: "task" };
}
