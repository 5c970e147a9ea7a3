import { TextInput, Textarea } from "@mantine/core";
import { DateField, offsetTimeIn } from "@hm/ui";
import { useState } from "react";
import { type FieldProps, inputProps, useFrame } from "../frame";
import css from "../Form.module.css";
import { titleOf } from "../schema";

/** Free texts from this length on are written in a box of several lines. */
const longText = 200;

/** Each line in the direction of its own script. */
const anyScript = { input: css.anyScript };

const isLong = ({ schema, ui, cell }: FieldProps): boolean =>
  ui?.widget === "textarea" || (ui?.widget === undefined && schema.format === undefined && cell === undefined && (schema.maxLength ?? longText) >= longText);

export function TextField(props: FieldProps) {
  const frame = useFrame();
  const { schema, ui, value, onChange } = props;
  const text = typeof value === "string" ? value : "";
  const common = inputProps(props, frame, titleOf(props.name, schema));
  if (isLong(props)) {
    return <Textarea {...common} classNames={anyScript} autosize minRows={ui?.lines || 2} maxRows={14} maxLength={schema.maxLength} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  if (schema.format === "date" || ui?.widget === "date") {
    const { placeholder: _, ...input } = common;
    return <DateField {...input} className={css.short} quiet={props.cell !== undefined} value={text || undefined} onChange={onChange} />;
  }
  if (schema.format === "date-time" || ui?.widget === "datetime") {
    return <TextInput {...common} className={css.short} type="datetime-local" value={toLocal(text, frame.timeZone)} onChange={(event) => onChange(fromLocal(event.currentTarget.value, frame.timeZone))} />;
  }
  const type = schema.format === "email" ? "email" : schema.format === "time" ? "time" : "text";
  return <TextInput {...common} classNames={anyScript} type={type} maxLength={schema.maxLength} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
}

const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The wire speaks UTC, the input the facility's clock. */
function toLocal(utc: string, timeZone = browserZone()): string {
  const at = new Date(utc);
  return Number.isNaN(at.getTime()) ? "" : offsetTimeIn(timeZone, at).slice(0, 16);
}

function fromLocal(local: string, timeZone = browserZone()): string {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return "";
  let at = wall;
  // the zone's distance from UTC, asked for where it is used: a clock change may lie between
  for (let round = 0; round < 2; round++) at += wall - Date.parse(`${toLocal(new Date(at).toISOString(), timeZone)}Z`);
  return new Date(at).toISOString();
}

/** A list of texts is typed as lines: the fastest list there is. */
export function LinesField(props: FieldProps) {
  const frame = useFrame();
  const text = (Array.isArray(props.value) ? props.value.filter((one) => typeof one === "string") : []).join("\n");
  const [typed, setTyped] = useState(text);
  const [seen, setSeen] = useState(text);
  // the payload changed from outside, as when a draft is thrown away
  if (seen !== text) {
    setSeen(text);
    if (lines(typed).join("\n") !== text) setTyped(text);
  }
  const common = inputProps(props, frame, titleOf(props.name, props.schema));
  return (
    <Textarea
      {...common}
      classNames={anyScript}
      description={props.cell === undefined ? (common.description ?? frame.words.linesHint) : undefined}
      autosize
      minRows={props.cell === undefined ? 2 : 1}
      maxRows={12}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        props.onChange(lines(event.currentTarget.value));
      }}
    />
  );
}

const lines = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter(Boolean);
