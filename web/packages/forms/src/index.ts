export { SchemaForm, SchemaView } from "./later";
export type { SchemaFormProps } from "./SchemaForm";
export type { SchemaViewProps, ViewWords } from "./SchemaView";
export type { ToolSlot } from "./frame";
export { type FormWords, useFormWords } from "./words";
export { type FaultWords, type Faults, validate } from "./validate";
export type { FieldSchema, FormUi, Payload, Template, ToolPlace } from "./schema";
export { type About, evaluator, withoutHidden } from "./evaluator";
