import { Button, Checkbox, SegmentedControl, Select, TextInput, Textarea } from "@mantine/core";
import { DateField } from "@hm/ui";
import { useState } from "react";
import { type Choice, type FieldSchema, type FieldUi, choicesOf, titleOf, withField, type Payload } from "./schema";
import type { FormWords } from "./SchemaForm";
import css from "./SchemaForm.module.css";
import type { Faults } from "./validate";

interface FormFieldProps {
  name: string;
  /** Dotted place in the payload: where the server's faults point. */
  path: string;
  schema: FieldSchema;
  ui?: FieldUi;
  required?: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
  faults: Faults;
  autoFocus?: boolean;
  words: FormWords;
}

/** Free texts from this length on are written in a box of several lines. */
const longText = 200;
const segmentsUpTo = 4;

/** One field, by the widget its template names or else the one its type asks for. */
export function FormField(props: FormFieldProps) {
  const { schema, ui } = props;
  if (schema.type === "object") return <GroupField {...props} />;
  if (schema.type === "array") return <ListField {...props} />;
  if (schema.type === "boolean") return <BooleanField {...props} />;
  const choices = choicesOf(schema);
  if (choices) return <ChoiceField {...props} choices={choices} />;
  if (schema.type === "integer" || schema.type === "number") {
    return ui?.widget === "slider" && schema.minimum !== undefined && schema.maximum !== undefined ? <SliderField {...props} /> : <NumberField {...props} />;
  }
  return <TextField {...props} />;
}

function common({ name, path, schema, ui, required, faults, autoFocus }: FormFieldProps) {
  return {
    label: titleOf(name, schema),
    description: ui?.help || schema.description,
    placeholder: ui?.placeholder || undefined,
    withAsterisk: required,
    error: faults[path],
    "data-autofocus": autoFocus || undefined,
    autoFocus,
    autoComplete: "off",
  } as const;
}

function TextField(props: FormFieldProps) {
  const { schema, ui, value, onChange } = props;
  const text = typeof value === "string" ? value : "";
  if (ui?.widget === "textarea" || (ui?.widget === undefined && schema.format === undefined && (schema.maxLength ?? longText) >= longText)) {
    return <Textarea {...common(props)} autosize minRows={ui?.lines || 2} maxRows={14} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  if (schema.format === "date") {
    return (
      <div className={css.short}>
        <DateField {...common(props)} value={text || undefined} onChange={onChange} />
      </div>
    );
  }
  const type = schema.format === "date-time" ? "datetime-local" : schema.format === "email" ? "email" : "text";
  if (type === "datetime-local") {
    return <TextInput {...common(props)} type={type} value={toLocal(text)} onChange={(event) => onChange(fromLocal(event.currentTarget.value))} />;
  }
  return <TextInput {...common(props)} type={type} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
}

/** The wire speaks UTC, the input the browser's own time. */
function toLocal(utc: string): string {
  const at = new Date(utc);
  if (Number.isNaN(at.getTime())) return "";
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function fromLocal(local: string): string {
  return local === "" ? "" : new Date(local).toISOString();
}

function NumberField(props: FormFieldProps) {
  const { schema, value, onChange, words } = props;
  const [typed, setTyped] = useState(value === undefined ? "" : String(value));
  const meant = read(typed, schema);
  // the payload changed from outside, as when a draft is thrown away
  if (meant !== "unreadable" && meant !== value) setTyped(value === undefined ? "" : String(value));
  return (
    <TextInput
      className={css.short}
      {...common(props)}
      inputMode={schema.type === "integer" ? "numeric" : "decimal"}
      value={typed}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        const next = read(text, schema);
        onChange(next === "unreadable" ? undefined : next);
      }}
      error={props.faults[props.path] ?? (meant === "unreadable" ? words.notANumber : undefined)}
      rightSection={schema["x-unit"] ? <span className={css.unit}>{schema["x-unit"]}</span> : undefined}
      rightSectionWidth={schema["x-unit"] ? 54 : undefined}
      rightSectionPointerEvents="none"
    />
  );
}

function read(typed: string, schema: FieldSchema): number | undefined | "unreadable" {
  const text = typed.trim().replace(",", ".");
  if (text === "") return undefined;
  const pattern = schema.type === "integer" ? /^-?\d+$/ : /^-?\d+(\.\d+)?$/;
  return pattern.test(text) ? Number(text) : "unreadable";
}

function SliderField({ name, path, schema, required, value, onChange, faults }: FormFieldProps) {
  const id = `field-${path}`;
  return (
    <div>
      <label className={css.label} htmlFor={id}>
        {titleOf(name, schema)}
        {required ? <Required /> : null}
      </label>
      <div className={css.rangeLine}>
        <input
          id={id}
          className={css.range}
          type="range"
          min={schema.minimum}
          max={schema.maximum}
          step={schema.type === "integer" ? 1 : "any"}
          value={typeof value === "number" ? value : schema.minimum}
          onChange={(event) => onChange(Number(event.currentTarget.value))}
        />
        <output htmlFor={id}>{typeof value === "number" ? value : "–"}</output>
      </div>
      <Fault text={faults[path]} />
    </div>
  );
}

function BooleanField({ name, path, schema, required, value, onChange, faults, words }: FormFieldProps) {
  // no and not asked are two answers, so a required yes-or-no is never a lone checkbox
  if (required) {
    const choices: Choice[] = [
      { value: "true", label: words.yes },
      { value: "false", label: words.no },
    ];
    return (
      <Segments
        label={titleOf(name, schema)}
        required
        choices={choices}
        value={typeof value === "boolean" ? String(value) : ""}
        onChange={(chosen) => onChange(chosen === "true")}
        fault={faults[path]}
      />
    );
  }
  return (
    <Checkbox
      mt="lg"
      label={titleOf(name, schema)}
      description={schema.description}
      checked={value === true}
      onChange={(event) => onChange(event.currentTarget.checked || undefined)}
      error={faults[path]}
    />
  );
}

function ChoiceField(props: FormFieldProps & { choices: Choice[] }) {
  const { name, path, schema, ui, required, value, onChange, faults, choices } = props;
  const choose = (chosen: string | null) => onChange(choices.find((choice) => String(choice.value) === chosen)?.value);
  const current = value === undefined ? "" : String(value);
  if (ui?.widget !== "select" && choices.length <= segmentsUpTo && choices.every(({ label }) => label.length <= 14)) {
    return <Segments label={titleOf(name, schema)} required={required} choices={choices} value={current} onChange={choose} fault={faults[path]} />;
  }
  return (
    <Select
      {...common(props)}
      searchable={choices.length > 8}
      clearable={!required}
      data={choices.map((choice) => ({ value: String(choice.value), label: choice.label }))}
      value={current || null}
      onChange={choose}
    />
  );
}

function Segments({ label, required, choices, value, onChange, fault }: { label: string; required?: boolean; choices: Choice[]; value: string; onChange: (value: string) => void; fault?: string }) {
  return (
    <div>
      <span className={css.label} aria-hidden>
        {label}
        {required ? <Required /> : null}
      </span>
      <SegmentedControl fullWidth aria-label={label} value={value} onChange={onChange} data={choices.map((choice) => ({ value: String(choice.value), label: choice.label }))} />
      <Fault text={fault} />
    </div>
  );
}

function ListField(props: FormFieldProps) {
  const { name, path, schema, required, value, onChange, faults, words } = props;
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  const item = schema.items ?? { type: "string" };
  const choices = choicesOf(item);
  if (choices) {
    return (
      <Checkbox.Group
        label={titleOf(name, schema)}
        description={schema.description}
        withAsterisk={required}
        error={faults[path]}
        value={items.map(String)}
        onChange={(chosen) => onChange(choices.filter((choice) => chosen.includes(String(choice.value))).map((choice) => choice.value))}
      >
        <div className={css.row}>
          {choices.map((choice) => (
            <Checkbox key={choice.value} value={String(choice.value)} label={choice.label} />
          ))}
        </div>
      </Checkbox.Group>
    );
  }
  if (item.type === "string" || item.type === undefined) return <LinesField {...props} items={items.map(String)} />;
  return (
    <fieldset className={css.group}>
      <legend>{titleOf(name, schema)}</legend>
      {items.map((one, index) => (
        <div key={index} className={css.item}>
          <FormField
            name={name}
            path={`${path}.${index}`}
            schema={item}
            value={one}
            onChange={(next) => onChange(items.with(index, next ?? {}))}
            faults={faults}
            words={words}
          />
          <Button variant="default" size="compact-sm" onClick={() => onChange(items.toSpliced(index, 1))}>
            {words.removeRow}
          </Button>
        </div>
      ))}
      <Fault text={faults[path]} />
      <div>
        <Button variant="light" size="compact-sm" onClick={() => onChange([...items, item.type === "object" ? {} : undefined])}>
          {words.addRow}
        </Button>
      </div>
    </fieldset>
  );
}

/** A list of texts is typed as lines: the fastest list there is. */
function LinesField({ items, ...props }: FormFieldProps & { items: string[] }) {
  const [typed, setTyped] = useState(items.join("\n"));
  const meant = lines(typed);
  if (meant.join("\n") !== items.join("\n")) setTyped(items.join("\n"));
  return (
    <Textarea
      {...common(props)}
      description={props.schema.description ?? props.words.linesHint}
      autosize
      minRows={2}
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

function GroupField({ name, path, schema, value, onChange, faults, words }: FormFieldProps) {
  const payload = (typeof value === "object" && value !== null ? value : {}) as Payload;
  const required = new Set(schema.required);
  return (
    <fieldset className={css.group}>
      <legend>{titleOf(name, schema)}</legend>
      <div className={css.row}>
        {Object.entries(schema.properties ?? {}).map(([child, childSchema]) => (
          <FormField
            key={child}
            name={child}
            path={`${path}.${child}`}
            schema={childSchema}
            required={required.has(child)}
            value={payload[child]}
            onChange={(next) => {
              const changed = withField(payload, child, next);
              onChange(Object.keys(changed).length === 0 ? undefined : changed);
            }}
            faults={faults}
            words={words}
          />
        ))}
      </div>
      <Fault text={faults[path]} />
    </fieldset>
  );
}

function Required() {
  return (
    <span className={css.required} aria-hidden>
      {" *"}
    </span>
  );
}

function Fault({ text }: { text: string | undefined }) {
  return text ? (
    <div className={css.fault} role="alert">
      {text}
    </div>
  ) : null;
}
