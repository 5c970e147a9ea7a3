import type { PadTab } from "../../app/router";

export interface Remedy {
  to: PadTab | "vitals" | "task";
  template?: string;
}

/** Tasks whose work is done on a known part of the pad. */
const places: Record<string, Remedy> = {
  "record-vitals": { to: "vitals" },
  "doctor-consult": { to: "assessment" },
};

/** Where a missing task or document is done; other tasks stand in the visit's own list. */
export function remedyOf(kind: "task" | "document", code: string): Remedy {
  if (kind === "document") return { to: "documents", template: code };
  return places[code] ?? { to: "task" };
}
