import { ageOn } from "@hm/ui";
import { adultFrom } from "../../parts/vitals";

/** Early-warning scores hold for adults; of unknown age nothing is claimed. */
export function isAdultOn(today: string, born: string | null): boolean {
  if (!born) return false;
  const { unit, count } = ageOn(today, born);
  return unit === "years" && count >= adultFrom;
}
