import { type ReactNode, useMemo } from "react";
import css from "./Form.module.css";
import type { ToolSlot } from "./frame";
import { Result } from "./parts";
import { plain } from "./plain";
import { resultTitle, resultUnit, shownResults } from "./results";
import { type FieldSchema, type FieldUi, type Payload, type SideWords, type Template, formOf, groupOf, pagesOf, sideTitles, sidesOf, titleOf, unitText, words as inWords } from "./schema";
import { fieldOfTool, pageOfTool, slotOf } from "./tools";
import { columnsOf } from "./widgets/Table";

export interface ViewWords extends SideWords {
  yes: string;
  no: string;
  computed: string;
}

export interface SchemaViewProps {
  template: Template;
  value: Payload;
  computed?: Payload;
  words: ViewWords;
  timeZone?: string;
  renderTool?: (slot: ToolSlot) => ReactNode;
}

const nothing: Payload = {};

/** A document's content to be read, drawn from the template it was written with. */
export function SchemaView({ template, value, computed = nothing, words, timeZone, renderTool }: SchemaViewProps) {
  const form = useMemo(() => formOf(template), [template]);
  const { schema, ui } = form;
  const results = shownResults(form, computed).filter((name) => computed[name] !== null);
  const pages = pagesOf(schema, ui, results);
  const placed = new Set(pages.flatMap((page) => page.rows.flat()));
  const unknown = Object.keys(value).filter((name) => !(name in (schema.properties ?? {})));
  const tools = form.tools.map((tool) => ({ tool, field: fieldOfTool(tool, form), page: pageOfTool(tool, pages) }));
  const draw = (tool: (typeof tools)[number]["tool"]) => renderTool?.(slotOf(tool, form, value, computed, true, () => {})) ?? null;
  const rest = results.filter((name) => !placed.has(name));

  return (
    <div className={css.view}>
      {pages.map((page, at) => {
        const names = page.rows.flat().filter((name) => (schema.properties?.[name] ? value[name] !== undefined : computed[name] !== undefined));
        const drawn = tools.filter((tool) => tool.field === null && tool.page === at).map(({ tool }) => draw(tool)).filter(Boolean);
        if (names.length === 0 && drawn.length === 0) return null;
        return (
          <div key={at} role="group" aria-label={page.title ?? undefined}>
            {page.title && pages.length > 1 ? <h4 className={css.viewTitle}>{page.title}</h4> : null}
            <dl className={css.values}>
              {names.map((name) => {
                const one = schema.properties?.[name];
                if (!one) return <Computed key={name} title={resultTitle(form, name)} unit={resultUnit(form, name)} value={computed[name]} words={words} />;
                const tool = tools.find((placedTool) => placedTool.field === name);
                const asTool = tool && draw(tool.tool);
                return <Shown key={name} label={titleOf(name, one)} value={value[name]} schema={one} ui={ui.fields?.[name]} words={words} timeZone={timeZone} tool={asTool} />;
              })}
            </dl>
            {drawn.map((tool, nth) => (
              <div key={nth} className={css.tool}>
                {tool}
              </div>
            ))}
          </div>
        );
      })}
      {unknown.length > 0 ? (
        <dl className={css.values}>
          {unknown.map((name) => (
            <Shown key={name} label={inWords(name)} value={value[name]} words={words} />
          ))}
        </dl>
      ) : null}
      {rest.length > 0 ? (
        <div className={css.results} role="group" aria-label={words.computed}>
          <div className={css.resultLine}>
            {rest.map((name) => (
              <Result key={name} name={name} value={computed[name]} form={form} words={words} />
            ))}
          </div>
        </div>
      ) : null}
    </div>
  );
}

function Computed({ title, unit, value, words }: { title: string; unit?: string; value: unknown; words: ViewWords }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <bdi>{plain(value, undefined, words)}</bdi>
        {unit ? <span className={css.unit}>{`\u202f${unitText(unit)}`}</span> : null}
      </dd>
    </div>
  );
}

interface ShownProps {
  label: string;
  value: unknown;
  schema?: FieldSchema;
  ui?: FieldUi;
  words: ViewWords;
  timeZone?: string;
  tool?: ReactNode;
}

function Shown({ label, value, schema, ui, words, timeZone, tool }: ShownProps) {
  const unit = schema?.["x-unit"];
  const records = schema?.items?.type === "object" && Array.isArray(value) ? (value as unknown[]).map(groupOf) : null;
  const pair = schema ? sidesOf(schema) : null;
  const group = !tool && !pair && schema?.type === "object" && schema.properties && typeof (value as { summary?: unknown } | null)?.summary !== "string" ? groupOf(value) : null;
  const wide = Boolean(tool) || group !== null || records !== null || pair !== null || (typeof value === "string" && value.length > 120);
  return (
    <div className={wide ? css.wide : undefined}>
      <dt>{label}</dt>
      <dd>
        {tool ? (
          tool
        ) : records ? (
          <Records rows={records} item={schema!.items!} columns={ui?.columns} words={words} timeZone={timeZone} />
        ) : pair ? (
          <Sides pair={pair} schema={schema!} value={groupOf(value)} words={words} timeZone={timeZone} />
        ) : group ? (
          <dl className={css.values} data-within>
            {Object.entries(schema!.properties!).map(([name, one]) =>
              group[name] === undefined ? null : <Shown key={name} label={titleOf(name, one)} value={group[name]} schema={one} words={words} timeZone={timeZone} />,
            )}
          </dl>
        ) : (
          <>
            <bdi>{plain(value, schema, words, timeZone)}</bdi>
            {unit ? <span className={css.unit}>{`\u202f${unitText(unit)}`}</span> : null}
          </>
        )}
      </dd>
    </div>
  );
}

function Records({ rows, item, columns, words, timeZone }: { rows: Payload[]; item: FieldSchema; columns?: string[] | null; words: ViewWords; timeZone?: string }) {
  const shown = columnsOf(item, columns).filter(([name]) => rows.some((row) => row[name] !== undefined));
  const more = Object.entries(item.properties ?? {}).filter(([name]) => !shown.some(([one]) => one === name) && rows.some((row) => row[name] !== undefined));
  const all = [...shown, ...more];
  return (
    <div className={css.scroll} tabIndex={0}>
      <table className={css.records}>
        <thead>
          <tr>
            {all.map(([name, one]) => (
              <th key={name} scope="col">
                {titleOf(name, one)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {all.map(([name, one]) => (
                <td key={name}>
                  <bdi>{plain(row[name], one, words, timeZone)}</bdi>
                  {row[name] !== undefined && one["x-unit"] ? <span className={css.unit}>{`\u202f${unitText(one["x-unit"])}`}</span> : null}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Sides({ pair, schema, value, words, timeZone }: { pair: readonly [string, string]; schema: FieldSchema; value: Payload; words: ViewWords; timeZone?: string }) {
  const headings = sideTitles(schema, pair, words);
  const parts = Object.entries(schema.properties![pair[0]]!.properties ?? {});
  const lines = parts.length > 0 ? parts.filter(([part]) => pair.some((side) => groupOf(value[side])[part] !== undefined)) : [["", schema.properties![pair[0]]!] as [string, FieldSchema]];
  return (
    <table className={css.records}>
      <thead>
        <tr>
          {parts.length > 0 ? <td /> : null}
          {headings.map((heading) => (
            <th key={heading} scope="col">
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map(([part, one]) => (
          <tr key={part}>
            {parts.length > 0 ? <th scope="row">{titleOf(part, one)}</th> : null}
            {pair.map((side) => {
              const found = parts.length > 0 ? groupOf(value[side])[part] : value[side];
              return (
                <td key={side}>
                  <bdi>{found === undefined ? "–" : plain(found, one, words, timeZone)}</bdi>
                  {found !== undefined && one["x-unit"] ? <span className={css.unit}>{`\u202f${unitText(one["x-unit"])}`}</span> : null}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
