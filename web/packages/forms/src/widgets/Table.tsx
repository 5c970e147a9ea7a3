import { ActionIcon, Button } from "@mantine/core";
import { ArrowDown, ArrowUp, Plus, X } from "lucide-react";
import { type CSSProperties, type KeyboardEvent, useRef } from "react";
import { Field } from "../Field";
import { Fault, type FieldProps, Help, Required, fieldId, useFrame } from "../frame";
import { type FieldSchema, groupOf, titleOf, withField } from "../schema";
import css from "./Table.module.css";

/** Up to so many columns a list is a table where there is room; beyond, each row is a card. */
const columnsUpTo = 6;

/** The properties of a row that are shown, in the form's own order or the schema's. */
export function columnsOf(item: FieldSchema, columns: readonly string[] | null | undefined): [name: string, schema: FieldSchema][] {
  const properties = Object.entries(item.properties ?? {});
  if (!columns?.length) return properties;
  const named = columns.flatMap((name) => (item.properties?.[name] ? [[name, item.properties[name]] as [string, FieldSchema]] : []));
  const required = properties.filter(([name]) => item.required?.includes(name) && !columns.includes(name));
  return [...named, ...required];
}

/** How much of a table's width a column takes, by what is written in it. */
function breadthOf({ type, format, oneOf, enum: codes, maxLength = 255 }: FieldSchema): number {
  if (type === "boolean") return 0.6;
  if (type === "integer" || type === "number") return 1;
  if (oneOf || codes || format !== undefined) return 1.3;
  return maxLength <= 20 ? 1 : 2;
}

const isFlat = ({ type, items }: FieldSchema): boolean => type !== "object" && !(type === "array" && items?.type === "object");

/** A list of records: rows are added, removed and moved by hand or with the keys. */
export function TableField(props: FieldProps) {
  const frame = useFrame();
  const { name, path, schema, ui, required, value, onChange } = props;
  const body = useRef<HTMLOListElement>(null);
  const rows = Array.isArray(value) ? (value as unknown[]) : [];
  const item = schema.items ?? {};
  const isRecord = item.type === "object";
  const columns: [string, FieldSchema][] = isRecord ? columnsOf(item, ui?.columns) : [["", { ...item, title: item.title ?? titleOf(name, schema) }]];
  const needed = new Set(item.required);
  const asTable = isRecord && columns.length <= columnsUpTo && columns.every(([, one]) => isFlat(one));
  const { words } = frame;
  const full = schema.maxItems !== undefined && rows.length >= schema.maxItems;

  /** Brings the hand to a row once it is drawn. */
  const goTo = (row: number, what = "input, textarea") => {
    requestAnimationFrame(() => body.current?.children[row]?.querySelector<HTMLElement>(what)?.focus());
  };
  const add = () => {
    if (full) return;
    onChange([...rows, isRecord ? {} : ""]);
    goTo(rows.length);
  };
  const remove = (row: number) => {
    onChange(rows.toSpliced(row, 1));
    goTo(Math.min(row, rows.length - 2));
  };
  const move = (row: number, by: -1 | 1, what?: string) => {
    const to = row + by;
    if (to < 0 || to >= rows.length) return;
    const moved = rows.toSpliced(row, 1);
    onChange(moved.toSpliced(to, 0, rows[row]));
    goTo(to, what);
  };
  const onKeyDown = (event: KeyboardEvent, row: number) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const { id } = event.target as HTMLElement;
    const column = columns.find(([one]) => id === fieldId(frame, `${path}.${row}.${one}`))?.[0];
    const by = event.key === "ArrowUp" ? -1 : 1;
    move(row, by, column === undefined ? undefined : `#${CSS.escape(fieldId(frame, `${path}.${row + by}.${column}`))}`);
  };

  const id = fieldId(frame, path);
  return (
    <div className={css.frame} role="group" aria-labelledby={`${id}-label`}>
      <div className={css.title}>
        <span id={`${id}-label`}>
          {titleOf(name, schema)}
          {required || schema.minItems ? <Required /> : null}
        </span>
      </div>
      <Help>{ui?.help || schema.description}</Help>
      <div className={css.table} data-as={asTable && columns.length > 0 ? "table" : "cards"} data-wide={columns.length > 4 || undefined} style={{ "--columns": columns.map(([, one]) => `minmax(0, ${breadthOf(one)}fr)`).join(" ") } as CSSProperties}>
        {rows.length > 0 && asTable ? (
          <div className={css.head} aria-hidden>
            {columns.map(([column, one]) => (
              <span key={column}>
                {titleOf(column, one)}
                {needed.has(column) ? <Required /> : null}
              </span>
            ))}
          </div>
        ) : null}
        <ol className={css.rows} ref={body}>
          {rows.map((row, at) => (
            <li key={at} className={css.row} onKeyDown={(event) => onKeyDown(event, at)} aria-label={words.row(at + 1)}>
              <div className={css.cells}>
                {columns.map(([column, one]) => {
                  const title = titleOf(column || name, one);
                  return (
                    <div key={column} className={css.cell}>
                      {asTable ? (
                        <span className={css.cellLabel} aria-hidden>
                          {title}
                          {needed.has(column) ? <Required /> : null}
                        </span>
                      ) : null}
                      <Field
                        name={column}
                        path={isRecord ? `${path}.${at}.${column}` : `${path}.${at}`}
                        schema={one}
                        ui={isRecord ? undefined : ui}
                        required={needed.has(column)}
                        value={isRecord ? groupOf(row)[column] : row}
                        onChange={(next) => onChange(rows.with(at, isRecord ? withField(groupOf(row), column, next) : next))}
                        cell={asTable || !isRecord ? `${title}, ${words.row(at + 1)}` : undefined}
                      />
                    </div>
                  );
                })}
              </div>
              <div className={css.acts}>
                {rows.length > 1 ? (
                  <>
                    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`${words.moveUp}, ${words.row(at + 1)}`} disabled={at === 0} onClick={() => move(at, -1)}>
                      <ArrowUp size={14} aria-hidden />
                    </ActionIcon>
                    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`${words.moveDown}, ${words.row(at + 1)}`} disabled={at === rows.length - 1} onClick={() => move(at, 1)}>
                      <ArrowDown size={14} aria-hidden />
                    </ActionIcon>
                  </>
                ) : null}
                <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`${words.removeRow}, ${words.row(at + 1)}`} onClick={() => remove(at)}>
                  <X size={14} aria-hidden />
                </ActionIcon>
              </div>
              <Fault text={frame.faults[`${path}.${at}`]} />
            </li>
          ))}
        </ol>
        <div className={css.add}>
          <Button
            id={id}
            variant="subtle"
            size="compact-sm"
            leftSection={<Plus size={14} aria-hidden />}
            onClick={add}
            disabled={full}
            aria-invalid={frame.faults[path] !== undefined || undefined}
            aria-describedby={frame.faults[path] ? `${id}-fault` : undefined}
            autoFocus={props.autoFocus}
          >
            {words.addRow}
          </Button>
        </div>
      </div>
      <Fault id={`${id}-fault`} text={frame.faults[path]} />
    </div>
  );
}
