import { unitText } from "@hm/ui";
import { type Band, bandOf, readBands, scoreOf } from "../parts/bands";
import { isRecord, number, record, records, text, tone, type Tone } from "../parts/read";
import type { Observation, Wanted } from "../parts/observations";
import type { ToolConfig } from "../host";

export interface Parameter extends Wanted {
  title: string;
  unit: string;
  decimals: number;
  bands: Band[];
}

export interface AggregateBand {
  from: number;
  title: string;
  tone: Tone;
}

export interface GridConfig {
  parameters: Parameter[];
  title: string;
  bands: AggregateBand[];
  /** One parameter alone with this score raises the whole at least to this. */
  any: { score: number; title: string; tone: Tone } | null;
  columns: number;
}

export interface Cell {
  value: Observation["value"];
  /** A coded value in the pack's words. */
  shown: string;
  score: number | null;
}

export interface Column {
  /** RFC 3339; null for what is being typed and not yet recorded. */
  at: string | null;
  /** In the order of the parameters. */
  cells: (Cell | null)[];
  /** Sum of the scores that are there; null when none is. */
  total: number | null;
  /** A parameter is missing: the true total may be higher. */
  incomplete: boolean;
  band: { title: string; tone: Tone } | null;
}

export function readGrid(config: ToolConfig, locale: string): GridConfig {
  const aggregate = record(config.aggregate);
  const any = isRecord(aggregate.any) ? aggregate.any : null;
  return {
    parameters: records(config.parameters).map((one) => ({
      code: text(one.code),
      system: text(one.system),
      title: text(one.title, locale) || text(one.code),
      unit: unitText(text(one.unit)),
      decimals: Math.min(3, Math.max(0, Math.trunc(number(one.decimals) ?? 0))),
      bands: readBands(one.bands),
    })),
    title: text(aggregate.title, locale),
    bands: records(aggregate.bands)
      .map((one) => ({ from: number(one.from) ?? 0, title: text(one.title, locale), tone: tone(one.tone) }))
      .sort((a, b) => a.from - b.from),
    any: any ? { score: number(any.score) ?? 3, title: text(any.title, locale), tone: tone(any.tone) } : null,
    columns: Math.max(1, Math.trunc(number(config.columns) ?? 12)),
  };
}

/** What was recorded together stands in one column: by document, or else by minute. Newest last. */
export function columnsOf(grid: GridConfig, found: Observation[][], locale: string): Column[] {
  const groups = new Map<string, { at: string; values: (Observation | undefined)[] }>();
  found.forEach((observations, parameter) => {
    for (const observation of observations) {
      const key = observation.document_id || observation.at.slice(0, 16);
      let group = groups.get(key);
      if (!group) groups.set(key, (group = { at: observation.at, values: [] }));
      group.values[parameter] = observation;
    }
  });
  return [...groups.values()]
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .slice(-grid.columns)
    .map(({ at, values }) => columnOf(grid, at, grid.parameters.map((_, index) => values[index]?.value), locale));
}

function columnOf(grid: GridConfig, at: string | null, values: (Observation["value"] | undefined)[], locale: string): Column {
  const cells = grid.parameters.map((parameter, index): Cell | null => {
    const value = values[index];
    return value === undefined ? null : { value, shown: shownAs(parameter, value, locale), score: scoreOf(parameter.bands, value) };
  });
  const scores = cells.flatMap((cell) => (cell?.score == null ? [] : [cell.score]));
  const total = scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0);
  return { at, cells, total, incomplete: scores.length < grid.parameters.length, band: total === null ? null : aggregateBand(grid, total, Math.max(...scores)) };
}

/** What is being typed, as a last column; null when it is nothing, or what the newest column already shows. */
export function typedColumn(grid: GridConfig, names: string[], document: Record<string, unknown>, newest: Column | undefined, locale: string): Column | null {
  const values = grid.parameters.map((_, index) => {
    const value = document[names[index] ?? ""];
    return typeof value === "number" || typeof value === "string" || typeof value === "boolean" ? value : undefined;
  });
  if (values.every((value) => value === undefined)) return null;
  if (newest && values.every((value, index) => value === newest.cells[index]?.value)) return null;
  return columnOf(grid, null, values, locale);
}

function shownAs({ bands, decimals }: Parameter, value: Observation["value"], locale: string): string {
  if (typeof value === "number") return value.toFixed(decimals).replace("-", "−");
  const title = text(record(bandOf(bands, value)?.source).title, locale);
  return title || String(value);
}

const severity: readonly Tone[] = ["neutral", "ok", "info", "progress", "warn", "critical"];

/** The band of a total; a single high score lifts it where the total alone would be milder. */
export function aggregateBand({ bands, any }: Pick<GridConfig, "bands" | "any">, total: number, highest: number): { title: string; tone: Tone } | null {
  const band = bands.findLast(({ from }) => from <= total) ?? null;
  if (any && highest >= any.score && (band === null || severity.indexOf(band.tone) < severity.indexOf(any.tone))) return { title: any.title, tone: any.tone };
  return band ? { title: band.title, tone: band.tone } : null;
}
