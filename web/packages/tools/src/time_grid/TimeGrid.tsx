import { StatusChip } from "@hm/ui";
import { useEffect, useMemo, useRef, useState } from "react";
import { Loading } from "../Loading";
import { Failed } from "../parts/Failed";
import { useObservations } from "../parts/observations";
import { record, texts } from "../parts/read";
import { clock, day } from "../parts/times";
import parts from "../parts/parts.module.css";
import type { ToolProps } from "../host";
import { useSay } from "../words";
import { type Column, type GridConfig, columnsOf, readGrid, typedColumn } from "./grid";
import css from "./TimeGrid.module.css";

/** Observations as wards chart them: a row for each parameter, a column for each time, every cell in the colour of its score. */
export default function TimeGrid({ config, bind, title, host }: ToolProps) {
  const say = useSay("time_grid");
  const [attempt, setAttempt] = useState(0);
  const grid = useMemo(() => readGrid(config, host.locale), [config, host.locale]);
  const found = useObservations(host, grid.parameters, null, attempt);
  const scroll = useRef<HTMLDivElement>(null);
  const recorded = useMemo(() => (found.state === "ready" ? columnsOf(grid, found.found, host.locale) : []), [found, grid, host.locale]);
  const typed = typedColumn(grid, texts(bind.values), record(host.value), recorded.at(-1), host.locale);
  const columns = typed ? [...recorded, typed] : recorded;

  // the newest column is the one that is looked for
  useEffect(() => {
    if (scroll.current) scroll.current.scrollLeft = scroll.current.scrollWidth;
  }, [columns.length]);

  if (found.state === "loading") return <Loading />;
  if (found.state === "failed") return <Failed error={found.error} onAgain={() => setAttempt(attempt + 1)} />;
  if (columns.length === 0) return <p className={parts.quiet}>{say("empty")}</p>;
  const dayOf = ({ at }: Column) => (at === null ? "" : day(at, host.timeZone));
  const newDay = (index: number) => index === 0 || dayOf(columns[index]!) !== dayOf(columns[index - 1]!);
  return (
    <div className={parts.tool}>
      <Latest column={columns.at(-1)!} grid={grid} />
      <div ref={scroll} className={css.scroll} dir="ltr" role="region" aria-label={title || grid.title} tabIndex={0}>
        <table className={css.grid}>
          <caption className="hm-visually-hidden">{title || grid.title}</caption>
          <thead>
            <tr>
              <th scope="col" className={css.parameter}>
                {say("parameter")}
              </th>
              {columns.map((column, index) => (
                <th key={column.at ?? "now"} scope="col">
                  <span className={css.day}>{newDay(index) ? dayOf(column).slice(0, 6) : ""}</span>
                  {column.at === null ? say("now") : clock(column.at, host.timeZone)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.parameters.map((parameter, row) => (
              <tr key={`${parameter.system} ${parameter.code}`}>
                <th scope="row" className={css.parameter}>
                  <bdi>{parameter.title}</bdi> {parameter.unit ? <span className={css.unit}>{parameter.unit}</span> : null}
                </th>
                {columns.map((column) => (
                  <Scored key={column.at ?? "now"} cell={column.cells[row] ?? null} />
                ))}
              </tr>
            ))}
            <tr className={css.total}>
              <th scope="row" className={css.parameter}>
                <bdi>{grid.title || say("total")}</bdi>
              </th>
              {columns.map((column) => (
                <td key={column.at ?? "now"} className={parts.tone} data-tone={column.band?.tone}>
                  {column.total === null ? "–" : `${column.total}${column.incomplete ? "*" : ""}`}
                  {column.band ? <span className="hm-visually-hidden">{` ${column.band.title}`}</span> : null}
                </td>
              ))}
            </tr>
            <tr aria-hidden>
              <th className={css.parameter}>{say("course")}</th>
              <td colSpan={columns.length} className={css.course}>
                <Course columns={columns} grid={grid} />
              </td>
            </tr>
          </tbody>
        </table>
      </div>
      <Legend grid={grid} incomplete={columns.some(({ incomplete }) => incomplete)} />
    </div>
  );
}

function Latest({ column, grid }: { column: Column; grid: GridConfig }) {
  const say = useSay("time_grid");
  return (
    <div className={parts.bar}>
      <strong className={css.latest}>
        {grid.title || say("total")} <bdi>{column.total ?? "–"}</bdi>
      </strong>
      {column.band ? <StatusChip tone={column.band.tone}>{column.band.title}</StatusChip> : null}
      {column.incomplete ? <StatusChip tone="warn">{say("incomplete")}</StatusChip> : null}
    </div>
  );
}

/** A value with its score: the number, a mark for each point, and the colour. */
function Scored({ cell }: { cell: Column["cells"][number] }) {
  const say = useSay("time_grid");
  if (!cell) {
    return (
      <td className={css.none}>
        <span aria-hidden>·</span>
        <span className="hm-visually-hidden">{say("none")}</span>
      </td>
    );
  }
  return (
    <td data-score={cell.score ?? undefined}>
      <bdi>{cell.shown}</bdi>
      <Points score={cell.score} />
      {cell.score === null ? null : <span className="hm-visually-hidden">{` ${say("score", { score: cell.score })}`}</span>}
    </td>
  );
}

function Points({ score }: { score: number | null }) {
  if (!score) return null;
  return (
    <span className={css.points} aria-hidden>
      {"▲".repeat(Math.min(3, score))}
    </span>
  );
}

/** The total over time, over the bands of the aggregate. */
function Course({ columns, grid }: { columns: Column[]; grid: GridConfig }) {
  const highest = Math.max(8, ...columns.map(({ total }) => (total ?? 0) + 1), ...grid.bands.map(({ from }) => from + 2));
  const y = (total: number) => 56 - (total / highest) * 52;
  const x = (index: number) => ((index + 0.5) / columns.length) * 100;
  const known = columns.map(({ total }, index) => ({ total, index })).filter(({ total }) => total !== null);
  return (
    <svg viewBox="0 0 100 60" preserveAspectRatio="none">
      {grid.bands.map(({ from, tone }, index) => (
        <rect key={from} className={css.band} data-tone={tone} x={0} width={100} y={y(grid.bands[index + 1]?.from ?? highest)} height={y(from) - y(grid.bands[index + 1]?.from ?? highest)} />
      ))}
      <polyline className={css.path} points={known.map(({ total, index }) => `${x(index)},${y(total!)}`).join(" ")} />
      {known.map(({ total, index }) => (
        <path key={index} className={css.dot} d={`M${x(index)} ${y(total!)}h0`} />
      ))}
    </svg>
  );
}

function Legend({ grid, incomplete }: { grid: GridConfig; incomplete: boolean }) {
  const say = useSay("time_grid");
  return (
    <ul className={css.legend} aria-label={say("legend")}>
      {[1, 2, 3].map((score) => (
        <li key={score}>
          <span className={css.swatch} data-score={score}>
            <Points score={score} />
          </span>
          {say("score", { score })}
        </li>
      ))}
      {grid.bands.map((band, index) => (
        <li key={band.from}>
          <StatusChip tone={band.tone}>
            <bdi dir="ltr">{grid.bands[index + 1] ? (grid.bands[index + 1]!.from - 1 > band.from ? `${band.from}–${grid.bands[index + 1]!.from - 1}` : band.from) : `≥ ${band.from}`}</bdi> {band.title}
          </StatusChip>
        </li>
      ))}
      {incomplete ? <li>{say("star")}</li> : null}
    </ul>
  );
}
