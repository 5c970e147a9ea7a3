import { useState } from "react";
import { type OpenApi, type Operation, type Parameter, type Schema, notesOf, resolve, typeOf } from "./openapi";

export function OperationView({ document, operation }: { document: OpenApi; operation: Operation }) {
  const [open, setOpen] = useState(decodeURIComponent(location.hash.slice(1)) === operation.id);
  const parameters = (operation.parameters ?? []).map((parameter) => resolve(document, parameter).value);
  return (
    <article id={operation.id} className="operation">
      <h3>
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          <span className="method" data-method={operation.method}>
            {operation.method}
          </span>
          <code>{operation.path}</code>
          <span className="summary">{operation.summary}</span>
        </button>
      </h3>
      {open ? (
        <div className="details">
          {operation.description ? <p className="prose">{operation.description}</p> : null}
          <Parameters document={document} parameters={parameters} />
          {Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) => (
            <section key={type}>
              <h4>Body ({type})</h4>
              {schema ? <Fields document={document} schema={schema} /> : null}
            </section>
          ))}
          {Object.entries(operation.responses ?? {}).map(([status, response]) => (
            <Answer key={status} document={document} status={status} response={response} />
          ))}
        </div>
      ) : null}
    </article>
  );
}

function Answer({ document, status, response }: { document: OpenApi; status: string; response: NonNullable<Operation["responses"]>[string] }) {
  const { value } = resolve(document, response);
  const [content] = Object.entries(value.content ?? {});
  const success = status.startsWith("2");
  return (
    <details open={success}>
      <summary>
        <span className="status" data-good={success}>
          {status}
        </span>{" "}
        {value.description} {content ? <span className="type">{content[0]}</span> : null}
      </summary>
      {content?.[1].schema ? <Fields document={document} schema={content[1].schema} /> : null}
    </details>
  );
}

function Parameters({ document, parameters }: { document: OpenApi; parameters: Parameter[] }) {
  if (parameters.length === 0) return null;
  return (
    <section>
      <h4>Parameters</h4>
      <dl className="fields">
        {parameters.map((parameter) => (
          <Field
            key={`${parameter.in} ${parameter.name}`}
            document={document}
            name={parameter.name}
            place={parameter.in}
            required={parameter.required === true}
            schema={{ description: parameter.description, ...parameter.schema }}
            depth={0}
          />
        ))}
      </dl>
    </section>
  );
}

/** Deeper schemas open on demand, so that a schema that holds itself ends. */
const deepest = 6;

function Fields({ document, schema, depth = 0 }: { document: OpenApi; schema: Schema; depth?: number }) {
  const { value } = resolve(document, schema);
  const inner = value.items ? resolve(document, value.items).value : value;
  const properties = Object.entries(inner.properties ?? {}).filter(([name]) => name !== "$schema");
  if (properties.length === 0) return <p className="type">{typeOf(document, schema)}</p>;
  const required = new Set(inner.required);
  return (
    <dl className="fields">
      {properties.map(([name, property]) => (
        <Field key={name} document={document} name={name} required={required.has(name)} schema={property} depth={depth} />
      ))}
    </dl>
  );
}

interface FieldProps {
  document: OpenApi;
  name: string;
  place?: string;
  required: boolean;
  schema: Schema;
  depth: number;
}

function Field({ document, name, place, required, schema, depth }: FieldProps) {
  const [open, setOpen] = useState(false);
  const { value } = resolve(document, schema);
  const inner = value.items ? resolve(document, value.items).value : value;
  const nested = Object.keys(inner.properties ?? {}).length > 0 && depth < deepest;
  const description = schema.description ?? value.description;
  return (
    <div className="field">
      <dt>
        <code>{name}</code>
        {required ? <span className="required">required</span> : null}
      </dt>
      <dd>
        <span className="type">
          {place ? `${place}, ` : ""}
          {typeOf(document, schema)}
        </span>
        {notesOf(value).map((note) => (
          <span key={note} className="note">
            {note}
          </span>
        ))}
        {description ? <p>{description}</p> : null}
        {nested ? (
          <button type="button" className="more" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? "Hide fields" : "Show fields"}
          </button>
        ) : null}
        {open ? <Fields document={document} schema={schema} depth={depth + 1} /> : null}
      </dd>
    </div>
  );
}
