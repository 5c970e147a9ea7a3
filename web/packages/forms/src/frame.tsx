import { type ReactNode, createContext, useContext } from "react";
import type { FieldSchema, FieldUi } from "./schema";
import css from "./Form.module.css";
import type { FormWords } from "./words";
import type { Faults } from "./validate";

/** A tool's place in a form, with all it needs. */
export interface ToolSlot {
  tool: string;
  at: "field" | "page";
  /** The field it edits. */
  field?: string;
  title?: string;
  config: Record<string, unknown>;
  /** Names of fields and results, by what the tool calls them. */
  bind: Record<string, unknown>;
  /** What people call those fields. */
  titles: Record<string, string>;
  /** The field's value; at a page every field's and every result's, by name. */
  value: unknown;
  readOnly: boolean;
  onChange: (value: unknown) => void;
}

export interface FrameValue {
  /** Begins every id of this form. */
  id: string;
  faults: Faults;
  words: FormWords;
  /** The facility's; the browser's own without one. */
  timeZone?: string;
}

const Frame = createContext<FrameValue | null>(null);
export const FrameProvider = Frame.Provider;

export function useFrame(): FrameValue {
  const frame = useContext(Frame);
  if (!frame) throw new Error("a field stands outside of its form");
  return frame;
}

export interface FieldProps {
  name: string;
  /** Dotted place in the payload: where the server's faults point. */
  path: string;
  schema: FieldSchema;
  ui?: FieldUi;
  required?: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
  autoFocus?: boolean;
  /** In a cell of a table its column names it: this is its name for who cannot see the column. */
  cell?: string;
}

export const fieldId = (frame: FrameValue, path: string): string => `${frame.id}-${path.replaceAll(/[^\w-]/g, "-")}`;

export function Required() {
  return (
    <span className={css.required} aria-hidden>
      {" *"}
    </span>
  );
}

export function Fault({ id, text }: { id?: string; text: string | undefined }) {
  return text ? (
    <div id={id} className={css.fault}>
      {text}
    </div>
  ) : null;
}

export function Help({ children }: { children: ReactNode }) {
  return children ? <div className={css.help}>{children}</div> : null;
}

/** Around a group of controls that are one answer: its name, help and fault. */
export function Question({ props, title, children }: { props: FieldProps; title: string; children: (ids: { labelId: string; faultId: string | undefined; faulty: boolean }) => ReactNode }) {
  const frame = useFrame();
  const id = fieldId(frame, props.path);
  const fault = frame.faults[props.path];
  return (
    <div>
      {props.cell === undefined ? (
        <span className={css.label} id={`${id}-label`}>
          {title}
          {props.required ? <Required /> : null}
        </span>
      ) : (
        <span hidden id={`${id}-label`}>
          {props.cell}
        </span>
      )}
      {props.cell === undefined ? <Help>{props.ui?.help || props.schema.description}</Help> : null}
      {children({ labelId: `${id}-label`, faultId: fault ? `${id}-fault` : undefined, faulty: fault !== undefined })}
      <Fault id={`${id}-fault`} text={fault} />
    </div>
  );
}

/** What the inputs of the component library are given. */
export function inputProps(props: FieldProps, frame: FrameValue, title: string) {
  const { ui, schema, path, required, autoFocus, cell } = props;
  const bare = cell !== undefined;
  return {
    id: fieldId(frame, path),
    label: bare ? undefined : title,
    "aria-label": bare ? cell : undefined,
    description: bare ? undefined : ui?.help || schema.description,
    placeholder: ui?.placeholder || undefined,
    withAsterisk: required && !bare,
    "aria-required": required || undefined,
    error: frame.faults[path],
    "data-autofocus": autoFocus || undefined,
    autoFocus,
    autoComplete: "off",
  } as const;
}

