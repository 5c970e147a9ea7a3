import { TextInput } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { plainText } from "../cel";
import { Fault, type FieldProps, Help, Required, fieldId, inputProps, useFrame } from "../frame";
import css from "../Form.module.css";
import { type FieldSchema, titleOf, unitText } from "../schema";

export function NumberField(props: FieldProps) {
  const frame = useFrame();
  const { schema, value, onChange } = props;
  const [typed, setTyped] = useState(numberText(value));
  const [seen, setSeen] = useState(value);
  const meant = read(typed, schema);
  // the payload changed from outside, as when a draft is thrown away or a value is taken over
  if (seen !== value) {
    setSeen(value);
    const own = meant === "unreadable" ? undefined : meant; // what the hand itself made of it
    if (own !== value) setTyped(numberText(value));
  }
  const unit = schema["x-unit"] ? unitText(schema["x-unit"]) : undefined;
  const common = inputProps(props, frame, titleOf(props.name, schema));
  return (
    <TextInput
      {...common}
      className={css.short}
      dir="ltr"
      inputMode={schema.type === "integer" && (schema.minimum ?? -1) >= 0 ? "numeric" : "decimal"}
      value={typed}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        const next = read(text, schema);
        onChange(next === "unreadable" ? undefined : next);
      }}
      error={common.error ?? (meant === "unreadable" ? frame.words.notANumber : undefined)}
      rightSection={unit ? <span className={css.unit}>{unit}</span> : undefined}
      rightSectionWidth={unit ? Math.max(34, unit.length * 7 + 20) : undefined}
      rightSectionPointerEvents="none"
    />
  );
}

const numberText = (value: unknown): string => (typeof value === "number" ? plainText(value) : "");

/** Nought of the scripts that have digits of their own: Arabic, Persian, Devanagari, Bengali, Gurmukhi, Gujarati, Tamil, Telugu, Kannada. */
const noughts = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xbe6, 0xc66, 0xce6];
const ownDigit = /[^\x00-\x7f]/gu;

function plainDigit(digit: string): string {
  const code = digit.codePointAt(0)!;
  const nought = noughts.find((first) => code >= first && code <= first + 9);
  return nought === undefined ? digit : String(code - nought);
}

/** A number in the digits of the writer's own script, with a point or a comma. */
function read(typed: string, schema: FieldSchema): number | undefined | "unreadable" {
  const text = typed
    .trim()
    .replaceAll(ownDigit, plainDigit)
    .replace(/[,٫]/, ".")
    .replace("−", "-");
  if (text === "") return undefined;
  const pattern = schema.type === "integer" ? /^[+-]?\d+$/ : /^[+-]?(\d+\.?\d*|\.\d+)$/;
  return pattern.test(text) ? Number(text) : "unreadable";
}

/** A slider says nothing until it is set: its resting place is no answer. */
export function SliderField(props: FieldProps) {
  const frame = useFrame();
  const { name, path, schema, ui, required, value, onChange, cell } = props;
  const id = fieldId(frame, path);
  const fault = frame.faults[path];
  const set = typeof value === "number";
  const { minimum = 0, maximum = 100 } = schema;
  const unit = schema["x-unit"];
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.key === "Delete" || event.key === "Backspace") && !required) onChange(undefined);
    // the lowest answer is an answer too, though the knob already stands there
    if (!set && (event.key === "Home" || event.key === "ArrowLeft" || event.key === "ArrowDown" || event.key === " ")) {
      event.preventDefault();
      onChange(minimum);
    }
  };
  return (
    <div>
      {cell === undefined ? (
        <label className={css.label} htmlFor={id}>
          {titleOf(name, schema)}
          {required ? <Required /> : null}
        </label>
      ) : null}
      {cell === undefined ? <Help>{ui?.help || schema.description}</Help> : null}
      <div className={css.rangeLine}>
        <input
          id={id}
          className={css.range}
          type="range"
          min={minimum}
          max={maximum}
          step={schema.type === "integer" ? 1 : (maximum - minimum) / 100}
          value={set ? value : minimum}
          data-unset={!set || undefined}
          aria-label={cell}
          aria-invalid={fault !== undefined || undefined}
          aria-describedby={fault ? `${id}-fault` : undefined}
          aria-valuetext={set ? undefined : frame.words.notSet}
          onChange={(event) => onChange(Number(event.currentTarget.value))}
          onPointerUp={(event) => {
            if (!set) onChange(Number(event.currentTarget.value));
          }}
          onKeyDown={onKeyDown}
        />
        <output htmlFor={id} dir="ltr">
          {set ? value : "–"}
          {set && unit ? <span className={css.unit}>{`\u202f${unitText(unit)}`}</span> : null}
        </output>
      </div>
      {ui?.min_label || ui?.max_label ? (
        <div className={css.ends} aria-hidden>
          <span>{ui.min_label}</span>
          <span>{ui.max_label}</span>
        </div>
      ) : null}
      <Fault id={`${id}-fault`} text={fault} />
    </div>
  );
}
