import { describe, expect, it, vi } from "vitest";
import type { ApiPath, RepertoryAnalysis, RepertoryEdition, RepertoryRubric } from "@hm/client";
import { type Chosen, added, analyse, bookPath, emitted, readBook, readRubrics, readSheet, rubricsPath, sameTop } from "./repertory";

const fear: Chosen = { rubric_id: "r1", path: "Mind, fear, death, of", weight: 3, eliminate: true };
const thirst: Chosen = { rubric_id: "r2", path: "Stomach, thirst, small quantities", weight: 1, eliminate: false };
const ars = { remedy: "Arsenicum album", abbreviation: "Ars.", total: 12, coverage: 2, grades: [3, 3] };
const acon = { remedy: "Aconitum", abbreviation: "Acon.", total: 9, coverage: 1, grades: [3, 0] };

describe("the sheet", () => {
  it("gives rubrics, method, the best and words, and reads them back", () => {
    const value = emitted({ rubrics: [fear, thirst], method: "coverage", top: [ars, acon] }, "none");
    expect(value.summary).toBe("Ars. 12/2, Acon. 9/1 ← Mind, fear, death, of ×3!; Stomach, thirst, small quantities ×1");
    expect(value.top).toEqual([{ remedy: "Arsenicum album", abbreviation: "Ars.", total: 12, coverage: 2 }, { remedy: "Aconitum", abbreviation: "Acon.", total: 9, coverage: 1 }]);
    expect(readSheet(value)).toEqual({ rubrics: [fear, thirst], method: "coverage", top: [{ ...ars, grades: [] }, { ...acon, grades: [] }] });
  });

  it("keeps ten remedies and says five", () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ ...ars, abbreviation: `R${index}` }));
    const value = emitted({ rubrics: [fear], method: "total", top: many }, "none");
    expect(value.top).toHaveLength(10);
    expect(value.summary).toContain("R4 12/2");
    expect(value.summary).not.toContain("R5 ");
  });

  it("says no more than a line of a record holds, the result first", () => {
    const many = Array.from({ length: 60 }, (_, index) => ({ ...fear, rubric_id: `r${index}` }));
    const { summary } = emitted({ rubrics: many, method: "total", top: [ars] }, "none");
    expect(summary).toHaveLength(500);
    expect(summary).toMatch(/^Ars. 12\/2 ← Mind.*…$/);
  });

  it("reads a strange value as an empty sheet, and keeps weights within 1 to 4", () => {
    expect(readSheet("x")).toEqual({ rubrics: [], method: "total", top: [] });
    expect(readSheet({ rubrics: [{ rubric_id: "a", weight: 9 }, { rubric_id: "b", weight: 0 }, { path: "no id" }], method: "other" }).rubrics.map(({ weight }) => weight)).toEqual([4, 1]);
    expect(emitted({ rubrics: [], method: "total", top: [] }, "none").summary).toBe("none");
  });

  it("adds a rubric once", () => {
    const rubric = { id: "r1", path: "Mind" };
    const once = added([], rubric);
    expect(once).toEqual([{ rubric_id: "r1", path: "Mind", weight: 1, eliminate: false }]);
    expect(added(once, rubric)).toBe(once);
  });
});

describe("the server's repertory", () => {
  it("is searched by words, within a chapter when one is chosen", () => {
    expect(rubricsPath("fear death", "")).toBe("/api/repertory/rubrics?q=fear+death");
    expect(rubricsPath("fear", "Mind")).toBe("/api/repertory/rubrics?q=fear&chapter=Mind");
    const found: RepertoryRubric[] = [{ id: "r1", chapter: "MIND", path: "FEAR, death, of", see: null, remedies_count: 4 }, { id: "r2", chapter: "", path: "Thirst", see: "STOMACH", remedies_count: 0 }];
    expect(readRubrics({ results: [...found, {}] })).toEqual([
      { id: "r1", path: "MIND, FEAR, death, of", see: "", remedies: 4 },
      { id: "r2", path: "Thirst", see: "STOMACH", remedies: 0 },
    ]);
    const book: RepertoryEdition = { edition: { id: "1", source: "sample.tsv", rubrics: 2, remedies: 3, gradings: 4, imported_at: "2026-03-01T00:00:00Z" }, chapters: [{ chapter: "MIND", rubrics: 2 }] };
    expect(readBook(book)).toEqual({ present: true, chapters: ["MIND"] });
    expect(readBook({ edition: null, chapters: [] } satisfies RepertoryEdition)).toEqual({ present: false, chapters: [] });
  });

  it("weighs what is chosen, and is not asked for nothing", async () => {
    const weighed: RepertoryAnalysis = { method: "total", remedies: [ars, { ...acon, grades: [5, -1] }], rubrics: [], excluded: [] };
    const fetch = vi.fn().mockResolvedValue(weighed);
    const { signal } = new AbortController();
    expect(await analyse(fetch, [], "total", signal)).toEqual([]);
    expect(fetch).not.toHaveBeenCalled();
    expect(await analyse(fetch, [fear, thirst], "total", signal)).toEqual([ars, { ...acon, grades: [5, 0] }]);
    expect(fetch).toHaveBeenCalledWith("/api/repertory/analyses", { method: "POST", body: { rubrics: [{ rubric_id: "r1", weight: 3, eliminate: true }, { rubric_id: "r2", weight: 1, eliminate: false }], method: "total" }, signal });
  });

  it("is asked at addresses that the server has", () => {
    expect([bookPath, rubricsPath("x", "").split("?")[0], "/api/repertory/analyses"]).toEqual(["/api/repertory", "/api/repertory/rubrics", "/api/repertory/analyses"] satisfies ApiPath[]);
  });

  it("tells a new result from the same one", () => {
    expect(sameTop([ars], [{ ...ars, grades: [] }])).toBe(true);
    expect(sameTop([ars], [acon])).toBe(false);
  });
});
