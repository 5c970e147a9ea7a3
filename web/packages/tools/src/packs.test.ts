import { type Schema, Validator } from "@cfworker/json-schema";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emitted as bodyMap, readFindings } from "./body_map/shapes";
import type { Emitted } from "./host";
import { radarData } from "./radar/geometry";
import { emitted as refraction } from "./refraction_grid/refraction";
import { isBuiltIn } from "./registry";
import { emitted as rubrics } from "./rubric_grid/repertory";
import { readGrid } from "./time_grid/grid";
import { readSeries } from "./trend/chart";
import { withInterval } from "./waveform/intervals";

interface Placed {
  tool: string;
  at: "page" | "field";
  field?: string;
  bind?: Record<string, unknown>;
  config?: Record<string, unknown>;
}

interface Template {
  code: string;
  schema: Schema & { properties: Record<string, Schema> };
  computed?: { name: string }[] | null;
  tools?: Placed[] | null;
}

// the templates of the built-in packs, as the server gives them to frontends
const folder = join(import.meta.dirname, "../../../../modules/packs/testdata/documents");
const placed = readdirSync(folder).flatMap((file) =>
  (JSON.parse(readFileSync(join(folder, file), "utf8")) as Template[]).flatMap((template) => (template.tools ?? []).map((tool) => [`${file.replace(".json", "")} ${template.code} ${tool.tool}`, template, tool] as const)),
);

it("finds the packs' tools", () => {
  expect(placed.length).toBeGreaterThan(5);
});

describe.each(placed)("%s", (_, template, tool) => {
  const names = new Set([...Object.keys(template.schema.properties), ...(template.computed ?? []).map(({ name }) => name)]);
  const config = tool.config ?? {};

  it("is built in, and stands at a field that there is", () => {
    expect(isBuiltIn(tool.tool)).toBe(true);
    if (tool.at === "field") expect(names.has(tool.field!)).toBe(true);
    for (const name of Object.values(tool.bind ?? {}).flat()) expect(names.has(String(name)), String(name)).toBe(true);
  });

  it("is configured so that it shows something", () => {
    switch (tool.tool) {
      case "radar": {
        const { axes, series } = radarData(tool.bind ?? {}, config, {}, {}, "en");
        expect(axes.length).toBeGreaterThanOrEqual(3);
        expect(axes.every(Boolean)).toBe(true);
        for (const one of series) expect(one.values).toHaveLength(axes.length);
        return;
      }
      case "time_grid": {
        const { parameters, bands } = readGrid(config, "en");
        expect(parameters.length).toBeGreaterThan(1);
        for (const { code, system, bands: own } of parameters) expect([code, system, own.length > 1].every(Boolean), code).toBe(true);
        expect(bands.length).toBeGreaterThan(1);
        return;
      }
      case "trend":
        expect((config.observations as unknown[]).map((one) => readSeries(one, "en").code).every(Boolean)).toBe(true);
        return;
      case "body_map":
        expect(readFindings(config, "en").every(({ code, title }) => code && title)).toBe(true);
        return;
      default:
        expect(["waveform", "refraction_grid", "rubric_grid", "score_grid"]).toContain(tool.tool);
    }
  });

  const given = gives(tool.tool);
  it.runIf(tool.at === "field")("gives a value that the field's schema takes", () => {
    const { properties } = template.schema;
    const alone = { ...template.schema, required: [tool.field!], properties: { [tool.field!]: properties[tool.field!]! } };
    const { errors } = new Validator(alone, "2020-12", false).validate({ [tool.field!]: given });
    expect(errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`)).toEqual([]);
  });
});

/** A full value of each tool that edits a field. */
function gives(tool: string): Emitted | null {
  switch (tool) {
    case "refraction_grid":
      return refraction({ od: { sphere: -1.25, cylinder: -0.5, axis: 90, add: 2, prism: 2, base: "in", va: "6/9-2" }, os: { sphere: 0.75, va: "CF" }, pd: 62, vd: 12 });
    case "waveform":
      return { synthetic: { seed: 7, rhythm: "sinus", rate: 84 }, measurements: withInterval(withInterval({}, "rr_ms", 714), "qt_ms", 380), summary: "ECG: Rate 84/min" };
    case "rubric_grid":
      return rubrics({ rubrics: [{ rubric_id: "0b0c7c2e-1111-4222-8333-444455556666", path: "MIND, FEAR, death, of", weight: 3, eliminate: true }], method: "small_rubrics", top: [{ remedy: "Arsenicum album", abbreviation: "ars", total: 12.3456, coverage: 1, grades: [3] }] }, "");
    case "body_map":
      return bodyMap([{ code: "od_macula", findings: ["exudate"], note: "two discs wide" }], [], [], "");
    default:
      return null;
  }
}
