export { SchemaForm, type FormWords } from "./SchemaForm";
export { SchemaView } from "./SchemaView";
export { validate, type Faults } from "./validate";
export type { FieldSchema, FormUi, Payload } from "./schema";
