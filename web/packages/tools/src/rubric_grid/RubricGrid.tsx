import { Button, SegmentedControl } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Failed } from "../parts/Failed";
import { brief, texts } from "../parts/read";
import parts from "../parts/parts.module.css";
import type { ToolProps } from "../host";
import { useSay } from "../words";
import { Finder } from "./Finder";
import { type Chosen, type Remedy, type Sheet, added, analyse, emitted, methods, readSheet, sameTop } from "./repertory";
import css from "./RubricGrid.module.css";

const pause = 150;
const columns = 12;

/** Repertorisation: the rubrics of a case against the remedies that stand in them. */
export default function RubricGrid({ config, title, host }: ToolProps) {
  const say = useSay("rubric_grid");
  const sheet = readSheet(host.value);
  const [remedies, setRemedies] = useState<Remedy[]>([]);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const [all, setAll] = useState(false);
  const latest = useRef({ host, sheet });
  useEffect(() => {
    latest.current = { host, sheet };
  });

  const give = (next: Sheet) => host.emit(emitted(next, say("nothing")));
  const change = (index: number, part: Partial<Chosen>) => give({ ...sheet, rubrics: sheet.rubrics.with(index, { ...sheet.rubrics[index]!, ...part }) });

  // weighed anew when a rubric, its weight or the method changes; the record keeps the best
  const asked = JSON.stringify([sheet.rubrics.map(({ rubric_id, weight, eliminate }) => [rubric_id, weight, eliminate]), sheet.method, attempt]);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const { host: now, sheet: weighed } = latest.current;
      analyse(now.fetch, weighed.rubrics, weighed.method, stop.signal).then(
        (found) => {
          if (stop.signal.aborted) return;
          setError(null);
          setRemedies(found);
          const { host: current, sheet: before } = latest.current;
          if (!current.readOnly && !sameTop(found, before.top)) current.emit(emitted({ ...before, top: found }, say("nothing")));
        },
        (fault: unknown) => {
          // who only reads has the best remedies from the record, and may not weigh
          if (!stop.signal.aborted && !latest.current.host.readOnly) setError(fault);
        },
      );
    }, pause);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
    // what is asked is in `asked`; the rest is read when the answer comes
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [asked]);

  const known = remedies.length > 0 ? remedies : sheet.top;
  const shown = all ? known : known.slice(0, columns);
  return (
    <div className={parts.tool} role="group" aria-label={title || undefined}>
      {host.readOnly ? null : <Finder fetch={host.fetch} chapters={texts(config.chapters)} chosen={sheet.rubrics.map(({ rubric_id }) => rubric_id)} onAdd={(rubric) => give({ ...sheet, rubrics: added(sheet.rubrics, rubric) })} />}
      {error ? <Failed error={error} onAgain={() => setAttempt(attempt + 1)} /> : null}
      {sheet.rubrics.length === 0 ? (
        <p className={parts.quiet}>{say(host.readOnly ? "nothing" : "how")}</p>
      ) : (
        <>
          <div className={`${parts.bar} ${parts.noPrint}`}>
            <SegmentedControl aria-label={say("method")} value={sheet.method} disabled={host.readOnly} onChange={(method) => give({ ...sheet, method: method as Sheet["method"] })} data={methods.map((method) => ({ value: method, label: say(method) }))} />
            {known.length > columns ? (
              <Button data-end variant="default" size="compact-sm" aria-pressed={all} onClick={() => setAll(!all)}>
                {all ? say("best", { count: columns }) : say("all", { count: known.length })}
              </Button>
            ) : null}
          </div>
          <div className={css.scroll} dir="ltr" role="region" aria-label={title || say("grid")} tabIndex={0}>
            <table className={css.grid}>
              <caption className="hm-visually-hidden">{title || say("grid")}</caption>
              <thead>
                <tr>
                  <th scope="col" className={css.rubric}>
                    {say("rubric")}
                  </th>
                  <th scope="col" className={css.weigh}>
                    {say("weight")}
                  </th>
                  {shown.map((remedy) => (
                    <th key={remedy.abbreviation} scope="col" className={css.remedy}>
                      <abbr title={remedy.remedy}>{remedy.abbreviation}</abbr>
                      <strong>{brief(remedy.total, 1)}</strong>
                      <span>
                        <span className="hm-visually-hidden">{say("coverage")} </span>
                        {`${remedy.coverage}/${sheet.rubrics.length}`}
                      </span>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {sheet.rubrics.map((rubric, index) => (
                  <tr key={rubric.rubric_id}>
                    <th scope="row" className={css.rubric}>
                      <bdi>{rubric.path}</bdi>
                      {host.readOnly ? rubric.eliminate ? <span className={css.must}>{say("must")}</span> : null : <RowActs rubric={rubric} onChange={(part) => change(index, part)} onRemove={() => give({ ...sheet, rubrics: sheet.rubrics.toSpliced(index, 1) })} />}
                    </th>
                    <td className={css.weigh}>
                      {host.readOnly ? (
                        `×${rubric.weight}`
                      ) : (
                        <select className={`${parts.input} ${css.weight}`} aria-label={say("weightOf", { rubric: rubric.path })} value={rubric.weight} onChange={(event) => change(index, { weight: Number(event.currentTarget.value) })}>
                          {[1, 2, 3, 4].map((weight) => (
                            <option key={weight} value={weight}>{`×${weight}`}</option>
                          ))}
                        </select>
                      )}
                    </td>
                    {shown.map((remedy) => (
                      <Grade key={remedy.abbreviation} grade={remedy.grades[index] ?? null} />
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </div>
  );
}

function RowActs({ rubric, onChange, onRemove }: { rubric: Chosen; onChange: (part: Partial<Chosen>) => void; onRemove: () => void }) {
  const say = useSay("rubric_grid");
  return (
    <span className={`${css.acts} ${parts.noPrint}`}>
      <label>
        <input type="checkbox" checked={rubric.eliminate} aria-label={say("mustOf", { rubric: rubric.path })} onChange={(event) => onChange({ eliminate: event.currentTarget.checked })} />
        {say("must")}
      </label>
      <button type="button" className={css.remove} aria-label={say("removeOf", { rubric: rubric.path })} onClick={onRemove}>
        {say("remove")}
      </button>
    </span>
  );
}

/** A remedy's grade in a rubric: the figure stands on its own colour. */
function Grade({ grade }: { grade: number | null }) {
  return (
    <td className={css.grade} data-grade={grade === null ? undefined : Math.min(3, grade)}>
      {grade === null ? "" : grade === 0 ? "·" : grade}
    </td>
  );
}
