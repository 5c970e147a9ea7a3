import { clipped, isRecord, list, number, record, records, text } from "../parts/read";
import type { RepertoryCase } from "@hm/client";
import type { Emitted, Host } from "../host";

export const methods = ["total", "coverage", "small_rubrics"] as const;
export type Method = (typeof methods)[number];

/** A rubric that a search found. */
export interface Rubric {
  id: string;
  /** From the chapter down, as a repertory writes it. */
  path: string;
  /** Another rubric to look under, where the book says so. */
  see: string;
  /** How many remedies stand in it; null when the answer does not tell. */
  remedies: number | null;
}

/** A rubric that the case is weighed by. */
export interface Chosen {
  rubric_id: string;
  path: string;
  /** 1 to 4. */
  weight: number;
  /** A remedy that is not in this rubric is out. */
  eliminate: boolean;
}

export interface Remedy {
  remedy: string;
  abbreviation: string;
  total: number;
  /** In how many of the rubrics it stands. */
  coverage: number;
  /** 0 to 3 for each rubric (5 in some books), in their order; empty when only the result is known. */
  grades: number[];
}

export interface Sheet {
  rubrics: Chosen[];
  method: Method;
  top: Remedy[];
}

/** So many remedies are kept with the record. */
const kept = 10;

export function readSheet(value: unknown): Sheet {
  const source = record(value);
  return {
    rubrics: records(source.rubrics).flatMap((one) => (text(one.rubric_id) ? [{ rubric_id: text(one.rubric_id), path: text(one.path) || text(one.rubric_id), weight: clamp(number(one.weight) ?? 1), eliminate: one.eliminate === true }] : [])),
    method: methods.find((one) => one === source.method) ?? "total",
    top: records(source.top).map(readRemedy),
  };
}

const clamp = (weight: number): number => Math.min(4, Math.max(1, Math.round(weight)));

function readRemedy(one: Record<string, unknown>): Remedy {
  const name = isRecord(one.remedy) ? text(one.remedy.name) : text(one.remedy);
  return { remedy: name, abbreviation: text(one.abbreviation) || name, total: number(one.total) ?? 0, coverage: number(one.coverage) ?? 0, grades: list(one.grades).map((grade) => Math.max(0, number(grade) ?? 0)) };
}

export function readRubrics(answer: unknown): Rubric[] {
  return records(isRecord(answer) ? answer.results : answer).flatMap((one) => {
    const id = text(one.id);
    return id ? [{ id, path: [text(one.chapter), text(one.path)].filter(Boolean).join(", ") || id, see: text(one.see), remedies: number(one.remedies_count) }] : [];
  });
}

export function rubricsPath(query: string, chapter: string): string {
  return `/api/repertory/rubrics?${new URLSearchParams({ q: query, ...(chapter ? { chapter } : {}) })}`;
}

export const bookPath = "/api/repertory";

/** Whether the tenant has a book at all, and its chapters in their order. */
export function readBook(answer: unknown): { present: boolean; chapters: string[] } {
  return { present: isRecord(record(answer).edition), chapters: records(record(answer).chapters).map((one) => text(one.chapter)).filter(Boolean) };
}

/** Asks the server to weigh the remedies: the arithmetic is its, over the whole repertory. */
export async function analyse(fetch: Host["fetch"], rubrics: Chosen[], method: Method, signal: AbortSignal): Promise<Remedy[]> {
  if (rubrics.length === 0) return [];
  const body = { rubrics: rubrics.map(({ rubric_id, weight, eliminate }) => ({ rubric_id, weight, eliminate })), method } satisfies Partial<RepertoryCase>;
  return records(record(await fetch("/api/repertory/analyses", { method: "POST", body, signal })).remedies).map(readRemedy);
}

export function added(rubrics: Chosen[], { id, path }: Pick<Rubric, "id" | "path">): Chosen[] {
  return rubrics.some(({ rubric_id }) => rubric_id === id) ? rubrics : [...rubrics, { rubric_id: id, path, weight: 1, eliminate: false }];
}

export function emitted({ rubrics, method, top }: Sheet, nothing: string): Emitted {
  const best = top.slice(0, kept).map(({ remedy, abbreviation, total, coverage }) => ({ remedy, abbreviation, total, coverage }));
  const said = best.slice(0, 5).map(({ abbreviation, total, coverage }) => `${abbreviation} ${Number(total.toFixed(2))}/${coverage}`);
  const weighed = rubrics.map(({ path, weight, eliminate }) => `${path} ×${weight}${eliminate ? "!" : ""}`);
  // the result first: it is what must not be cut off
  return { rubrics, method, top: best, summary: rubrics.length === 0 ? nothing : clipped([said.join(", "), weighed.join("; ")].filter(Boolean).join(" ← ")) };
}

export const sameTop = (a: Remedy[], b: Remedy[]): boolean => JSON.stringify(emitted({ rubrics: [], method: "total", top: a }, "").top) === JSON.stringify(emitted({ rubrics: [], method: "total", top: b }, "").top);
