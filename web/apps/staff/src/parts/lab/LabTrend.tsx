import { type Drawn, lay } from "@hm/tools/chart";
import type { LabTrend as Trend } from "@hm/client";
import { ErrorState, PanelSkeleton, Quantity, dateTimeIn, dayIn, calendarDate, unitText } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { FlagChip } from "./Flag";
import css from "./LabResults.module.css";
import { rangeText } from "./ranges";
import { type Placed, joined, placedOf } from "./trendPoints";

const frame = { width: 520, height: 150, left: 44, right: 16, top: 10, bottom: 22 };
const number = (value: unknown): number | null => (typeof value === "number" ? value : null);

/** The released values of one analyte over time, each marked as it was judged then; behind them the range of the newest. */
export function LabTrend({ patientId, code }: { patientId: string; code: string }) {
  const { t } = useTranslation();
  const trends = useQuery(read.labTrend(patientId, code));
  if (trends.isError) return <ErrorState error={trends.error} onRetry={() => void trends.refetch()} />;
  if (!trends.data) return <PanelSkeleton lines={2} />;
  const trend = trends.data.find((one) => one.code === code);
  if (!trend || trend.points.length === 0) return <p className={css.quiet}>{t("lab.chart.noTrend")}</p>;
  return <Drawing trend={trend} />;
}

function Drawing({ trend }: { trend: Trend }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const [chosen, setChosen] = useState<number | null>(null);
  const { placed: points, inOtherUnits } = placedOf(trend.points);
  const last = trend.points.at(-1)!;
  const band = { low: number(last.reference_low), high: number(last.reference_high) };
  const drawn: Drawn | null = points.length > 0 ? lay(points, band, frame) : null;
  const unitOf = (unit: string | null) => (unit ? unitText(unit) : undefined);
  const shown = chosen === null ? undefined : points[chosen];
  return (
    <figure className={css.trend}>
      <figcaption className={css.trendHead}>
        <strong>
          <bdi>{trend.name}</bdi>
        </strong>
        {rangeText(last) ? (
          <span className={css.when}>
            {t("lab.entry.range")} <Quantity value={rangeText(last)} unit={unitOf(last.unit)} />
          </span>
        ) : null}
        {shown ? (
          <span className={css.shown}>
            <Quantity value={shown.point.display} unit={unitOf(shown.point.unit)} /> <bdi className={css.when}>{dateTimeIn(timeZone, shown.at)}</bdi>
          </span>
        ) : null}
      </figcaption>
      {drawn ? (
        <div dir="ltr">
          <svg viewBox={`0 0 ${frame.width} ${frame.height}`} role="img" aria-label={t("lab.chart.trendOf", { name: trend.name, count: points.length })} onPointerLeave={() => setChosen(null)}>
            {drawn.band ? <rect className={css.band} x={frame.left} y={drawn.band.y} width={frame.width - frame.left - frame.right} height={drawn.band.height} /> : null}
            {drawn.lines.map(({ value, y }) => (
              <g key={value}>
                <line className={css.grid} x1={frame.left} x2={frame.width - frame.right} y1={y} y2={y} />
                <text className={css.scale} x={frame.left - 6} y={y + 4} textAnchor="end">
                  {value}
                </text>
              </g>
            ))}
            {joined(drawn.points, (_, index) => points[index]!.beyond !== null).map((run) => (
              <polyline key={run[0]!.x} className={css.path} points={run.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} />
            ))}
            {drawn.points.map(({ x, y }, index) => (
              <g key={points[index]!.point.result_id} onPointerEnter={() => setChosen(index)}>
                <circle className={css.reach} cx={x} cy={y} r={12} />
                <Dot x={x} y={y} of={points[index]!} size={chosen === index ? 6 : 4} />
              </g>
            ))}
            <text className={css.scale} x={points.length > 1 ? frame.left : frame.width / 2} y={frame.height - 5} textAnchor={points.length > 1 ? "start" : "middle"}>
              {calendarDate(dayIn(timeZone, points[0]!.at))}
            </text>
            {points.length > 1 ? (
              <text className={css.scale} x={frame.width - frame.right} y={frame.height - 5} textAnchor="end">
                {calendarDate(dayIn(timeZone, points.at(-1)!.at))}
              </text>
            ) : null}
          </svg>
        </div>
      ) : null}
      {inOtherUnits > 0 ? <p className={css.quiet}>{t("lab.chart.inOtherUnits", { count: inOtherUnits })}</p> : null}
      <details className={css.values}>
        <summary>{t("lab.chart.values", { count: trend.points.length })}</summary>
        <ul>
          {trend.points.toReversed().map((point) => (
            <li key={point.result_id}>
              <bdi className={css.when}>{dateTimeIn(timeZone, point.at)}</bdi> <Quantity value={point.display} unit={unitOf(point.unit)} /> {point.flag ? <FlagChip flag={point.flag} quiet /> : null}
            </li>
          ))}
        </ul>
      </details>
    </figure>
  );
}

/** What was judged abnormal is a diamond, not only another colour; what was beyond the instrument's reach points there. */
function Dot({ x, y, of: { outside, beyond }, size }: { x: number; y: number; of: Placed; size: number }) {
  const wide = size + 1.4;
  const name = outside ? css.outside : css.dot;
  if (beyond) {
    const tip = beyond === "above" ? -2 * wide : 2 * wide;
    return <path className={name} data-beyond={beyond} d={`M${x - wide} ${y}H${x + wide}L${x} ${y + tip}Z`} />;
  }
  return outside ? <path className={name} d={`M${x} ${y - wide}L${x + wide} ${y}L${x} ${y + wide}L${x - wide} ${y}Z`} /> : <circle className={name} cx={x} cy={y} r={size} />;
}
