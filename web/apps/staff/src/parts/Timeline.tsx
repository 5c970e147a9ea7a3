import { ErrorState, PanelSkeleton, calendarDate, dayIn, timeIn } from "@hm/ui";
import type { TimelineItem } from "@hm/client";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { read } from "../app/queries";
import { useWorkplace } from "../app/workplace";
import css from "./Timeline.module.css";

/** What happened in a visit, in order, day by day. */
export function Timeline({ encounterId }: { encounterId: string }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const items = useQuery(read.timeline(encounterId));
  if (items.isPending) return <PanelSkeleton lines={5} />;
  if (items.isError) return <ErrorState error={items.error} onRetry={() => void items.refetch()} />;
  return (
    <ol className={css.timeline} aria-label={t("timeline.label")}>
      {items.data.map((item, index) => {
        const day = dayIn(timeZone, item.at);
        const previous = items.data[index - 1];
        const newDay = !previous || dayIn(timeZone, previous.at) !== day;
        return (
          <li key={item.id}>
            {newDay ? <div className={css.day}><bdi>{calendarDate(day)}</bdi></div> : null}
            <Happening item={item} time={timeIn(timeZone, item.at)} />
          </li>
        );
      })}
    </ol>
  );
}

/** Which task or document it was. */
function about({ meta }: TimelineItem): string | null {
  const code = meta.task_code ?? meta.template_code;
  if (typeof code !== "string") return null;
  const words = code.replaceAll(/[-_]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function Happening({ item, time }: { item: TimelineItem; time: string }) {
  return (
    <div className={css.item} data-type={item.type}>
      <time dateTime={item.at} className={css.time}>
        {time}
      </time>
      <span className={css.dot} aria-hidden />
      <span className={css.title}>
        {item.title} <bdi className={css.about}>{about(item)}</bdi>
      </span>
      <bdi className={css.actor}>{item.actor?.name}</bdi>
    </div>
  );
}
