import { useEffect, useMemo, useRef, useState } from "react";
import { type OpenApi, filtered, groupsOf } from "./openapi";
import { OperationView } from "./OperationView";

const source = "/api/openapi.json";

/** The API's own page: everything it shows comes from the running server's document. */
export function Docs() {
  const [document, setDocument] = useState<OpenApi | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    fetch(source)
      .then((response) => (response.ok ? response.json() : Promise.reject(new Error(`${source} answered ${response.status}`))))
      .then(setDocument)
      .catch((error: Error) => setFault(error.message));
  }, []);
  if (fault) {
    return (
      <main className="message" role="alert">
        The API document could not be read: {fault}
      </main>
    );
  }
  return document ? <Reference document={document} /> : <main className="message">Loading…</main>;
}

function Reference({ document }: { document: OpenApi }) {
  const [search, setSearch] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const all = useMemo(() => groupsOf(document), [document]);
  const groups = useMemo(() => filtered(all, search), [all, search]);
  const count = all.reduce((sum, group) => sum + group.operations.length, 0);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.target === box.current) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  // the part after # names an operation that did not exist yet when the page loaded
  useEffect(() => {
    const id = decodeURIComponent(location.hash.slice(1));
    if (id) window.document.getElementById(id)?.scrollIntoView();
  }, []);

  return (
    <div className="frame">
      <nav className="side" aria-label="Operations">
        <div className="brand">
          <strong>{document.info.title}</strong>
          <span>{document.info.version}</span>
        </div>
        <input
          ref={box}
          type="search"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          placeholder={`Search ${count} operations   /`}
          aria-label="Search operations"
        />
        {groups.map((group) => (
          <section key={group.name}>
            <h2>{group.name}</h2>
            <ul>
              {group.operations.map((operation) => (
                <li key={operation.id}>
                  <a href={`#${encodeURIComponent(operation.id)}`} title={operation.path}>
                    <span className="method" data-method={operation.method}>
                      {operation.method}
                    </span>
                    <span>{operation.summary || operation.path}</span>
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
      <main>
        <header className="intro">
          <h1>{document.info.title} API</h1>
          {document.info.description ? <p className="prose">{document.info.description}</p> : null}
          <p>
            <a href={source} download="openapi.json">
              openapi.json
            </a>
          </p>
        </header>
        {groups.length === 0 ? <p className="message">No operation matches “{search}”.</p> : null}
        {groups.map((group) => (
          <section key={group.name} className="group">
            <h2>{group.name}</h2>
            {group.description ? <p className="prose">{group.description}</p> : null}
            {group.operations.map((operation) => (
              <OperationView key={operation.id} document={document} operation={operation} />
            ))}
          </section>
        ))}
      </main>
    </div>
  );
}
