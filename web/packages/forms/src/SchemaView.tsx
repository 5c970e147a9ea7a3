import { type FieldSchema, type FormUi, type Payload, choicesOf, pagesOf, titleOf, words } from "./schema";
import css from "./SchemaForm.module.css";

/** A document's content to be read, drawn from the schema it was written with. */
export function SchemaView({ schema, ui, value, computed = {} }: { schema: FieldSchema; ui?: FormUi; value: Payload; computed?: Payload }) {
  const names = pagesOf(schema, ui).flatMap((page) => page.rows.flat()).filter((name) => value[name] !== undefined);
  const unknown = Object.keys(value).filter((name) => !(name in (schema.properties ?? {})));
  return (
    <dl className={css.view}>
      {names.map((name) => (
        <Shown key={name} label={titleOf(name, schema.properties![name]!)} value={value[name]} schema={schema.properties![name]} />
      ))}
      {unknown.map((name) => (
        <Shown key={name} label={words(name)} value={value[name]} />
      ))}
      {Object.entries(computed).map(([name, result]) => (result === null ? null : <Shown key={name} label={words(name)} value={result} />))}
    </dl>
  );
}

function Shown({ label, value, schema }: { label: string; value: unknown; schema?: FieldSchema }) {
  const unit = schema?.["x-unit"];
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <bdi>{plain(value, schema)}</bdi>
        {unit ? <span className={css.unit}>{`\u202f${unit}`}</span> : null}
      </dd>
    </div>
  );
}

/** Any value as text: choices by their title, lists by lines, groups as `name: value`. */
export function plain(value: unknown, schema?: FieldSchema): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "✓" : "✗";
  if (Array.isArray(value)) return value.map((one) => plain(one, schema?.items)).join("\n");
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([name, part]) => `${titleOf(name, schema?.properties?.[name] ?? {})}: ${plain(part, schema?.properties?.[name])}`)
      .join("; ");
  }
  const choice = schema && choicesOf(schema)?.find((one) => one.value === value);
  return choice ? choice.label : String(value);
}
