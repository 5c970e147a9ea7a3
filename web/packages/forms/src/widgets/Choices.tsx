import type { KeyboardEvent } from "react";
import type { Choice } from "../schema";
import css from "./Choices.module.css";

interface ChoicesProps {
  /** Names the group: one answer is one group of radios. */
  id: string;
  labelId: string;
  faultId?: string;
  faulty: boolean;
  required?: boolean;
  look: "segments" | "pills" | "list";
  choices: Choice[];
  value: string;
  onChange: (value: string | null) => void;
  autoFocus?: boolean;
}

/**
 * One of a few answers. Arrows go from one to the next; the one that stands may be taken
 * back by choosing it again, or with Delete, unless an answer is needed.
 */
export function Choices({ id, labelId, faultId, faulty, required, look, choices, value, onChange, autoFocus }: ChoicesProps) {
  const chosen = choices.findIndex((choice) => String(choice.value) === value);
  const clear = () => {
    if (!required) onChange(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Delete" || event.key === "Backspace") clear();
  };
  return (
    <div role="radiogroup" aria-labelledby={labelId} aria-describedby={faultId} aria-required={required || undefined} className={css[look]} data-faulty={faulty || undefined} onKeyDown={onKeyDown}>
      {choices.map((choice, at) => (
        <label key={String(choice.value)} className={css.choice}>
          <input
            type="radio"
            name={id}
            value={String(choice.value)}
            checked={at === chosen}
            onChange={() => onChange(String(choice.value))}
            onClick={() => {
              if (at === chosen) clear();
            }}
            aria-invalid={(faulty && at === Math.max(chosen, 0)) || undefined}
            autoFocus={autoFocus && at === Math.max(chosen, 0)}
            data-autofocus={(autoFocus && at === Math.max(chosen, 0)) || undefined}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </div>
  );
}

interface ManyProps {
  labelId: string;
  faultId?: string;
  faulty: boolean;
  choices: Choice[];
  value: unknown[];
  onChange: (value: (string | number)[]) => void;
}

/** Any of some answers, kept in the order the form gives them. */
export function ManyChoices({ labelId, faultId, faulty, choices, value, onChange }: ManyProps) {
  return (
    <div role="group" aria-labelledby={labelId} aria-describedby={faultId} className={css.pills} data-faulty={faulty || undefined}>
      {choices.map((choice, at) => (
        <label key={String(choice.value)} className={css.choice}>
          <input
            type="checkbox"
            checked={value.includes(choice.value)}
            aria-invalid={(faulty && at === 0) || undefined}
            onChange={(event) => {
              const { checked } = event.currentTarget;
              onChange(choices.map((one) => one.value).filter((one) => (one === choice.value ? checked : value.includes(one))));
            }}
          />
          <span>{choice.label}</span>
        </label>
      ))}
    </div>
  );
}
