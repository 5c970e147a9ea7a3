// One chunk of the page: loaded when a form or a record is first drawn.
export { SchemaForm } from "./SchemaForm";
export { SchemaView } from "./SchemaView";
