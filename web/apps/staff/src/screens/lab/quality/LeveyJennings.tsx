import type { ControlRun } from "@hm/client";
import { Reading } from "@hm/tools/reading";
import { useWidth } from "@hm/tools/width";
import { dateTimeIn, unitText } from "@hm/ui";
import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Frame, type Mark, type Placed, howMany, lay, lineValue, lines, markOf, nearest } from "./chart";
import css from "./LeveyJennings.module.css";

interface LeveyJenningsProps {
  /** Newest first, as they are read. */
  runs: ControlRun[];
  /** The target of today, whose values stand at the lines. */
  target: { mean: number; sd: number };
  label: string;
  timeZone: string;
}

const frameOf = (width: number): Frame => ({ width, height: width < 480 ? 220 : 260, left: 46, right: 48, top: 18, bottom: 26 });
/** The first and the last run stand clear of what is written at the lines. */
const clear = 10;
/** What a point says stands clear of the rules that are written at it. */
const rulesRoom = 26;

/** Runs against their mean and the lines of 1, 2 and 3 SD. The arrow keys go from run to run; each tells itself. */
export function LeveyJennings({ runs, target, label, timeZone }: LeveyJenningsProps) {
  const { t } = useTranslation();
  const [element, width] = useWidth<HTMLDivElement>(640);
  const [chosen, setChosen] = useState<number | null>(null);
  const frame = frameOf(width);
  const shown = runs.slice(0, howMany(width, frame)).toReversed();
  const { points, y, narrow } = lay(shown, { ...frame, left: frame.left + clear, right: frame.right + clear });
  const last = shown.length - 1;
  const at = Math.min(chosen ?? last, last);

  const said = (run: ControlRun) =>
    [dateTimeIn(timeZone, run.at), `${run.value} ${unitText(run.unit)}`.trim(), t("quality.chart.sds", { z: signed(run.z, 2) }), run.excluded ? t("quality.status.EXCLUDED") : run.rules.join(" ")].filter(Boolean).join(", ");

  function onKeyDown(event: KeyboardEvent) {
    const moves: Record<string, number> = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: last };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setChosen(Math.min(last, Math.max(0, next)));
  }

  const onPointerMove = (event: PointerEvent) => setChosen(nearest(points, event.clientX - event.currentTarget.getBoundingClientRect().left));

  return (
    <div ref={element} dir="ltr" className={css.frame}>
      <svg
        className={css.chart}
        width={width}
        height={frame.height}
        viewBox={`0 0 ${width} ${frame.height}`}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={1}
        aria-valuemax={shown.length}
        aria-valuenow={at + 1}
        aria-valuetext={said(shown[at]!)}
        onKeyDown={onKeyDown}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setChosen(null)}
        onBlur={() => setChosen(null)}
      >
        <rect className={css.within} x={frame.left} y={y(2)} width={width - frame.left - frame.right} height={y(-2) - y(2)} />
        {lines.map((sds) => (
          <g key={sds}>
            <line className={css.line} data-sds={Math.abs(sds)} x1={frame.left} x2={width - frame.right} y1={y(sds)} y2={y(sds)} />
            <text className={css.scale} x={frame.left - 6} y={y(sds) + 4} textAnchor="end">
              {sds === 0 ? t("quality.chart.mean") : t("quality.chart.sd", { sds: signed(sds) })}
            </text>
            <text className={css.scale} x={width - frame.right + 6} y={y(sds) + 4}>
              {lineValue(target.mean, target.sd, sds)}
            </text>
          </g>
        ))}
        <polyline className={css.path} points={points.filter((_, index) => !shown[index]!.excluded).map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`).join(" ")} />
        {points.map((point, index) => (
          <Point key={shown[index]!.id} at={point} mark={markOf(shown[index]!)} chosen={chosen === index} />
        ))}
        {points.map((point, index) => (
          <Rules key={shown[index]!.id} at={point} run={shown[index]!} narrow={narrow} raised={narrow && index % 2 === 1} width={width} />
        ))}
        <text className={css.scale} x={frame.left} y={frame.height - 6}>
          {dateTimeIn(timeZone, shown[0]!.at).slice(0, 11)}
        </text>
        {last > 0 ? (
          <text className={css.scale} x={width - frame.right} y={frame.height - 6} textAnchor="end">
            {dateTimeIn(timeZone, shown[last]!.at).slice(0, 11)}
          </text>
        ) : null}
        {chosen === null ? null : <Reading x={points[at]!.x} y={points[at]!.y} width={width} text={said(shown[at]!)} away={rulesRoom} />}
      </svg>
    </div>
  );
}

/** With its sign, and as many digits as one asks for. */
export const signed = (value: number, decimals = 0): string => `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(decimals)}`;

/** A shape for each verdict: a dot, a triangle, a diamond, a cross for what counts no more; an arrow's head at the edge. */
function Point({ at: { x, y, beyond }, mark, chosen }: { at: Placed; mark: Mark; chosen: boolean }) {
  const size = (mark === "in" ? 3.6 : 5.2) + (chosen ? 1.8 : 0);
  const edge = beyond === 0 ? null : <path className={css.edge} d={`M${x - 4} ${y - beyond * 7}L${x} ${y - beyond * 12}L${x + 4} ${y - beyond * 7}`} />;
  return (
    <g data-mark={mark} className={css.point}>
      {mark === "in" ? <circle cx={x} cy={y} r={size} /> : null}
      {mark === "warning" ? <path d={`M${x} ${y - size}L${x + size} ${y + size * 0.8}L${x - size} ${y + size * 0.8}Z`} /> : null}
      {mark === "rejected" ? <path d={`M${x} ${y - size}L${x + size} ${y}L${x} ${y + size}L${x - size} ${y}Z`} /> : null}
      {mark === "excluded" ? <path d={`M${x - size} ${y - size}L${x + size} ${y + size}M${x + size} ${y - size}L${x - size} ${y + size}`} /> : null}
      {edge}
    </g>
  );
}

/** The rules a run broke, in words beside it. */
function Rules({ at: { x, y, beyond }, run, narrow, raised, width }: { at: Placed; run: ControlRun; narrow: boolean; raised: boolean; width: number }) {
  if (run.rules.length === 0 || run.excluded) return null;
  // away from the mean, where the line does not run; at the chart's edge towards it
  const away = (run.z < 0 ? 1 : -1) * (beyond === 0 ? 1 : -1);
  const text = narrow && run.rules.length > 1 ? `${run.rules[0]}…` : run.rules.join(" ");
  const half = text.length * 3.2;
  return (
    <text className={css.rules} data-mark={markOf(run)} x={Math.min(width - half, Math.max(half, x))} y={y + away * (raised ? 22 : 11) + (away > 0 ? 8 : 0)} textAnchor="middle">
      {text}
    </text>
  );
}
