import { ApiError } from "./errors";

/** A rule that held an act back, as the refusal names it. */
export interface FiredRule {
  code: string;
  severity: "info" | "warning" | "safety";
  message: string;
  /** Whether this person may pass it by a reason. */
  overridable: boolean;
}

/** Passing a rule: the body field `overrides` of every act that meets rules. */
export interface Override {
  rule: string;
  reason: string;
}

/** What an act that went through was warned of: the field `warnings` of its answer. */
export interface Warning {
  code: string;
  severity: string;
  message: string;
}

/** What rules said of an act that went through; empty when they said nothing. */
export function warningsOf(answer: unknown): Warning[] {
  if (typeof answer !== "object" || answer === null || !("warnings" in answer) || !Array.isArray(answer.warnings)) return [];
  return answer.warnings as Warning[];
}

/** The rules behind a refusal; empty when the refusal has other grounds. */
export function rulesOf(error: unknown): FiredRule[] {
  if (!(error instanceof ApiError) || error.status !== 409 || !Array.isArray(error.problem.rules)) return [];
  return error.problem.rules.flatMap((one: unknown) => {
    if (typeof one !== "object" || one === null) return [];
    const { code, severity, message, overridable } = one as Record<string, unknown>;
    if (typeof code !== "string" || typeof message !== "string") return [];
    return [{ code, message, severity: severity === "info" || severity === "warning" ? severity : "safety", overridable: overridable === true }];
  });
}
