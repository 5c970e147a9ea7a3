import type { Apply } from "./functions";
import { Duration, Instant, type Value, fail } from "./values";

/** The clock at an instant in a zone, UTC without one, as a Date whose UTC parts are the zone's. */
function clock(instant: Instant, zone: Value | undefined): Date {
  const millis = Number(instant.nanos / 1_000_000n) - (instant.nanos < 0n && instant.nanos % 1_000_000n !== 0n ? 1 : 0);
  if (zone === undefined) return new Date(millis);
  if (typeof zone !== "string") return fail("no such overload");
  const offset = /^([+-]?)(\d\d):(\d\d)$/.exec(zone);
  if (offset) return new Date(millis + (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === "-" ? -60_000 : 60_000));
  try {
    const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
    const part = Object.fromEntries(format.formatToParts(millis).map(({ type, value }) => [type, Number(value)]));
    return new Date(Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!, ((millis % 1000) + 1000) % 1000));
  } catch {
    return fail("there is no such time zone");
  }
}

const yearDay = (date: Date): number => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);

function part(ofTime: (date: Date) => number, ofDuration?: bigint): Apply {
  return ([value, zone]) => {
    if (value instanceof Instant) return BigInt(ofTime(clock(value, zone)));
    if (value instanceof Duration && ofDuration) return value.nanos / ofDuration;
    return fail("no such overload");
  };
}

/** What CEL tells of times and durations. */
export const timeParts: Record<string, Apply> = {
  getFullYear: part((date) => date.getUTCFullYear()),
  getMonth: part((date) => date.getUTCMonth()),
  getDate: part((date) => date.getUTCDate()),
  getDayOfMonth: part((date) => date.getUTCDate() - 1),
  getDayOfWeek: part((date) => date.getUTCDay()),
  getDayOfYear: part(yearDay),
  getHours: part((date) => date.getUTCHours(), 3_600_000_000_000n),
  getMinutes: part((date) => date.getUTCMinutes(), 60_000_000_000n),
  getSeconds: part((date) => date.getUTCSeconds(), 1_000_000_000n),
  getMilliseconds: ([value, zone]) => {
    if (value instanceof Duration) return (value.nanos % 1_000_000_000n) / 1_000_000n;
    return value instanceof Instant ? BigInt(clock(value, zone).getUTCMilliseconds()) : fail("no such overload");
  },
};
