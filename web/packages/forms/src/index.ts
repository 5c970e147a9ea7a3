export { SchemaForm, type FormWords } from "./SchemaForm";
export { SchemaView } from "./SchemaView";
export { validate, type Faults } from "./validate";
export { type FieldSchema, type FormUi, type Payload, formOf } from "./schema";
