import { describe, expect, it } from "vitest";
import { bandOf, readBands, scoreOf } from "../parts/bands";
import type { Observation } from "../parts/observations";
import { aggregateBand, columnsOf, readGrid, typedColumn } from "./grid";

// Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017, chart 1, SpO2 scale 1
const tables = {
  rr: [{ from: 0, value: 3 }, { from: 9, value: 1 }, { from: 12, value: 0 }, { from: 21, value: 2 }, { from: 25, value: 3 }],
  spo2: [{ from: 0, value: 3 }, { from: 92, value: 2 }, { from: 94, value: 1 }, { from: 96, value: 0 }],
  o2: [{ is: "air", value: 0, title: { en: "Air", hi: "हवा" } }, { is: "mask", value: 2 }],
  sbp: [{ from: 0, value: 3 }, { from: 91, value: 2 }, { from: 101, value: 1 }, { from: 111, value: 0 }, { from: 220, value: 3 }],
  pulse: [{ from: 0, value: 3 }, { from: 41, value: 1 }, { from: 51, value: 0 }, { from: 91, value: 1 }, { from: 111, value: 2 }, { from: 131, value: 3 }],
  acvpu: [{ is: "A", value: 0 }, { is: "C", value: 3 }],
  temp: [{ from: 0, value: 3 }, { from: 35.1, value: 1 }, { from: 36.1, value: 0 }, { from: 38.1, value: 1 }, { from: 39.1, value: 2 }],
};
const names = Object.keys(tables) as (keyof typeof tables)[];
const grid = readGrid(
  {
    parameters: names.map((code) => ({ code, system: "s", title: code, decimals: code === "temp" ? 1 : 0, bands: tables[code] })),
    aggregate: {
      title: "NEWS2",
      bands: [{ from: 7, title: "High", tone: "critical" }, { from: 0, title: "Low", tone: "ok" }, { from: 5, title: "Medium", tone: "warn" }],
      any: { score: 3, title: "Low–medium", tone: "info" },
    },
    columns: 3,
  },
  "hi",
);

const at = (hour: number) => `2026-03-01T${String(hour).padStart(2, "0")}:00:00Z`;
const observed = (rows: Partial<Record<keyof typeof tables, number | string>>[]): Observation[][] =>
  names.map((code) => rows.flatMap((row, hour) => (row[code] === undefined ? [] : [{ code, system: "s", unit: "", value: row[code], at: at(hour), document_id: `d${hour}` }])));

const well = { rr: 16, spo2: 98, o2: "air", sbp: 120, pulse: 70, acvpu: "A", temp: 37 };
const ill = { rr: 25, spo2: 91, o2: "mask", sbp: 90, pulse: 131, acvpu: "C", temp: 39.1 };

describe("bands", () => {
  it.each([
    ["rr", 8, 3], ["rr", 9, 1], ["rr", 11, 1], ["rr", 12, 0], ["rr", 20, 0], ["rr", 21, 2], ["rr", 24, 2], ["rr", 25, 3],
    ["spo2", 91, 3], ["spo2", 92, 2], ["spo2", 94, 1], ["spo2", 96, 0],
    ["sbp", 90, 3], ["sbp", 91, 2], ["sbp", 101, 1], ["sbp", 111, 0], ["sbp", 219, 0], ["sbp", 220, 3],
    ["pulse", 40, 3], ["pulse", 41, 1], ["pulse", 90, 0], ["pulse", 91, 1], ["pulse", 130, 2], ["pulse", 131, 3],
    ["temp", 35, 3], ["temp", 35.1, 1], ["temp", 36, 1], ["temp", 36.1, 0], ["temp", 38, 0], ["temp", 38.1, 1], ["temp", 39, 1], ["temp", 39.1, 2],
    ["o2", "mask", 2], ["acvpu", "A", 0], ["acvpu", "C", 3],
  ] as const)("%s of %s scores %d", (name, value, score) => {
    expect(scoreOf(readBands(tables[name]), value)).toBe(score);
  });

  it("gives nothing below the first band, for an unknown code, or where the pack is wrong", () => {
    expect(scoreOf(readBands([{ from: 5, value: 1 }]), 4)).toBeNull();
    expect(scoreOf(readBands(tables.acvpu), "X")).toBeNull();
    expect(readBands("nonsense")).toEqual([]);
    expect(bandOf([], 1)).toBeNull();
  });

  it("takes bands in any order", () => {
    expect(scoreOf(readBands([...tables.rr].reverse()), 22)).toBe(2);
  });
});

describe("columns", () => {
  it("adds the scores of what was recorded together", () => {
    const [first, second] = columnsOf(grid, observed([well, ill]), "hi");
    expect(first).toMatchObject({ at: at(0), total: 0, incomplete: false, band: { title: "Low", tone: "ok" } });
    expect(second).toMatchObject({ total: 19, incomplete: false, band: { title: "High", tone: "critical" } });
    expect(first!.cells.map((cell) => cell?.shown)).toEqual(["16", "98", "हवा", "120", "70", "A", "37.0"]);
  });

  it("says when a parameter is missing, for the total may be higher", () => {
    const { spo2: _, ...rest } = well;
    expect(columnsOf(grid, observed([rest]), "en")[0]).toMatchObject({ total: 0, incomplete: true });
  });

  it("keeps the newest columns, oldest first", () => {
    expect(columnsOf(grid, observed([well, well, well, well, ill]), "en").map(({ at: when }) => when)).toEqual([at(2), at(3), at(4)]);
  });

  it("joins by the minute what has no document", () => {
    const found = observed([well]).map((all) => all.map((one) => ({ ...one, document_id: "" })));
    expect(columnsOf(grid, found, "en")).toHaveLength(1);
  });

  it("is empty without observations", () => {
    expect(columnsOf(grid, names.map(() => []), "en")).toEqual([]);
  });
});

it("adds what is being typed as a last column, unless it is recorded already", () => {
  const fields = names.map((name) => `field_${name}`);
  const typed = { field_rr: 22, field_sbp: 100 };
  const [newest] = columnsOf(grid, observed([well]), "en");
  expect(typedColumn(grid, fields, typed, newest, "en")).toMatchObject({ at: null, total: 4, incomplete: true });
  expect(typedColumn(grid, fields, {}, newest, "en")).toBeNull();
  expect(typedColumn(grid, fields, Object.fromEntries(names.map((name) => [`field_${name}`, well[name]])), newest, "en")).toBeNull();
});

it("lifts a total by a single red score, never lowers it", () => {
  expect(aggregateBand(grid, 3, 3)).toEqual({ title: "Low–medium", tone: "info" });
  expect(aggregateBand(grid, 3, 2)).toEqual({ title: "Low", tone: "ok" });
  expect(aggregateBand(grid, 5, 3)).toEqual({ title: "Medium", tone: "warn" });
  expect(aggregateBand(grid, 7, 3)).toEqual({ title: "High", tone: "critical" });
  expect(aggregateBand({ bands: [], any: null }, 3, 3)).toBeNull();
});
