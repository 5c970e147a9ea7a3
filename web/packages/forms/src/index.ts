export { SchemaForm, type SchemaFormProps } from "./SchemaForm";
export { SchemaView, type ViewWords } from "./SchemaView";
export type { ToolSlot } from "./frame";
export { type FormWords, englishWords, useFormWords } from "./words";
export { type FaultWords, type Faults, validate } from "./validate";
export { type FieldSchema, type Form, type FormUi, type Payload, type Template, type ToolPlace, formOf, unitText } from "./schema";
export { type About, type Evaluated, type Evaluator, evaluator, withoutHidden } from "./evaluator";
export { plain } from "./plain";
