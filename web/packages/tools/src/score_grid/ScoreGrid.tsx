import { Button } from "@mantine/core";
import { StatusChip } from "@hm/ui";
import { type KeyboardEvent, useId } from "react";
import { number, record } from "../parts/read";
import parts from "../parts/parts.module.css";
import type { ToolProps } from "../host";
import { useSay } from "../words";
import { type Answers, type ScoreItem, answered, bandFor, emitted, isBound, reach, readAnswers, readScore, totalOf } from "./score";
import css from "./ScoreGrid.module.css";

/** Items, each with its options and their points; the total and what it means. */
export default function ScoreGrid({ config, bind, titles, title, host }: ToolProps) {
  const say = useSay("score_grid");
  const bound = isBound(bind);
  const score = readScore(config, bind, titles, host.locale);
  const answers = readAnswers(score, host.value, bound);
  const named = typeof bind.total === "string" ? number(record(host.value)[bind.total]) : null;
  const total = named ?? totalOf(score, answers);
  const band = bandFor(score, total);
  const readOnly = host.readOnly || bound;
  const ends = reach(score);
  const give = (next: Answers) => host.emit(emitted(score, next, title, (count, of) => say("unfinished", { count, of })));
  if (score.items.length === 0) return <p className={parts.quiet}>{say("empty")}</p>;
  return (
    <div className={parts.tool} role="group" aria-label={title || undefined}>
      <div className={css.items}>
        {score.items.map((item) => (
          <Item key={item.code} item={item} answer={answers[item.code] ?? null} readOnly={readOnly} onAnswer={(value) => give(answered(answers, item.code, value))} />
        ))}
      </div>
      <div className={`${parts.bar} ${css.foot}`}>
        <output className={css.total}>
          {say("total")}{" "}
          <bdi dir="ltr">
            {total === null ? "–" : total}
            {ends.high > 0 ? <span className={css.of}>{` / ${ends.high}`}</span> : null}
          </bdi>
        </output>
        {band ? <StatusChip tone={band.tone}>{band.title}</StatusChip> : null}
        {total === null ? <span className={parts.quiet}>{say("unfinished", { count: Object.keys(answers).length, of: score.items.length })}</span> : null}
        {readOnly || Object.keys(answers).length === 0 ? null : (
          <Button data-end className={parts.noPrint} variant="subtle" size="compact-sm" onClick={() => give({})}>
            {say("clear")}
          </Button>
        )}
      </div>
    </div>
  );
}

interface ItemProps {
  item: ScoreItem;
  answer: number | null;
  readOnly: boolean;
  onAnswer: (value: number | null) => void;
}

function Item({ item, answer, readOnly, onAnswer }: ItemProps) {
  const say = useSay("score_grid");
  const name = useId();
  // arrows choose, as among all radio buttons; Delete takes the answer back
  const onKeyDown = (event: KeyboardEvent) => {
    if (readOnly || (event.key !== "Delete" && event.key !== "Backspace")) return;
    event.preventDefault();
    onAnswer(null);
  };
  const chosen = item.options.find(({ value }) => value === answer);
  return (
    <fieldset className={css.item} onKeyDown={onKeyDown}>
      <legend className="hm-visually-hidden">{item.title}</legend>
      <div className={css.title} aria-hidden>
        <bdi>{item.title}</bdi>
        {item.help ? <bdi className={css.help}>{item.help}</bdi> : null}
      </div>
      <div className={css.options}>
        {readOnly ? (
          <bdi className={css.answer}>{chosen?.title ?? (answer === null ? say("none") : "")}</bdi>
        ) : (
          item.options.map((option) => (
            <label key={option.value} className={css.option} data-chosen={option.value === answer || undefined}>
              <input type="radio" name={name} checked={option.value === answer} onChange={() => onAnswer(option.value)} />
              <bdi>{option.title}</bdi>
              {option.title === String(option.value) ? null : <span className={css.worth}>{option.value}</span>}
            </label>
          ))
        )}
      </div>
      <bdi className={css.points} dir="ltr" aria-hidden={!readOnly}>
        {answer ?? "–"}
      </bdi>
    </fieldset>
  );
}
