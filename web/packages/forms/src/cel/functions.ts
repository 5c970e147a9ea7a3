import { decimalLogarithm, generalText, power, rounded } from "./arithmetic";
import { timeParts } from "./times";
import { Duration, Instant, TypeName, type Value, type ValueMap, at, dayOf, equal, fail, instantOf, int, isDate, order, timeText } from "./values";

/** The bands of a table, as a template gives them. */
export type Band = { from: number; value: number | string } | { is: number | string; value: number | string };
export type Tables = Record<string, Band[]>;

export type Apply = (args: Value[], tables: Tables) => Value;

const noOverload = (): never => fail("no such overload");
const finite = (x: number): number => (Number.isFinite(x) ? x : fail("the number has no value"));
const isNumber = (value: Value | undefined): value is number | bigint => typeof value === "number" || typeof value === "bigint";
const real = (value: Value | undefined): number => (isNumber(value) ? Number(value) : noOverload());

function arithmetic(ints: (a: bigint, b: bigint) => bigint, doubles: ((a: number, b: number) => number) | null): Apply {
  return ([a, b]) => {
    if (typeof a === "bigint" && typeof b === "bigint") return int(ints(a, b));
    if (typeof a === "number" && typeof b === "number" && doubles) return doubles(a, b);
    return noOverload();
  };
}

const plus: Apply = (args, tables) => {
  const [a, b] = args;
  if (typeof a === "string" && typeof b === "string") return a + b;
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
  if (a instanceof Instant && b instanceof Duration) return new Instant(a.nanos + b.nanos, a.offsetSeconds);
  if (a instanceof Duration && b instanceof Instant) return new Instant(a.nanos + b.nanos, b.offsetSeconds);
  if (a instanceof Duration && b instanceof Duration) return new Duration(int(a.nanos + b.nanos));
  return sums(args, tables);
};
const sums = arithmetic((a, b) => a + b, (a, b) => a + b);

const minus: Apply = (args, tables) => {
  const [a, b] = args;
  if (b === undefined) return typeof a === "bigint" ? int(-a) : typeof a === "number" ? -a : a instanceof Duration ? new Duration(-a.nanos) : noOverload();
  if (a instanceof Instant && b instanceof Instant) return new Duration(int(a.nanos - b.nanos));
  if (a instanceof Instant && b instanceof Duration) return new Instant(a.nanos - b.nanos, a.offsetSeconds);
  if (a instanceof Duration && b instanceof Duration) return new Duration(int(a.nanos - b.nanos));
  return differences(args, tables);
};
const differences = arithmetic((a, b) => a - b, (a, b) => a - b);

function comparison(holds: (order: number) => boolean): Apply {
  return ([a, b]) => {
    const found = order(a!, b!);
    return Number.isNaN(found) ? fail("these cannot be put in order") : holds(found);
  };
}

const byNought = (b: bigint): bigint => (b === 0n ? fail("division by zero") : b);

function sum([list]: Value[]): Value {
  if (!Array.isArray(list)) return noOverload();
  let whole = 0n;
  let decimal = 0;
  let isWhole = true;
  for (const item of list) {
    if (typeof item === "bigint") whole = int(whole + item);
    else if (typeof item === "number") isWhole = false;
    else return noOverload();
    decimal += Number(item);
  }
  return isWhole ? whole : finite(decimal);
}

function dayOfValue(value: Value | undefined): bigint {
  if (value instanceof Instant) return dayOf(value);
  if (typeof value === "string") {
    if (isDate(value)) return BigInt(Date.parse(`${value}T00:00:00Z`)) / 86_400_000n;
    const instant = instantOf(value);
    if (instant) return dayOf(new Instant(instant.nanos));
  }
  return fail("days_between takes dates as YYYY-MM-DD, or times");
}

/** Whole when every value of the table is whole, as JSON writes 2.0 and 2 alike. */
function table([name, x]: Value[], tables: Tables): Value {
  const bands = typeof name === "string" && Object.hasOwn(tables, name) ? tables[name]! : fail("there is no such table");
  const found = "is" in (bands[0] ?? {}) ? bands.findLast((band) => "is" in band && equal(band.is, x!)) : bands.findLast((band) => "from" in band && isNumber(x) && Number(x) >= band.from);
  if (!found) return fail("the table has no such band");
  if (typeof found.value === "string") return found.value;
  return bands.every(({ value }) => Number.isInteger(value)) ? BigInt(found.value) : found.value;
}

function regular(pattern: Value | undefined): RegExp {
  if (typeof pattern !== "string") return noOverload();
  const [, flags = "", rest = ""] = /^(?:\(\?([ims]+)\))?([^]*)$/.exec(pattern)!;
  try {
    return new RegExp(rest.replaceAll("\\z", "$").replaceAll("\\A", "^").replaceAll("(?P<", "(?<"), `${flags}u`);
  } catch {
    return fail("the pattern cannot be read");
  }
}

function size([value]: Value[]): Value {
  if (typeof value === "string") return BigInt([...value].length);
  if (Array.isArray(value)) return BigInt(value.length);
  if (value instanceof Map) return BigInt((value as ValueMap).size);
  return noOverload();
}

function texts(test: (text: string, part: string) => boolean): Apply {
  return ([text, part]) => (typeof text === "string" && typeof part === "string" ? test(text, part) : noOverload());
}

const wholeText = /^[+-]?\d+$/;
const decimalText = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function toInt([value]: Value[]): Value {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : fail("integer overflow");
  if (typeof value === "string" && wholeText.test(value)) return int(BigInt(value.replace(/^\+/, "")));
  if (value instanceof Instant) return value.nanos / 1_000_000_000n - (value.nanos < 0n && value.nanos % 1_000_000_000n !== 0n ? 1n : 0n);
  if (value instanceof Duration) return value.nanos;
  return noOverload();
}

function toDouble([value]: Value[]): Value {
  if (isNumber(value)) return Number(value);
  if (typeof value === "string" && decimalText.test(value)) return finite(Number(value));
  return noOverload();
}

function toText([value]: Value[]): Value {
  if (typeof value === "string") return value;
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (typeof value === "number") return generalText(value);
  if (value instanceof Instant) return timeText(value, true);
  if (value instanceof Duration) return `${plainSeconds(value.nanos)}s`;
  return noOverload();
}

function plainSeconds(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const rest = (size % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  return `${nanos < 0n ? "-" : ""}${size / 1_000_000_000n}${rest ? `.${rest}` : ""}`;
}

function toBool([value]: Value[]): Value {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") {
    if (["1", "t", "T", "true", "TRUE", "True"].includes(value)) return true;
    if (["0", "f", "F", "false", "FALSE", "False"].includes(value)) return false;
  }
  return noOverload();
}

function toInstant([value]: Value[]): Value {
  if (value instanceof Instant) return value;
  if (typeof value === "bigint") return new Instant(value * 1_000_000_000n);
  return (typeof value === "string" ? instantOf(value) : undefined) ?? fail("this is not a time");
}

const units: Record<string, bigint> = { ns: 1n, us: 1_000n, µs: 1_000n, ms: 1_000_000n, s: 1_000_000_000n, m: 60_000_000_000n, h: 3_600_000_000_000n };

function toDuration([value]: Value[]): Value {
  if (value instanceof Duration) return value;
  if (typeof value === "bigint") return new Duration(value);
  if (typeof value !== "string" || !/^[+-]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+)$/.test(value)) return fail("this is not a duration");
  let nanos = 0n;
  for (const [, amount, unit] of value.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)) {
    const [whole = "", part = ""] = amount!.split(".");
    nanos += BigInt(whole || "0") * units[unit!]! + (part ? (BigInt(part) * units[unit!]!) / 10n ** BigInt(part.length) : 0n);
  }
  return new Duration(int(value.startsWith("-") ? -nanos : nanos));
}

function extreme(better: (order: number) => boolean): Apply {
  return (args) => {
    const list = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
    if (list.length === 0) return fail("an empty list has neither least nor greatest");
    const best = list.reduce((found, one) => (better(order(one, found)) ? one : found));
    if (!list.every(isNumber)) return noOverload();
    return list.every((one) => typeof one === "bigint") ? best : Number(best);
  };
}

const doubleOf =
  (f: (x: number) => number): Apply =>
  ([x]) =>
    finite(f(real(x)));

/** Functions and operators that are called as f(x, y). */
export const functions: Record<string, Apply> = {
  "+": plus,
  "-": minus,
  "*": arithmetic((a, b) => a * b, (a, b) => a * b),
  "/": arithmetic((a, b) => a / byNought(b), (a, b) => a / b),
  "%": arithmetic((a, b) => a % byNought(b), null),
  "!": ([a]) => (typeof a === "boolean" ? !a : noOverload()),
  "==": ([a, b]) => equal(a!, b!),
  "!=": ([a, b]) => !equal(a!, b!),
  "<": comparison((found) => found < 0),
  "<=": comparison((found) => found <= 0),
  ">": comparison((found) => found > 0),
  ">=": comparison((found) => found >= 0),
  in: ([a, b]) => (Array.isArray(b) ? b.some((one) => equal(a!, one)) : b instanceof Map ? at(b, a!) !== undefined : noOverload()),
  size,
  matches: ([text, pattern]) => (typeof text === "string" ? regular(pattern).test(text) : noOverload()),
  int: toInt,
  double: toDouble,
  string: toText,
  bool: toBool,
  dyn: ([value]) => value!,
  type: ([value]) => TypeName.of(value!),
  timestamp: toInstant,
  duration: toDuration,
  // HM's own, as modules/packs/functions.go has them
  round: ([x, places]) => {
    if (!isNumber(x) || typeof places !== "bigint") return noOverload();
    return finite(rounded(Number(x), places));
  },
  sum,
  table,
  sqrt: doubleOf(Math.sqrt),
  log10: doubleOf(decimalLogarithm),
  pow: ([x, y]) => finite(power(real(x), real(y))),
  days_between: ([from, to]) => int(dayOfValue(to) - dayOfValue(from)),
  min: extreme((found) => found < 0),
  max: extreme((found) => found > 0),
  abs: ([x]) => (typeof x === "bigint" ? int(x < 0n ? -x : x) : Math.abs(real(x))),
  floor: doubleOf(Math.floor),
  ceil: doubleOf(Math.ceil),
  lower: ([text]) => (typeof text === "string" ? text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) : noOverload()),
};

/** Functions that are called as x.f(y). */
export const methods: Record<string, Apply> = {
  size,
  matches: functions.matches!,
  startsWith: texts((text, part) => text.startsWith(part)),
  endsWith: texts((text, part) => text.endsWith(part)),
  contains: texts((text, part) => text.includes(part)),
  ...timeParts,
};
