import { Checkbox, MultiSelect, Select } from "@mantine/core";
import css from "../Form.module.css";
import { type FieldProps, Question, fieldId, inputProps, useFrame } from "../frame";
import { type Choice, titleOf } from "../schema";
import { Choices, ManyChoices } from "./Choices";

const segmentsUpTo = 4;
const listUpTo = 7;
const pillsUpTo = 14;

type Look = "segments" | "pills" | "list" | "select";

/** Few short answers stand side by side, some below each other, many in a list that opens. */
function lookOf({ ui, cell }: FieldProps, choices: Choice[]): Look {
  const longest = Math.max(...choices.map(({ label }) => label.length));
  if (cell !== undefined) return choices.length <= 3 && longest <= 5 ? "segments" : "select";
  switch (ui?.widget) {
    case "chips":
      return choices.length <= pillsUpTo ? "pills" : "select";
    case "radio":
      return "list";
    case "segmented":
      return "segments";
    case "select":
      return "select";
    default:
      if (choices.length <= segmentsUpTo && longest <= 14) return "segments";
      return choices.length <= listUpTo && ui?.widget !== undefined ? "list" : choices.length <= segmentsUpTo ? "list" : "select";
  }
}

export function ChoiceField(props: FieldProps & { choices: Choice[] }) {
  const frame = useFrame();
  const { name, path, schema, required, value, onChange, choices, autoFocus } = props;
  const choose = (chosen: string | null) => onChange(choices.find((choice) => String(choice.value) === chosen)?.value);
  const current = value === undefined || value === null ? "" : String(value);
  const look = lookOf(props, choices);
  if (look !== "select") {
    return (
      <Question props={props} title={titleOf(name, schema)}>
        {(ids) => <Choices id={fieldId(frame, path)} {...ids} required={required} look={look} choices={choices} value={current} onChange={choose} autoFocus={autoFocus} />}
      </Question>
    );
  }
  return (
    <Select
      {...inputProps(props, frame, titleOf(name, schema))}
      searchable={choices.length > 8}
      clearable={!required}
      nothingFoundMessage={frame.words.nothing}
      data={choices.map((choice) => ({ value: String(choice.value), label: choice.label }))}
      value={current || null}
      onChange={choose}
    />
  );
}

/** Several of some answers. */
export function ManyField(props: FieldProps & { choices: Choice[] }) {
  const frame = useFrame();
  const { name, schema, value, onChange, choices, cell } = props;
  const chosen = Array.isArray(value) ? (value as unknown[]) : [];
  if (cell === undefined && choices.length <= pillsUpTo) {
    return (
      <Question props={props} title={titleOf(name, schema)}>
        {(ids) => <ManyChoices {...ids} choices={choices} value={chosen} onChange={onChange} />}
      </Question>
    );
  }
  return (
    <MultiSelect
      {...inputProps(props, frame, titleOf(name, schema))}
      searchable
      nothingFoundMessage={frame.words.nothing}
      data={choices.map((choice) => ({ value: String(choice.value), label: choice.label }))}
      value={chosen.map(String)}
      onChange={(next) => onChange(choices.map((choice) => choice.value).filter((one) => next.includes(String(one))))}
    />
  );
}

export function BooleanField(props: FieldProps) {
  const frame = useFrame();
  const { name, path, schema, ui, required, value, onChange, cell } = props;
  // no and not asked are two answers, so a required yes-or-no is never a lone checkbox
  if (required || ["choice", "chips", "radio", "segmented"].includes(ui?.widget ?? "")) {
    const choices: Choice[] = [
      { value: "true", label: frame.words.yes },
      { value: "false", label: frame.words.no },
    ];
    return (
      <Question props={props} title={titleOf(name, schema)}>
        {(ids) => (
          <Choices
            id={fieldId(frame, path)}
            {...ids}
            required={required}
            look="segments"
            choices={choices}
            value={typeof value === "boolean" ? String(value) : ""}
            onChange={(chosen) => onChange(chosen === null ? undefined : chosen === "true")}
            autoFocus={props.autoFocus}
          />
        )}
      </Question>
    );
  }
  return (
    <Checkbox
      id={fieldId(frame, path)}
      className={css.check}
      label={cell === undefined ? titleOf(name, schema) : undefined}
      aria-label={cell}
      description={cell === undefined ? ui?.help || schema.description : undefined}
      checked={value === true}
      onChange={(event) => onChange(event.currentTarget.checked || undefined)}
      error={frame.faults[path]}
    />
  );
}
