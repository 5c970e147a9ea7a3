import { Quantity, ToneMark } from "@hm/ui";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { Loading } from "../Loading";
import { Failed } from "../parts/Failed";
import { type Observation, useObservations } from "../parts/observations";
import { brief, list, number, signed } from "../parts/read";
import { Reading } from "../parts/Reading";
import { day, moment } from "../parts/times";
import { useWidth } from "../parts/useWidth";
import parts from "../parts/parts.module.css";
import type { ToolProps } from "../host";
import { useSay } from "../words";
import { type TrendPoint, type TrendSeries, lay, nearest, placeOf, pointsOf, readSeries } from "./chart";
import css from "./Trend.module.css";

/** Recorded values over time, each with its normal band. */
export default function Trend({ bind, config, title, host }: ToolProps) {
  const say = useSay("trend");
  const [attempt, setAttempt] = useState(0);
  const wanted = list(bind.observations ?? config.observations).map((one) => readSeries(one, host.locale)).filter(({ code }) => code);
  const found = useObservations(host, wanted, number(config.days), attempt);
  if (found.state === "loading") return <Loading />;
  if (found.state === "failed") return <Failed error={found.error} onAgain={() => setAttempt(attempt + 1)} />;
  const drawn = wanted.map((series, index) => ({ series, observations: found.found[index] ?? [] })).filter(({ observations }) => pointsOf(observations).length > 0);
  return (
    <div className={parts.tool} role="group" aria-label={title || undefined}>
      {drawn.length === 0 ? <p className={parts.quiet}>{say("empty")}</p> : null}
      {drawn.map(({ series, observations }) => (
        <Panel key={`${series.system} ${series.code}`} series={series} observations={observations} timeZone={host.timeZone} />
      ))}
    </div>
  );
}

const frameOf = (width: number) => ({ width, height: 148, left: 40, right: 14, top: 10, bottom: 22 });

function Panel({ series, observations, timeZone }: { series: TrendSeries; observations: Observation[]; timeZone: string | undefined }) {
  const say = useSay("trend");
  const [element, width] = useWidth<HTMLDivElement>(480);
  const points = pointsOf(observations);
  const [chosen, setChosen] = useState<number | null>(null);
  const unit = series.unit || observations.at(-1)?.unit || "";
  const frame = frameOf(width);
  const { points: placed, lines, band } = lay(points, series, frame);
  const at = Math.min(chosen ?? points.length - 1, points.length - 1);
  const said = (point: TrendPoint) => {
    const place = placeOf(point.value, series);
    return [moment(point.at, timeZone), `${brief(point.value, series.decimals)} ${unit}`.trim(), place === "within" ? "" : say(place)].filter(Boolean).join(", ");
  };
  const change = points.length > 1 ? points.at(-1)!.value - points.at(-2)!.value : null;

  function onKeyDown(event: KeyboardEvent) {
    const moves: Record<string, number> = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: points.length - 1 };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setChosen(Math.min(points.length - 1, Math.max(0, next)));
  }

  function onPointerMove(event: PointerEvent) {
    setChosen(nearest(placed, event.clientX - event.currentTarget.getBoundingClientRect().left));
  }

  return (
    <figure className={css.panel}>
      <figcaption className={css.head}>
        <strong>{series.title}</strong>
        <span className={css.latest}>
          <Quantity value={brief(points.at(-1)!.value, series.decimals)} unit={unit} />
          <Flag value={points.at(-1)!.value} series={series} />
          {change === null ? null : <bdi className={css.change}>{say("change", { change: signed(change, series.decimals) })}</bdi>}
        </span>
        {band ? (
          <span className={css.normal}>
            {say("normal")} <bdi dir="ltr">{range(series)}</bdi>
          </span>
        ) : null}
      </figcaption>
      <div ref={element} dir="ltr">
        <svg
          className={css.chart}
          width={width}
          height={frame.height}
          role="slider"
          tabIndex={0}
          aria-label={series.title}
          aria-valuemin={1}
          aria-valuemax={points.length}
          aria-valuenow={at + 1}
          aria-valuetext={said(points[at]!)}
          onKeyDown={onKeyDown}
          onPointerMove={onPointerMove}
          onPointerLeave={() => setChosen(null)}
          onBlur={() => setChosen(null)}
        >
          {band ? <rect className={css.band} x={frame.left} y={band.y} width={width - frame.left - frame.right} height={band.height} /> : null}
          {lines.map(({ value, y }) => (
            <g key={value}>
              <line className={css.line} x1={frame.left} x2={width - frame.right} y1={y} y2={y} />
              <text className={css.scale} x={frame.left - 6} y={y + 4} textAnchor="end">
                {brief(value, 4)}
              </text>
            </g>
          ))}
          <polyline className={css.path} points={placed.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} />
          {placed.map(({ x, y }, index) => (
            <Dot key={index} x={x} y={y} outside={placeOf(points[index]!.value, series) !== "within"} chosen={chosen === index} />
          ))}
          <text className={css.scale} x={points.length > 1 ? frame.left : width / 2} y={frame.height - 4} textAnchor={points.length > 1 ? "start" : "middle"}>
            {day(points[0]!.at, timeZone)}
          </text>
          {points.length > 1 ? (
            <text className={css.scale} x={width - frame.right} y={frame.height - 4} textAnchor="end">
              {day(points.at(-1)!.at, timeZone)}
            </text>
          ) : null}
          {chosen === null ? null : <Reading x={placed[at]!.x} y={placed[at]!.y} width={width} text={said(points[at]!)} />}
        </svg>
      </div>
      <details className={parts.details}>
        <summary>{say("values", { count: points.length })}</summary>
        <Values points={points} series={series} unit={unit} timeZone={timeZone} />
      </details>
    </figure>
  );
}

function range({ low, high }: TrendSeries): string {
  if (low === null) return `≤ ${high}`;
  if (high === null) return `≥ ${low}`;
  return `${low}–${high}`;
}

/** What lies outside the band is a diamond, not only another colour. */
function Dot({ x, y, outside, chosen }: { x: number; y: number; outside: boolean; chosen: boolean }) {
  const size = chosen ? 6 : outside ? 5 : 3.6;
  return outside ? <path className={css.outside} d={`M${x} ${y - size}L${x + size} ${y}L${x} ${y + size}L${x - size} ${y}Z`} /> : <circle className={css.dot} cx={x} cy={y} r={size} />;
}

function Flag({ value, series }: { value: number; series: TrendSeries }) {
  const say = useSay("trend");
  const place = placeOf(value, series);
  if (place === "within") return null;
  return (
    <span className={css.flag}>
      <ToneMark tone="warn" />
      {say(place)}
    </span>
  );
}

function Values({ points, series, unit, timeZone }: { points: TrendPoint[]; series: TrendSeries; unit: string; timeZone: string | undefined }) {
  const say = useSay("trend");
  return (
    <table className={parts.table}>
      <caption className="hm-visually-hidden">{series.title}</caption>
      <thead>
        <tr>
          <th scope="col">{say("time")}</th>
          <th scope="col" className={parts.number}>
            {say("value")}
          </th>
          <th scope="col">{say("place")}</th>
        </tr>
      </thead>
      <tbody>
        {points.toReversed().map((point, index) => (
          <tr key={index}>
            <th scope="row">
              <bdi>{moment(point.at, timeZone)}</bdi>
            </th>
            <td className={parts.number}>
              <Quantity value={brief(point.value, series.decimals)} unit={unit} />
            </td>
            <td>
              <Flag value={point.value} series={series} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
