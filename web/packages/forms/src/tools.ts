import type { ToolSlot } from "./frame";
import { resultTitle } from "./results";
import { type Form, type FormPage, type Payload, type ToolPlace, titleOf } from "./schema";

/** The field whose value a tool edits, or null for one that only shows. */
export function fieldOfTool({ at, field }: ToolPlace, form: Form): string | null {
  const name = at === "field" ? field : at === "page" ? undefined : at;
  return name !== undefined && form.schema.properties?.[name] ? name : null;
}

/** The fields and results that a tool is bound to. */
export function boundNames(bind: ToolPlace["bind"]): string[] {
  return Object.values(bind ?? {})
    .flat(3)
    .filter((name) => typeof name === "string");
}

/** The page a tool stands on: the one it names, else the last that holds something it shows, else the last. */
export function pageOfTool(tool: ToolPlace, pages: FormPage[]): number {
  if (tool.page !== undefined && tool.page >= 0 && tool.page < pages.length) return tool.page;
  const bound = boundNames(tool.bind);
  const holding = pages.findLastIndex((page) => page.rows.flat().some((name) => bound.includes(name)));
  return holding >= 0 ? holding : pages.length - 1;
}

/** What a tool is given where it stands. */
export function slotOf(tool: ToolPlace, form: Form, value: Payload, computed: Payload, readOnly: boolean, onField: (name: string, value: unknown) => void): ToolSlot {
  const field = fieldOfTool(tool, form);
  const properties = form.schema.properties ?? {};
  const titles = Object.fromEntries(boundNames(tool.bind).map((name) => [name, properties[name] ? titleOf(name, properties[name]) : resultTitle(form, name)]));
  return {
    tool: tool.tool,
    at: field === null ? "page" : "field",
    field: field ?? undefined,
    title: tool.title || (field === null ? undefined : titleOf(field, properties[field])),
    config: (tool.config ?? {}) as Record<string, unknown>,
    bind: tool.bind ?? {},
    titles,
    value: field === null ? { ...value, ...computed } : value[field],
    readOnly: readOnly || field === null,
    onChange: (next) => {
      if (field !== null && !readOnly) onField(field, next);
    },
  };
}
