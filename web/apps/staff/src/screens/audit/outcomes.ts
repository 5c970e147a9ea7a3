import type { AuditEvent } from "@hm/client";
import type { Tone } from "@hm/ui";

export const outcomeTones: Record<AuditEvent["outcome"], Tone> = { ok: "ok", refused: "warn", failed: "critical" };
