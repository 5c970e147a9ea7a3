import type { Priority } from "@hm/client";
import { StatusChip, minutesBetween } from "@hm/ui";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

/** How urgent it is; what is routine says nothing. */
export function PriorityChip({ priority }: { priority: Priority }) {
  const { t } = useTranslation();
  if (priority === "ROUTINE") return null;
  return <StatusChip tone={priority === "STAT" ? "critical" : "warn"}>{t(`orders.priorities.${priority}`)}</StatusChip>;
}

/** In how long it is due, or since when it is overdue. */
export function Due({ at }: { at: string | null }) {
  const { t } = useTranslation();
  const now = useMinute();
  const span = useSpan();
  if (!at) return null;
  const due = new Date(at);
  if (due < now) return <StatusChip tone="warn">{t("lab.due.overdue", { time: span(minutesBetween(at, now)) })}</StatusChip>;
  return <bdi className="hm-figures">{t("lab.due.in", { time: span(minutesBetween(now.toISOString(), due)) })}</bdi>;
}

function useSpan(): (minutes: number) => string {
  const { t } = useTranslation();
  return (minutes) => {
    if (minutes < 120) return t("lab.due.minutes", { count: minutes });
    if (minutes < 48 * 60) return t("lab.due.hours", { count: Math.floor(minutes / 60) });
    return t("lab.due.days", { count: Math.floor(minutes / (24 * 60)) });
  };
}

function useMinute(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 30_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
