import { instantIn, partsIn } from "@hm/ui";

const clock = /^([01]?\d|2[0-3])[:.]?([0-5]\d)$/;

/** `8:30`, `08.30` and `0830` as hours and minutes; null for what is no time of a day. */
export function readTime(typed: string): { hour: number; minute: number } | null {
  const found = clock.exec(typed.trim());
  return found ? { hour: Number(found[1]), minute: Number(found[2]) } : null;
}

/** The moment at which the facility's clock shows this time on this day; null while one of them is none. */
export function momentAt(timeZone: string, day: string | undefined, typed: string): string | null {
  const time = readTime(typed);
  if (!day || !time) return null;
  const wanted = time.hour * 60 + time.minute;
  const at = new Date(new Date(instantIn(timeZone, day)).getTime() + wanted * 60_000);
  // the clock may have changed since midnight
  const shown = partsIn(timeZone, at);
  const off = wanted - (shown.hour * 60 + shown.minute);
  return new Date(at.getTime() + (Math.abs(off) <= 180 ? off : 0) * 60_000).toISOString();
}
