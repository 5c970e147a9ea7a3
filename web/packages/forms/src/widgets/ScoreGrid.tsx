import { type CSSProperties, type KeyboardEvent, useRef } from "react";
import { Fault, fieldId, useFrame } from "../frame";
import type { Choice, FieldSchema } from "../schema";
import { titleOf } from "../schema";
import css from "./ScoreGrid.module.css";

export interface ScoreItem {
  name: string;
  path: string;
  schema: FieldSchema;
  required: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
}

interface ScoreGridProps {
  path: string;
  title: string | null;
  help?: string;
  items: ScoreItem[];
  options: Choice[];
  /** Whether the answers are added up below. */
  total: boolean;
}

/**
 * A questionnaire: a line for each question, a column for each answer. Digits answer a line
 * and go on to the next; arrows move among answers and lines.
 */
export function ScoreGrid({ path, title, help, items, options, total }: ScoreGridProps) {
  const frame = useFrame();
  const grid = useRef<HTMLDivElement>(null);
  const id = fieldId(frame, path);
  const answered = items.filter(({ value }) => typeof value === "number");
  const sum = answered.reduce((all, { value }) => all + (value as number), 0);
  const most = items.length * Math.max(...options.map(({ value }) => Number(value)));

  const goTo = (row: number) => {
    const radios = grid.current?.querySelectorAll<HTMLInputElement>(`[data-row="${row}"] input`);
    const target = radios && ([...radios].find((radio) => radio.checked) ?? radios[0]);
    target?.focus();
  };

  const onKeyDown = (event: KeyboardEvent, row: number) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const item = items[row]!;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      goTo(row + (event.key === "ArrowDown" ? 1 : -1));
    } else if ((event.key === "Delete" || event.key === "Backspace") && !item.required) {
      item.onChange(undefined);
    } else if (/^\d$/.test(event.key)) {
      event.preventDefault();
      const option = options.find(({ value }) => String(value) === event.key);
      if (!option) return;
      item.onChange(option.value);
      goTo(row + 1);
    }
  };

  return (
    <div className={css.frame} role="group" aria-labelledby={title === null ? undefined : `${id}-label`} ref={grid}>
      {title === null ? null : (
        <div className={css.title} id={`${id}-label`}>
          {title}
        </div>
      )}
      {help ? <div className={css.help}>{help}</div> : null}
      <div className={css.grid} data-few={options.length <= 5 || undefined} style={{ "--options": options.length } as CSSProperties}>
        <div className={css.head} aria-hidden>
          <span />
          {options.map((option) => (
            <span key={String(option.value)}>
              {option.label}
              {option.label === String(option.value) ? null : <b>{option.value}</b>}
            </span>
          ))}
        </div>
        {items.map((item, row) => {
          const itemId = fieldId(frame, item.path);
          const fault = frame.faults[item.path];
          return (
            <div key={item.name} className={css.row} data-row={row} data-path={item.path} role="radiogroup" aria-labelledby={`${itemId}-label`} aria-describedby={fault ? `${itemId}-fault` : undefined} aria-required={item.required || undefined} onKeyDown={(event) => onKeyDown(event, row)}>
              <div className={css.item}>
                <span id={`${itemId}-label`}>
                  {titleOf(item.name, item.schema)}
                  {item.required ? <span className={css.required} aria-hidden>{" *"}</span> : null}
                </span>
                {item.schema.description ? <span className={css.help}>{item.schema.description}</span> : null}
                <Fault id={`${itemId}-fault`} text={fault} />
              </div>
              {options.map((option, at) => (
                <label key={String(option.value)} className={css.option}>
                  <input
                    type="radio"
                    name={itemId}
                    checked={item.value === option.value}
                    onChange={() => item.onChange(option.value)}
                    aria-label={option.label}
                    aria-invalid={(fault !== undefined && at === 0) || undefined}
                  />
                  <span className={css.mark}>{option.value}</span>
                  <span className={css.answer} aria-hidden>
                    {option.label}
                  </span>
                </label>
              ))}
            </div>
          );
        })}
      </div>
      {total ? (
        <div className={css.total} role="status">
          <span>{frame.words.total}</span>
          <bdi dir="ltr">
            <b>{answered.length === 0 ? "–" : sum}</b>
            <span className={css.of}>{` / ${most}`}</span>
          </bdi>
          {answered.length > 0 && answered.length < items.length ? <span className={css.of} dir="ltr">{`(${answered.length}/${items.length})`}</span> : null}
        </div>
      ) : null}
      <Fault id={`${id}-fault`} text={frame.faults[path]} />
    </div>
  );
}
