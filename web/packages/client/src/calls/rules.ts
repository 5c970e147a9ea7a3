import { transport } from "../transport";
import type { RuleTuning } from "../types";

type Named = Record<string, unknown>;

export const rules = {
  list: (pack?: string, signal?: AbortSignal) => transport.send("GET", "/api/rules", { query: { pack, limit: 200 }, signal }).then((answer) => answer.data.results),
  /** What rules did on acts that went through, newest first. */
  firings: (query: { rule?: string; cursor?: string }, signal?: AbortSignal) =>
    transport.send("GET", "/api/rules/firings", { query: { ...query, limit: 50 }, signal }).then((answer) => answer.data),
  get: (code: string, signal?: AbortSignal) => transport.send("GET", "/api/rules/{code}", { path: { code }, signal }),
  tune: (code: string, body: RuleTuning, ifMatch: string | null) =>
    transport.send("PUT", "/api/rules/{code}", { path: { code }, body, ifMatch }).then((answer) => answer.data),
  test: (code: string, facts: Named, parameters: Named) =>
    transport.send("POST", "/api/rules/{code}/test", { path: { code }, body: { facts, parameters } }).then((answer) => answer.data),
};
