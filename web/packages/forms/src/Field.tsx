import type { FieldProps } from "./frame";
import { choicesOf, groupOf, scoresOf, sidesOf, titleOf, withPart } from "./schema";
import { BooleanField, ChoiceField, ManyField } from "./widgets/Choice";
import { GroupField, LateralityField } from "./widgets/Groups";
import { NumberField, SliderField } from "./widgets/Numbers";
import { ScoreGrid } from "./widgets/ScoreGrid";
import { TableField } from "./widgets/Table";
import { LinesField, TextField } from "./widgets/Text";

/** One field, by the widget its template names or else the one its type asks for. */
export function Field(props: FieldProps) {
  return (
    <div data-path={props.path} style={{ minInlineSize: 0 }}>
      <Widget {...props} />
    </div>
  );
}

function Widget(props: FieldProps) {
  const { schema, ui } = props;
  if (schema.type === "object" || (schema.type === undefined && schema.properties)) {
    const pair = sidesOf(schema);
    if (pair && (ui?.widget === "laterality" || ui?.widget === undefined)) return <LateralityField {...props} pair={pair} />;
    if (ui?.widget === "score_grid") return <QuestionnaireField {...props} />;
    return <GroupField {...props} />;
  }
  if (schema.type === "array") {
    const choices = choicesOf(schema.items ?? {});
    if (choices) return <ManyField {...props} choices={choices} />;
    const kind = schema.items?.type;
    return kind === "string" || kind === undefined ? <LinesField {...props} /> : <TableField {...props} />;
  }
  if (schema.type === "boolean") return <BooleanField {...props} />;
  const choices = ui?.widget === "score_grid" ? scoresOf(schema) : choicesOf(schema);
  if (choices) return <ChoiceField {...props} choices={choices} />;
  if (schema.type === "integer" || schema.type === "number") {
    return ui?.widget === "slider" && schema.minimum !== undefined && schema.maximum !== undefined ? <SliderField {...props} /> : <NumberField {...props} />;
  }
  return <TextField {...props} />;
}

/** A group whose parts all have the same scored answers; any other part stands as a field above. */
function QuestionnaireField(props: FieldProps) {
  const { name, path, schema, ui, value, onChange } = props;
  const group = groupOf(value);
  const needed = new Set(schema.required);
  const parts = Object.entries(schema.properties ?? {});
  const options = parts.map(([, one]) => scoresOf(one)).find((found) => found !== null) ?? [];
  const same = parts.filter(([, one]) => JSON.stringify(scoresOf(one)) === JSON.stringify(options));
  const others = parts.filter((part) => !same.includes(part));
  if (same.length === 0) return <GroupField {...props} />;
  const set = (part: string) => (next: unknown) => onChange(withPart(group, part, next));
  return (
    <>
      <ScoreGrid
        path={path}
        title={props.cell ?? titleOf(name, schema)}
        help={ui?.help || schema.description}
        options={options}
        total={ui?.config?.total !== false}
        items={same.map(([part, one]) => ({ name: part, path: `${path}.${part}`, schema: one, required: needed.has(part), value: group[part], onChange: set(part) }))}
      />
      {others.map(([part, one]) => (
        <Field key={part} name={part} path={`${path}.${part}`} schema={one} required={needed.has(part)} value={group[part]} onChange={set(part)} />
      ))}
    </>
  );
}
