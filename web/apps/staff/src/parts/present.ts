import type { Encounter } from "@hm/client";
import { todayIn } from "@hm/ui";
import { momentOf } from "./EncounterStatus";

/** Whoever came longer ago than this, and on another day, has gone without a word. In milliseconds. */
const patience = 12 * 3_600_000;

/** The days whose visits may still be under way, the newest last: midnight sends nobody home who waits. */
export function daysPresent(timeZone: string, now: Date = new Date()): string[] {
  return [...new Set([todayIn(timeZone, new Date(now.getTime() - patience)), todayIn(timeZone, now)])];
}

/** Whether this visit may still be under way: every one of today's, and of yesterday's those that began late. */
export function isPresent(encounter: Encounter, timeZone: string, now: Date = new Date()): boolean {
  const since = new Date(momentOf(encounter));
  return todayIn(timeZone, since) === todayIn(timeZone, now) || now.getTime() - since.getTime() <= patience;
}
