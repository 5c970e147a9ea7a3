import { brief, list, number, record, records, spoken, text, texts } from "../parts/read";
import type { ToolBind, ToolConfig } from "../host";

export interface RadarSeries {
  title: string;
  values: (number | null)[];
}

export interface RadarData {
  axes: string[];
  series: RadarSeries[];
  /** What the outermost ring stands for. */
  max: number;
  /** Values are shares of their series' sum, in per cent. */
  shares: boolean;
}

/** At most two series can be told apart at a glance. */
const most = 2;

/**
 * What the radar draws. `bind.axes` names the fields of the one series, `bind.overlay` those of a second,
 * titled by `config.series`; or `bind.series` lists both as {title, fields}. `config.axes` gives the axes words, `config.share: true` compares
 * shares of the sum, `config.max` fixes the outermost ring.
 */
export function radarData(bind: ToolBind, config: ToolConfig, values: Record<string, unknown>, titles: Record<string, string>, locale: string): RadarData {
  const names = texts(bind.axes);
  const bound = seriesOf(bind, config).slice(0, most);
  const sources = bound.length > 0 ? bound.map((one) => ({ title: text(one.title, locale), fields: texts(one.fields) })) : [{ title: "", fields: names }];
  const words = Array.isArray(config.axes) ? config.axes.map((one) => text(record(one).title ?? one, locale)) : [];
  const count = Math.max(...sources.map(({ fields }) => fields.length), 0);
  const axes = Array.from({ length: count }, (_, index) => {
    const name = names[index] ?? sources[0]!.fields[index] ?? "";
    return words[index] || titles[name] || spoken(name);
  });
  const shares = config.share === true;
  const series = sources.map(({ title, fields }) => {
    const read = Array.from({ length: count }, (_, index) => number(values[fields[index] ?? ""]));
    return { title, values: shares ? inShares(read) : read };
  });
  const greatest = Math.max(0, ...series.flatMap((one) => one.values.map((value) => value ?? 0)));
  return { axes, series, shares, max: number(config.max) ?? roundUp(greatest) };
}

/** The two series: as the bind lists them, or its axes with an overlay that `config.series` gives titles to. */
function seriesOf(bind: ToolBind, config: ToolConfig): Record<string, unknown>[] {
  const listed = records(bind.series);
  if (listed.length > 0 || !Array.isArray(bind.overlay)) return listed;
  const [first, second] = list(config.series);
  return [{ title: first, fields: bind.axes }, { title: second, fields: bind.overlay }];
}

/** Per cent of the sum; nothing until every value is there, for a share of a part is misleading. */
export function inShares(values: (number | null)[]): (number | null)[] {
  const sum = values.reduce<number>((total, value) => total + (value ?? 0), 0);
  if (sum <= 0 || values.some((value) => value === null)) return values.map(() => null);
  return values.map((value) => (100 * value!) / sum);
}

/** The next number that halves and quarters well. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10].map((step) => step * power).find((step) => step >= value - 1e-9)!;
}

export interface Point {
  x: number;
  y: number;
}

/** Where `part` (0 to 1) of axis `index` lies on a circle of `radius` round the origin; the first axis points up. */
export function onAxis(index: number, count: number, part: number, radius: number): Point {
  const angle = (2 * Math.PI * index) / count - Math.PI / 2;
  return { x: Math.cos(angle) * radius * part, y: Math.sin(angle) * radius * part };
}

export function polygon(points: Point[]): string {
  return points.map(({ x, y }) => `${x.toFixed(2)},${y.toFixed(2)}`).join(" ");
}

/** The whole figure in words. */
export function radarSummary({ axes, series, shares }: RadarData): string {
  const unit = shares ? "%" : "";
  return series
    .map(({ title, values }) => {
      const said = axes.map((axis, index) => (values[index] == null ? `${axis} –` : `${axis} ${brief(values[index]!, 1)}${unit}`)).join(", ");
      return title ? `${title}: ${said}` : said;
    })
    .join("; ");
}
