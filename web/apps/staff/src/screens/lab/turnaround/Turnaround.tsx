import { SegmentedControl, Select } from "@mantine/core";
import type { lab } from "@hm/client";
import { EmptyState, ErrorState, StatusChip, TableSkeleton } from "@hm/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import { type Period, duration, periods, scaleOf, since, worstFirst } from "./periods";
import css from "./Turnaround.module.css";

const groupings = ["service", "section", "priority"] as const;
type TurnaroundRow = Awaited<ReturnType<typeof lab.turnaround>>[number];
type Grouping = (typeof groupings)[number];

/** How long tests take, against what was promised; what is late now stands first. */
export function Turnaround() {
  const { t } = useTranslation();
  const { timeZone, today } = useWorkplace();
  const [period, setPeriod] = useState<Period>("week");
  const [by, setBy] = useState<Grouping>("service");
  const rows = useQuery({ ...read.turnaround({ since: since(period, today, timeZone), by }), placeholderData: keepPreviousData });
  return (
    <div className={css.turnaround}>
      <div className={css.filters}>
        <Select label={t("turnaround.period")} data={periods.map((value) => ({ value, label: t(`turnaround.periods.${value}`) }))} value={period} onChange={(value) => value && setPeriod(value as Period)} allowDeselect={false} />
        <div role="group" aria-label={t("turnaround.by")}>
          <span className={css.label} aria-hidden>
            {t("turnaround.by")}
          </span>
          <SegmentedControl size="sm" data={groupings.map((value) => ({ value, label: t(`turnaround.bys.${value}`) }))} value={by} onChange={(value) => setBy(value as Grouping)} />
        </div>
      </div>
      {rows.isPending ? (
        <TableSkeleton />
      ) : rows.isError ? (
        <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />
      ) : rows.data.length === 0 ? (
        <EmptyState>{t("turnaround.none")}</EmptyState>
      ) : (
        <Rows rows={by === "priority" ? rows.data : worstFirst(rows.data)} by={by} />
      )}
    </div>
  );
}

function Rows({ rows, by }: { rows: TurnaroundRow[]; by: Grouping }) {
  const { t } = useTranslation();
  const time = useTime();
  return (
    <div className={css.scroll}>
      <table className={css.table} aria-label={t("turnaround.label")}>
        <thead>
          <tr>
            <th scope="col">{t(`turnaround.bys.${by}`)}</th>
            <th scope="col" className={css.figure}>
              {t("turnaround.count")}
            </th>
            <th scope="col" className={css.bars}>
              {t("turnaround.times")}
            </th>
            <th scope="col" className={css.figure}>
              {t("turnaround.target")}
            </th>
            <th scope="col">{t("turnaround.within")}</th>
            <th scope="col">{t("turnaround.overdue")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <bdi>{row.title || row.key || t("turnaround.unknown")}</bdi>
              </th>
              <td className={css.figure}>{row.count}</td>
              <td className={css.bars}>
                <Bars row={row} />
              </td>
              <td className={css.figure}><bdi className={css.time}>{row.target_minutes === null ? t("turnaround.noTarget") : time(row.target_minutes)}</bdi></td>
              <td>
                <Within share={row.within_target} />
              </td>
              <td>{row.overdue_now > 0 ? <StatusChip tone="warn">{t("turnaround.late", { count: row.overdue_now })}</StatusChip> : <span className={css.zero}>0</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Minutes in the words of the language. */
function useTime(): (minutes: number) => string {
  const { t } = useTranslation();
  return (minutes) => {
    const { key, large, small } = duration(minutes);
    return t(`turnaround.duration.${key}`, { large, small });
  };
}

/** Half of the tests were ready within the dark bar, nine of ten within the light one; the line is the target. */
function Bars({ row }: { row: TurnaroundRow }) {
  const { t } = useTranslation();
  const time = useTime();
  const scale = scaleOf(row);
  if (row.median_minutes === null || row.p90_minutes === null) return <span className={css.quiet}>{t("turnaround.noneReleased")}</span>;
  const share = (minutes: number) => `${((minutes / scale) * 100).toFixed(2)}%`;
  return (
    <div className={css.cell}>
      <span className={css.track} dir="ltr" aria-hidden>
        <span className={css.p90} style={{ inlineSize: share(row.p90_minutes) }} />
        <span className={css.median} style={{ inlineSize: share(row.median_minutes) }} />
        {row.target_minutes === null ? null : <span className={css.goal} style={{ insetInlineStart: share(row.target_minutes) }} />}
      </span>
      <bdi className={css.said}>{t("turnaround.took", { median: time(row.median_minutes), p90: time(row.p90_minutes) })}</bdi>
      {row.target_minutes === null ? null : <bdi className={css.brief}>{t("turnaround.briefly", { count: row.count, target: time(row.target_minutes) })}</bdi>}
    </div>
  );
}

function Within({ share }: { share: number | null }) {
  const { t } = useTranslation();
  if (share === null) return <span className={css.quiet}>–</span>;
  const percent = Math.floor(share * 100);
  return <StatusChip tone={share >= 0.9 ? "ok" : share >= 0.75 ? "warn" : "critical"}><bdi>{t("turnaround.percent", { percent })}</bdi></StatusChip>;
}
