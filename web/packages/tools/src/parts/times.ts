import { calendarDate, dateTimeIn, dayIn, timeIn } from "@hm/ui";

/** The facility's clock, or the browser's own. */
export const zoneOf = (timeZone: string | undefined): string => timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

export const moment = (at: string, timeZone: string | undefined): string => dateTimeIn(zoneOf(timeZone), at);
export const clock = (at: string, timeZone: string | undefined): string => timeIn(zoneOf(timeZone), at);
export const day = (at: string, timeZone: string | undefined): string => calendarDate(dayIn(zoneOf(timeZone), at));
