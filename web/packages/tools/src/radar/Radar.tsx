import { brief, record, signed } from "../parts/read";
import type { ToolProps } from "../host";
import { useSay } from "../words";
import { type RadarData, onAxis, polygon, radarData, radarSummary } from "./geometry";
import css from "./Radar.module.css";

const radius = 100;
const rings = [0.25, 0.5, 0.75, 1];

/** One or two series over the same axes, with what lies between them. */
export default function Radar({ bind, config, titles, title, host }: ToolProps) {
  const say = useSay("radar");
  const data = radarData(bind, config, record(host.value), titles, host.locale);
  const known = data.series.some(({ values }) => values.some((value) => value !== null));
  if (data.axes.length === 0 || !known) return <p className={css.empty}>{say("empty")}</p>;
  return (
    <figure className={css.radar} aria-label={title || undefined}>
      {data.axes.length >= 3 ? <Figure data={data} /> : null}
      <Gaps data={data} title={title} />
    </figure>
  );
}

function Figure({ data }: { data: RadarData }) {
  const count = data.axes.length;
  const lowest = Math.max(...data.axes.map((_, index) => onAxis(index, count, 1.13, radius).y)) + 16;
  return (
    <svg className={css.figure} viewBox={`-180 -128 360 ${(128 + lowest).toFixed(0)}`} role="img" aria-label={radarSummary(data)} direction="ltr">
      {rings.map((part) => (
        <polygon key={part} className={css.ring} points={polygon(data.axes.map((_, index) => onAxis(index, count, part, radius)))} />
      ))}
      {data.axes.map((axis, index) => {
        const end = onAxis(index, count, 1, radius);
        return <line key={axis} className={css.spoke} x1={0} y1={0} x2={end.x} y2={end.y} />;
      })}
      <text className={css.scale} x={4} y={-radius * 0.5 + 3}>
        {brief(data.max / 2, 1)}
      </text>
      <text className={css.scale} x={4} y={-radius + 9}>
        {brief(data.max, 1)}
      </text>
      {data.series.map((series, which) => {
        const points = data.axes.map((_, index) => onAxis(index, count, Math.min(1, Math.max(0, (series.values[index] ?? 0) / data.max)), radius));
        return (
          <g key={which} data-series={which}>
            <polygon className={css.shape} points={polygon(points)} />
            {points.map(({ x, y }, index) => (series.values[index] == null ? null : <Mark key={index} which={which} x={x} y={y} />))}
          </g>
        );
      })}
      {data.axes.map((axis, index) => {
        const { x, y } = onAxis(index, count, 1.13, radius);
        const anchor = Math.abs(x) < 8 ? "middle" : x > 0 ? "start" : "end";
        return (
          <text key={axis} className={css.axis} x={x} y={y + (y > 20 ? 10 : y < -20 ? 0 : 4)} textAnchor={anchor}>
            {short(axis)}
          </text>
        );
      })}
    </svg>
  );
}

/** The second series has squares: the two are told apart without colour. */
function Mark({ which, x, y }: { which: number; x: number; y: number }) {
  return which === 0 ? <circle className={css.mark} cx={x} cy={y} r={3.6} /> : <rect className={css.mark} x={x - 3.4} y={y - 3.4} width={6.8} height={6.8} />;
}

const short = (axis: string): string => (axis.length > 14 ? `${axis.slice(0, 13)}…` : axis);

function Gaps({ data, title }: { data: RadarData; title: string }) {
  const say = useSay("radar");
  const unit = data.shares ? "%" : "";
  const [first, second] = data.series;
  const gaps = second ? data.axes.map((_, index) => (first!.values[index] == null || second.values[index] == null ? null : second.values[index]! - first!.values[index]!)) : [];
  const widest = Math.max(1e-9, ...gaps.map((gap) => Math.abs(gap ?? 0)));
  return (
    <table className={css.table}>
      {title || data.shares ? <caption>{[title, data.shares ? say("share") : ""].filter(Boolean).join(" · ")}</caption> : null}
      <thead>
        <tr>
          <th scope="col">{say("axis")}</th>
          {data.series.map((series, which) => (
            <th key={which} scope="col" className={css.number} data-series={which}>
              {data.series.length > 1 ? (
                <svg className={css.key} viewBox="-5 -5 10 10" aria-hidden>
                  <Mark which={which} x={0} y={0} />
                </svg>
              ) : null}
              {series.title || title || "–"}
            </th>
          ))}
          {second ? (
            <th scope="col" className={css.gapHead}>
              {say("gap")}
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {data.axes.map((axis, index) => (
          <tr key={axis}>
            <th scope="row">
              <bdi>{axis}</bdi>
            </th>
            {data.series.map((series, which) => (
              <td key={which} className={css.number}>
                {series.values[index] == null ? "–" : `${brief(series.values[index]!, 1)}${unit}`}
              </td>
            ))}
            {second ? (
              <td className={css.gap} dir="ltr">
                {gaps[index] === null ? (
                  "–"
                ) : (
                  <>
                    <svg viewBox="-50 -4 100 8" preserveAspectRatio="none" aria-hidden>
                      <rect x={-0.5} y={-4} width={1} height={8} className={css.middle} />
                      <rect x={Math.min(0, (gaps[index]! / widest) * 48)} y={-3} width={Math.abs((gaps[index]! / widest) * 48)} height={6} className={css.bar} />
                    </svg>
                    <span>{signed(gaps[index]!, 1)}</span>
                  </>
                )}
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
