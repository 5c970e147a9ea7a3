import { isRecord, number, record, records, text, texts, tone, type Tone } from "../parts/read";
import type { Emitted, ToolBind, ToolConfig } from "../host";

export interface ScoreOption {
  value: number;
  title: string;
}

export interface ScoreItem {
  code: string;
  title: string;
  help: string;
  options: ScoreOption[];
}

export interface ScoreBand {
  from: number;
  title: string;
  tone: Tone;
}

export interface Score {
  items: ScoreItem[];
  bands: ScoreBand[];
}

export type Answers = Record<string, number>;

export function readScore(config: ToolConfig, bind: ToolBind, titles: Record<string, string>, locale: string): Score {
  const shared = readOptions(config.options, locale);
  const configured = records(config.items).map((item): ScoreItem => {
    const own = readOptions(item.options, locale);
    const code = text(item.code);
    return { code, title: text(item.title, locale) || titles[code] || code, help: text(item.help, locale), options: own.length > 0 ? own : shared };
  });
  // a page's tool names the fields; words for them come from the config, or from the form
  const named = texts(bind.items).map((code): ScoreItem => configured.find((item) => item.code === code) ?? { code, title: titles[code] ?? code, help: "", options: shared });
  return {
    items: named.length > 0 ? named : configured.filter(({ code }) => code),
    bands: records(config.bands)
      .map((band) => ({ from: number(band.from) ?? 0, title: text(band.title, locale), tone: tone(band.tone) }))
      .sort((a, b) => a.from - b.from),
  };
}

function readOptions(value: unknown, locale: string): ScoreOption[] {
  return records(value).flatMap((one) => {
    const score = number(one.value);
    return score === null ? [] : [{ value: score, title: text(one.title, locale) || String(score) }];
  });
}

/** The answers of a value, or of a document's fields. Only what the item offers counts, where it offers something. */
export function readAnswers({ items }: Score, value: unknown, bound: boolean): Answers {
  const source = bound ? record(value) : record(record(value).answers);
  return Object.fromEntries(
    items.flatMap(({ code, options }) => {
      const answer = number(source[code]);
      return answer !== null && (options.length === 0 || options.some((option) => option.value === answer)) ? [[code, answer]] : [];
    }),
  );
}

/** The sum of all answers, null until every item has one: a part of a score is not a score. */
export function totalOf({ items }: Score, answers: Answers): number | null {
  if (items.length === 0 || items.some(({ code }) => answers[code] === undefined)) return null;
  return items.reduce((sum, { code }) => sum + answers[code]!, 0);
}

/** The lowest and the highest total there can be. */
export function reach({ items }: Score): { low: number; high: number } {
  const ends = items.map(({ options }) => options.map(({ value }) => value)).filter((values) => values.length > 0);
  return { low: ends.reduce((sum, values) => sum + Math.min(...values), 0), high: ends.reduce((sum, values) => sum + Math.max(...values), 0) };
}

export function bandFor({ bands }: Score, total: number | null): ScoreBand | null {
  return total === null ? null : (bands.findLast(({ from }) => from <= total) ?? null);
}

/** The answers without one, or with one changed. */
export function answered(answers: Answers, code: string, value: number | null): Answers {
  const { [code]: _, ...others } = answers;
  return value === null ? others : { ...others, [code]: value };
}

export function emitted(score: Score, answers: Answers, title: string, unfinished: (count: number, of: number) => string): Emitted {
  const total = totalOf(score, answers);
  const band = bandFor(score, total);
  const said = total === null ? unfinished(Object.keys(answers).length, score.items.length) : [total, band?.title].filter((part) => part !== undefined && part !== "").join(", ");
  return { answers, total, band: band?.title ?? null, summary: [title, said].filter(Boolean).join(": ") };
}

export const isBound = (bind: ToolBind): boolean => isRecord(bind) && texts(bind.items).length > 0;
