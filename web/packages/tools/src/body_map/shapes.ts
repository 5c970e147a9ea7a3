import { clipped, list, number, record, records, text, texts, tone, type Tone } from "../parts/read";
import type { Emitted, ToolConfig } from "../host";

export type Shape = { kind: "path"; d: string } | { kind: "ellipse"; x: number; y: number; rx: number; ry: number };
export type Place = readonly [number, number];

export interface Region {
  code: string;
  title: string;
  view: string;
  shape: Shape;
  /** Where its number stands, and from where the arrow keys measure. */
  at: Place;
}

export interface View {
  code: string;
  title: string;
  viewBox: string;
  /** Lines that are no region. */
  outline: string[];
}

export interface Drawing {
  views: View[];
  regions: Region[];
}

export interface Finding {
  code: string;
  title: string;
  tone: Tone;
}

/** What is found at a region. */
export interface Found {
  code: string;
  findings: string[];
  note?: string;
}

/** A closed path through the points, its corners rounded by `radius`. */
export function rounded(points: readonly Place[], radius: number): string {
  const towards = (from: Place, to: Place): Place => {
    const distance = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
    const part = Math.min(radius, distance / 2) / distance;
    return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
  };
  const write = ([x, y]: Place) => `${Number(x.toFixed(1))} ${Number(y.toFixed(1))}`;
  return `${points
    .map((point, index) => {
      const before = points[(index + points.length - 1) % points.length]!;
      const after = points[(index + 1) % points.length]!;
      return `${index === 0 ? "M" : "L"}${write(towards(point, before))}Q${write(point)} ${write(towards(point, after))}`;
    })
    .join("")}Z`;
}

export function middle(points: readonly Place[]): Place {
  return [points.reduce((sum, [x]) => sum + x, 0) / points.length, points.reduce((sum, [, y]) => sum + y, 0) / points.length];
}

/** A drawing that a pack brings: views with outlines, regions as paths, circles, ellipses, boxes or polygons. */
export function readDrawing(value: unknown, locale: string): Drawing {
  const source = record(value);
  return {
    views: records(source.views).map((view) => ({ code: text(view.code), title: text(view.title, locale), viewBox: text(view.view_box) || "0 0 100 100", outline: texts(view.outline) })),
    regions: records(source.regions).flatMap((one) => readRegion(one, locale) ?? []),
  };
}

function readRegion(source: Record<string, unknown>, locale: string): Region | null {
  const found = readShape(source);
  const code = text(source.code);
  if (!found || !code) return null;
  const own = numbers(source.at);
  return { code, title: text(source.title, locale) || code, view: text(source.view), shape: found.shape, at: own.length === 2 ? [own[0]!, own[1]!] : found.at };
}

function readShape(source: Record<string, unknown>): { shape: Shape; at: Place } | null {
  const d = text(source.d);
  if (/^[\sMLHVCSQTAZmlhvcsqtaz0-9.,eE+-]+$/.test(d)) {
    const pairs = [...d.matchAll(/(-?\d*\.?\d+)[\s,]+(-?\d*\.?\d+)/g)].map(([, x, y]): Place => [Number(x), Number(y)]);
    return pairs.length > 0 ? { shape: { kind: "path", d }, at: middle(pairs) } : null;
  }
  const circle = numbers(source.circle);
  if (circle.length === 3) return { shape: { kind: "ellipse", x: circle[0]!, y: circle[1]!, rx: circle[2]!, ry: circle[2]! }, at: [circle[0]!, circle[1]!] };
  const ellipse = numbers(source.ellipse);
  if (ellipse.length === 4) return { shape: { kind: "ellipse", x: ellipse[0]!, y: ellipse[1]!, rx: ellipse[2]!, ry: ellipse[3]! }, at: [ellipse[0]!, ellipse[1]!] };
  const box = numbers(source.rect);
  if (box.length === 4) {
    const [x, y, w, h] = box as [number, number, number, number];
    return { shape: { kind: "path", d: rounded([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], Math.min(w, h) / 6) }, at: [x + w / 2, y + h / 2] };
  }
  const corners = list(source.polygon).map(numbers).filter((one) => one.length === 2) as unknown as Place[];
  return corners.length >= 3 ? { shape: { kind: "path", d: rounded(corners, 2) }, at: middle(corners) } : null;
}

const numbers = (value: unknown): number[] => list(value).map(number).filter((one): one is number => one !== null);

/** A drawing with a pack's regions added, and its own renamed, by code. */
export function withRegions(drawing: Drawing, config: ToolConfig, locale: string): Drawing {
  const changes = records(config.regions);
  const renamed = drawing.regions.map((region) => {
    const change = changes.find((one) => text(one.code) === region.code);
    return change ? { ...region, title: text(change.title, locale) || region.title, ...(readShape(change) ?? {}) } : region;
  });
  const added = changes.filter((one) => !drawing.regions.some(({ code }) => code === text(one.code))).flatMap((one) => readRegion(one, locale) ?? []);
  return { ...drawing, regions: [...renamed, ...added] };
}

export function readFindings(config: ToolConfig, locale: string): Finding[] {
  return records(config.findings).map((one) => ({ code: text(one.code), title: text(one.title, locale) || text(one.code), tone: tone(one.tone) }));
}

export function readFound(value: unknown): Found[] {
  return records(record(value).regions).flatMap((one) => {
    const code = text(one.code);
    const note = text(one.note);
    return code ? [{ code, findings: texts(one.findings), ...(note ? { note } : {}) }] : [];
  });
}

/** The findings with one region's changed; a region with neither finding nor note goes, unless it is only to be marked. */
export function withFound(all: Found[], changed: Found, keep: boolean): Found[] {
  const empty = changed.findings.length === 0 && !changed.note && !keep;
  const at = all.findIndex(({ code }) => code === changed.code);
  if (empty) return all.filter(({ code }) => code !== changed.code);
  return at < 0 ? [...all, changed] : all.with(at, changed);
}

export function emitted(found: Found[], regions: Region[], findings: Finding[], nothing: string): Emitted {
  const said = found.map(({ code, findings: codes, note }) => {
    const where = regions.find((region) => region.code === code)?.title ?? code;
    const what = [...codes.map((one) => findings.find((finding) => finding.code === one)?.title ?? one), ...(note ? [note] : [])].join(", ");
    return what ? `${where}: ${what}` : where;
  });
  return { regions: found, summary: clipped(said.join("; ")) || nothing };
}

export type Direction = "left" | "right" | "up" | "down";

/** The next region of a view in a direction: near, and more along the way than beside it. */
export function towards(regions: Region[], from: Region, direction: Direction): Region {
  const along: Record<Direction, (dx: number, dy: number) => [number, number]> = {
    left: (dx, dy) => [-dx, dy],
    right: (dx, dy) => [dx, dy],
    up: (dx, dy) => [-dy, dx],
    down: (dx, dy) => [dy, dx],
  };
  let best = from;
  let shortest = Infinity;
  for (const region of regions) {
    if (region.code === from.code || region.view !== from.view) continue;
    const [ahead, aside] = along[direction](region.at[0] - from.at[0], region.at[1] - from.at[1]);
    const distance = Math.hypot(ahead, aside * 2);
    if (ahead > 0.5 && distance < shortest) [best, shortest] = [region, distance];
  }
  return best;
}
