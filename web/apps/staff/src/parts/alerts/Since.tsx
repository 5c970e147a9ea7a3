import { dateTimeIn, minutesBetween } from "@hm/ui";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";

/** How long something has waited, in the unit that people say: minutes, hours, days. */
export function waited(minutes: number): { unit: "minutes" | "hours" | "days"; count: number } {
  if (minutes < 90) return { unit: "minutes", count: minutes };
  if (minutes < 48 * 60) return { unit: "hours", count: Math.floor(minutes / 60) };
  return { unit: "days", count: Math.floor(minutes / (24 * 60)) };
}

export function Since({ at }: { at: string }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  const { unit, count } = waited(minutesBetween(at, now));
  return (
    <time dateTime={at} title={dateTimeIn(timeZone, at)} className="hm-figures">
      <bdi>{t(`alerts.since.${unit}`, { count })}</bdi>
    </time>
  );
}
