import { Field } from "../Field";
import { Fault, type FieldProps, Help, Required, fieldId, useFrame } from "../frame";
import css from "../Form.module.css";
import { groupOf, sideTitles, titleOf, withPart } from "../schema";
import pair from "./Laterality.module.css";

/** Several fields that belong together, framed. */
export function GroupField({ name, path, schema, ui, required, value, onChange, cell }: FieldProps) {
  const frame = useFrame();
  const group = groupOf(value);
  const needed = new Set(schema.required);
  return (
    <fieldset className={css.group} aria-label={cell}>
      {cell === undefined ? (
        <legend>
          {titleOf(name, schema)}
          {required ? <Required /> : null}
        </legend>
      ) : null}
      <Help>{ui?.help || schema.description}</Help>
      <div className={css.row}>
        {Object.entries(schema.properties ?? {}).map(([child, one]) => (
          <Field
            key={child}
            name={child}
            path={`${path}.${child}`}
            schema={one}
            required={needed.has(child)}
            value={group[child]}
            onChange={(next) => onChange(withPart(group, child, next))}
          />
        ))}
      </div>
      <Fault text={frame.faults[path]} />
    </fieldset>
  );
}

/** Right and left beside each other, a line for each thing that is looked at. */
export function LateralityField(props: FieldProps & { pair: readonly [string, string] }) {
  const { name, path, schema, ui, required, value, onChange } = props;
  const frame = useFrame();
  const group = groupOf(value);
  const [right, left] = props.pair;
  const headings = sideTitles(schema, props.pair, frame.words);
  const parts = Object.entries(schema.properties![right]!.properties ?? {});
  const lines: { part: string | null; title: string }[] =
    parts.length > 0 ? parts.map(([part, one]) => ({ part, title: titleOf(part, one) })) : [{ part: null, title: titleOf(name, schema) }];
  const needed = new Set(schema.required);

  const field = (side: string, at: number, part: string | null, title: string) => {
    const ofSide = schema.properties![side]!;
    const one = part === null ? ofSide : ofSide.properties?.[part];
    if (!one) return <span key={side} />;
    const values = groupOf(group[side]);
    return (
      <div key={side} className={pair.cell}>
        <Field
          name={part ?? side}
          path={part === null ? `${path}.${side}` : `${path}.${side}.${part}`}
          schema={one}
          ui={part === null ? { ...ui, widget: undefined } : undefined}
          required={part === null ? needed.has(side) : (ofSide.required?.includes(part) ?? false)}
          value={part === null ? group[side] : values[part]}
          onChange={(next) => onChange(withPart(group, side, part === null ? next : withPart(values, part, next)))}
          cell={`${title}, ${headings[at]}`}
        />
      </div>
    );
  };

  return (
    <div className={pair.frame} role="group" aria-labelledby={`${fieldId(frame, path)}-label`}>
      <div className={pair.title} id={`${fieldId(frame, path)}-label`}>
        {titleOf(name, schema)}
        {required ? <Required /> : null}
      </div>
      <Help>{ui?.help || schema.description}</Help>
      <div className={pair.grid} data-single={parts.length === 0 || undefined}>
        <div className={pair.head} aria-hidden>
          {parts.length > 0 ? <span /> : null}
          {headings.map((heading) => (
            <span key={heading}>{heading}</span>
          ))}
        </div>
        {lines.map(({ part, title }) => (
          <div key={title} className={pair.line}>
            {parts.length > 0 ? (
              <span className={pair.part}>
                {title}
              </span>
            ) : null}
            {field(right, 0, part, title)}
            {field(left, 1, part, title)}
          </div>
        ))}
      </div>
      <Fault text={frame.faults[path]} />
    </div>
  );
}
