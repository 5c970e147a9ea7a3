/**
 * Values of CEL as this evaluator holds them. int is bigint and double is number, so that the
 * two can never be confused; a map and an object of a schema are both a Map.
 */
export type Value = null | boolean | bigint | number | string | Value[] | ValueMap | Instant | Duration | TypeName;
export type ValueMap = Map<boolean | bigint | string, Value>;

/** A moment, to the nanosecond, with the offset of the place it is told for. */
export class Instant {
  constructor(
    readonly nanos: bigint,
    readonly offsetSeconds = 0,
  ) {}
}

export class Duration {
  constructor(readonly nanos: bigint) {}
}

/** What type() answers, and what the names of types stand for. */
export class TypeName {
  private constructor(readonly name: string) {}

  static readonly known: ReadonlyMap<string, TypeName> = new Map(
    ["int", "double", "bool", "string", "list", "map", "null_type", "type", "google.protobuf.Timestamp", "google.protobuf.Duration"].map((name) => [name, new TypeName(name)]),
  );

  static of(value: Value): TypeName {
    return TypeName.known.get(nameOfType(value))!;
  }
}

function nameOfType(value: Value): string {
  if (value === null) return "null_type";
  if (Array.isArray(value)) return "list";
  if (value instanceof Map) return "map";
  if (value instanceof Instant) return "google.protobuf.Timestamp";
  if (value instanceof Duration) return "google.protobuf.Duration";
  if (value instanceof TypeName) return "type";
  return { bigint: "int", number: "double", boolean: "bool", string: "string" }[typeof value as "bigint"];
}

/** How an evaluation ends without a value: a missing input, a division by nought, a wrong type. */
export class EvaluationError extends Error {}

/** The expression did more work than one may. */
export class CostError extends Error {}

export function fail(why: string): never {
  throw new EvaluationError(why);
}

const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

/** A whole number that 64 bits hold; anything else is an error, as it is on the server. */
export function int(value: bigint): bigint {
  return value < least || value > most ? fail("integer overflow") : value;
}

/** -1, 0 or 1; NaN when the two cannot be put in order. */
export function order(left: Value, right: Value): number {
  if (typeof left === "number" || typeof left === "bigint") {
    if (typeof right !== "number" && typeof right !== "bigint") return Number.NaN;
    // int against double: the int becomes a double, as in cel-go
    if (typeof left === typeof right) return left < right ? -1 : left > right ? 1 : left === right ? 0 : Number.NaN;
    return sign(Number(left) - Number(right));
  }
  if (typeof left === "string" && typeof right === "string") return orderTexts(left, right);
  if (typeof left === "boolean" && typeof right === "boolean") return sign(Number(left) - Number(right));
  if (left instanceof Instant && right instanceof Instant) return sign(Number(left.nanos - right.nanos));
  if (left instanceof Duration && right instanceof Duration) return sign(Number(left.nanos - right.nanos));
  return Number.NaN;
}

const sign = (difference: number): number => (Number.isNaN(difference) ? Number.NaN : Math.sign(difference));

/** By code points, as UTF-8 sorts; JavaScript's own order is by UTF-16 units. */
function orderTexts(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    if (a[at] !== b[at]) return sign(a[at]!.codePointAt(0)! - b[at]!.codePointAt(0)!);
  }
  return sign(a.length - b.length);
}

export function equal(left: Value, right: Value): boolean {
  if (Array.isArray(left)) return Array.isArray(right) && left.length === right.length && left.every((one, at) => equal(one, right[at]!));
  if (left instanceof Map) {
    if (!(right instanceof Map) || left.size !== right.size) return false;
    for (const [key, value] of left) {
      const other = at(right, key);
      if (other === undefined || !equal(value, other)) return false;
    }
    return true;
  }
  if (left === null || right === null || left instanceof TypeName) return left === right;
  return order(left, right) === 0;
}

/** What a map holds under a key; a double asks for the whole number it is. */
export function at(map: ValueMap, key: Value): Value | undefined {
  if (typeof key === "number") return Number.isInteger(key) ? map.get(BigInt(key)) : undefined;
  if (typeof key === "boolean" || typeof key === "bigint" || typeof key === "string") return map.get(key);
  return undefined;
}

/** A value as JSON has it. Times become texts, durations seconds; what JSON lacks is an error. */
export function toJson(value: Value): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : fail("the number has no value");
  if (value instanceof Instant) return timeText(value, false);
  if (value instanceof Duration) return Number(value.nanos) / 1e9;
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]) => [String(key), toJson(one)]));
  if (value instanceof TypeName) return fail("a type is no value of a document");
  return value;
}

/**
 * A result as the expressions after it see it: as in JSON, but whole numbers stay ints.
 * Minus nought is nought.
 */
export function toFact(value: Value): Value {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : fail("the number has no value");
  if (value instanceof Instant) return timeText(value, false);
  if (value instanceof Duration) return Number(value.nanos) / 1e9;
  if (Array.isArray(value)) return value.map(toFact);
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [String(key), toFact(one)]));
  if (value instanceof TypeName) return fail("a type is no value of a document");
  return value;
}

const day = 86_400n * 1_000_000_000n;

/** The days since 1970 of the date that a clock at the instant's own place shows. */
export function dayOf(instant: Instant): bigint {
  const local = instant.nanos + BigInt(instant.offsetSeconds) * 1_000_000_000n;
  return local >= 0n ? local / day : (local - day + 1n) / day;
}

/** RFC 3339 in UTC, as Go writes it: with the fraction only when asked for, and without its trailing noughts. */
export function timeText(instant: Instant, fraction: boolean): string {
  const seconds = floor(instant.nanos, 1_000_000_000n);
  const rest = fraction ? (instant.nanos - seconds * 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "") : "";
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}${rest === "" ? "" : `.${rest}`}Z`;
}

export const floor = (value: bigint, by: bigint): bigint => (value >= 0n ? value / by : -((-value + by - 1n) / by));

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Undefined for a text that is not a time of RFC 3339. */
export function instantOf(text: string): Instant | undefined {
  const found = rfc3339.exec(text);
  if (!found) return undefined;
  const [, year, month, date, hour, minute, second, fraction = "", way, hours = "0", minutes = "0"] = found;
  const millis = Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hour), Number(minute), Number(second));
  if (!isDate(`${year}-${month}-${date}`) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const offset = (Number(hours) * 3600 + Number(minutes) * 60) * (way === "-" ? -1 : 1);
  return new Instant(BigInt(millis - offset * 1000) * 1_000_000n + BigInt(fraction.padEnd(9, "0")), offset);
}

/** Whether a text is a day of the calendar, as 2026-02-28. */
export function isDate(text: string): boolean {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!found) return false;
  const date = new Date(0);
  date.setUTCFullYear(Number(found[1]), Number(found[2]) - 1, Number(found[3]));
  return date.getUTCMonth() === Number(found[2]) - 1 && date.getUTCDate() === Number(found[3]);
}
