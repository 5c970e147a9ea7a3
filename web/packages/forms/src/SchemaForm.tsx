import { type FormEvent, type ReactNode, useMemo } from "react";
import { FormField } from "./FormField";
import { type FieldSchema, type FormUi, type Payload, pagesOf, shownWith, withField } from "./schema";
import css from "./SchemaForm.module.css";
import type { Faults } from "./validate";

export interface SchemaFormProps {
  schema: FieldSchema;
  ui?: FormUi;
  value: Payload;
  onChange: (value: Payload) => void;
  faults?: Faults;
  /** The field to start in. */
  autoFocus?: boolean;
  words: FormWords;
}

/** The few words the renderer needs from the app's language. */
export interface FormWords {
  notANumber: string;
  addRow: string;
  removeRow: string;
  linesHint: string;
  yes: string;
  no: string;
}

/** A form drawn from a template's JSON Schema. Enter never submits it: saving is the caller's act. */
export function SchemaForm({ schema, ui, value, onChange, faults = {}, autoFocus = false, words }: SchemaFormProps) {
  const required = new Set(schema.required);
  const shown = useMemo(() => shownWith(ui), [ui]);
  const pages = pagesOf(schema, ui).map((page) => ({
    ...page,
    rows: page.rows.map((row) => row.filter((name) => shown(name, value))).filter((row) => row.length > 0),
  }));
  const firstName = pages[0]?.rows[0]?.[0];
  const stay = (event: FormEvent) => event.preventDefault();
  return (
    <form className={css.form} onSubmit={stay} noValidate>
      {pages.map((page, index) => page.rows.length === 0 ? null : (
        <PageFrame key={index} title={page.title}>
          {page.rows.map((row) => (
            <div key={row.join(" ")} className={css.row}>
              {row.map((name) => (
                <FormField
                  key={name}
                  name={name}
                  path={name}
                  schema={schema.properties![name]!}
                  ui={ui?.fields?.[name]}
                  required={required.has(name)}
                  value={value[name]}
                  onChange={(next) => onChange(withField(value, name, next))}
                  faults={faults}
                  autoFocus={autoFocus && name === firstName}
                  words={words}
                />
              ))}
            </div>
          ))}
        </PageFrame>
      ))}
    </form>
  );
}

function PageFrame({ title, children }: { title: string | null; children: ReactNode }) {
  if (title === null) return <div className={css.page}>{children}</div>;
  return (
    <fieldset className={css.page}>
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}
