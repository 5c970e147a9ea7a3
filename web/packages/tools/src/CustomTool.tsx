import { useEffect, useRef, useState } from "react";
import { Loading } from "./Loading";
import { SourceError, type SourceFailure, load, readEmitted } from "./customSource";
import type { AllowedTool, CustomToolSource, Host, ToolBind, ToolConfig } from "./host";
import css from "./ToolHost.module.css";
import { useSay } from "./words";

interface CustomToolProps {
  source: CustomToolSource;
  allowed: AllowedTool[];
  config: ToolConfig;
  bind: ToolBind;
  titles: Record<string, string>;
  title: string;
  host: Host;
  onFailure: (why: SourceFailure | "broken") => void;
}

/** What a third party's element is given, as properties, and gives: an `emit` event or a call of `host.emit`. */
interface ToolElement extends HTMLElement {
  host?: Host;
  config?: ToolConfig;
  bind?: ToolBind;
  titles?: Record<string, string>;
}

/** A third party's tool, loaded with its hash. Whatever it throws ends the tool, not the page. */
export function CustomTool({ source, allowed, config, bind, titles, title, host, onFailure }: CustomToolProps) {
  const say = useSay("host");
  const place = useRef<HTMLDivElement>(null);
  const [element, setElement] = useState<ToolElement | null>(null);
  const [refused, setRefused] = useState(false);
  const latest = useRef({ host, onFailure });
  useEffect(() => {
    latest.current = { host, onFailure };
  });

  const { url, integrity, element: name } = source;
  useEffect(() => {
    let wanted = true;
    load({ url, integrity, element: name }, allowed).then(
      () => wanted && setElement(create(name)),
      (error: unknown) => wanted && latest.current.onFailure(error instanceof SourceError ? error.failure : "broken"),
    );
    return () => {
      wanted = false;
    };
    // the list is asked when the tool is placed; a new array with the same lines is no reason to load again
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [url, integrity, name]);

  function keep(value: unknown) {
    const read = readEmitted(value);
    setRefused(read === null);
    if (read && !latest.current.host.readOnly) latest.current.host.emit(read);
  }

  // before it is placed, so that it knows its host when it is connected
  useEffect(() => {
    if (!element) return;
    try {
      element.config = config;
      element.bind = bind;
      element.titles = titles;
      element.host = { ...host, emit: keep };
    } catch {
      onFailure("broken");
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [element, host, config, bind, titles]);

  useEffect(() => {
    if (!element || !place.current) return;
    const stop = onThrown(url, () => latest.current.onFailure("broken"));
    const take = (event: Event) => keep((event as CustomEvent<unknown>).detail);
    element.addEventListener("emit", take);
    place.current.append(element);
    if (!(customElements.get(name) && element instanceof customElements.get(name)!)) latest.current.onFailure("broken");
    return () => {
      stop();
      element.removeEventListener("emit", take);
      element.remove();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [element]);

  return (
    <div className={css.custom} role="group" aria-label={title || undefined}>
      {element ? null : <Loading />}
      <div ref={place} />
      {refused ? (
        <p className={css.why} role="alert">
          {say("badValue")}
        </p>
      ) : null}
    </div>
  );
}

function create(name: string): ToolElement {
  return document.createElement(name) as ToolElement;
}

/** Tells of an error thrown in the script of this address, also later and asynchronously. */
function onThrown(url: string, tell: () => void): () => void {
  const address = new URL(url, document.baseURI).href;
  const onError = (event: ErrorEvent) => {
    if (event.filename === address) tell();
  };
  const onRejection = (event: PromiseRejectionEvent) => {
    if (event.reason instanceof Error && event.reason.stack?.includes(address)) tell();
  };
  window.addEventListener("error", onError);
  window.addEventListener("unhandledrejection", onRejection);
  return () => {
    window.removeEventListener("error", onError);
    window.removeEventListener("unhandledrejection", onRejection);
  };
}
