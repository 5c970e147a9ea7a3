import { type KeyboardEvent, useEffect, useId, useState } from "react";
import parts from "../parts/parts.module.css";
import type { Host } from "../host";
import { useSay } from "../words";
import { type Rubric, bookPath, readBook, readRubrics, rubricsPath } from "./repertory";
import css from "./RubricGrid.module.css";

interface FinderProps {
  fetch: Host["fetch"];
  chapters: string[];
  chosen: string[];
  onAdd: (rubric: Rubric) => void;
}

const pause = 120;
const shortest = 2;

/** Finds rubrics while one types; Enter adds the marked one and the search goes on. */
export function Finder({ fetch, chapters: given, chosen, onAdd }: FinderProps) {
  const say = useSay("rubric_grid");
  const id = useId();
  const [query, setQuery] = useState("");
  const [chapter, setChapter] = useState("");
  const [found, setFound] = useState<Rubric[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [marked, setMarked] = useState(0);
  const [open, setOpen] = useState(false);
  const [book, setBook] = useState<ReturnType<typeof readBook>>({ present: true, chapters: [] });
  const chapters = given.length > 0 ? given : book.chapters;

  useEffect(() => {
    const stop = new AbortController();
    // without the book's chapters the search goes over all of them
    fetch(bookPath, { signal: stop.signal }).then((answer) => !stop.signal.aborted && setBook(readBook(answer)), () => {});
    return () => stop.abort();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useEffect(() => {
    const wanted = query.trim();
    if (wanted.length < shortest) {
      setFound(null);
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      fetch(rubricsPath(wanted, chapter), { signal: stop.signal }).then(
        (answer) => {
          if (stop.signal.aborted) return;
          setFound(readRubrics(answer));
          setFailed(false);
          setMarked(0);
        },
        () => !stop.signal.aborted && setFailed(true),
      );
    }, pause);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
    // the host's fetch is a new function at every drawing
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [query, chapter]);

  const shown = open && found !== null;
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape" && shown) {
      event.stopPropagation();
      setOpen(false);
    } else if (found && found.length > 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      setOpen(true);
      setMarked((marked + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (shown && found[marked]) add(found[marked]);
    }
  }

  function add(rubric: Rubric) {
    onAdd(rubric);
    setQuery("");
    setOpen(false);
  }

  if (!book.present) return <p className={parts.quiet}>{say("noBook")}</p>;
  return (
    <div className={`${css.finder} ${parts.noPrint}`}>
      {chapters.length > 0 ? (
        <select className={parts.input} aria-label={say("chapter")} value={chapter} onChange={(event) => setChapter(event.currentTarget.value)}>
          <option value="">{say("chapters")}</option>
          {chapters.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      ) : null}
      <div className={css.search}>
        <input
          className={parts.input}
          role="combobox"
          aria-label={say("search")}
          aria-expanded={shown}
          aria-controls={shown ? `${id}-list` : undefined}
          aria-autocomplete="list"
          aria-activedescendant={shown && found[marked] ? `${id}-${marked}` : undefined}
          placeholder={say("search")}
          autoComplete="off"
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setOpen(true);
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
        {shown ? (
          <ul id={`${id}-list`} className={css.found} role="listbox" aria-label={say("found")}>
            {found.map((rubric, index) => (
              <li
                key={rubric.id}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === marked}
                data-chosen={chosen.includes(rubric.id) || undefined}
                // before the field loses the focus, which would close the list
                onMouseDown={(event) => {
                  event.preventDefault();
                  add(rubric);
                }}
                onMouseEnter={() => setMarked(index)}
              >
                <bdi>
                  {rubric.path}
                  {rubric.see ? <span className={css.see}>{` → ${rubric.see}`}</span> : null}
                </bdi>
                {rubric.remedies === null ? null : <span className={css.count}>{say("remedies", { count: rubric.remedies })}</span>}
              </li>
            ))}
            {found.length === 0 ? (
              <li role="option" aria-selected={false} aria-disabled="true">
                {say("none")}
              </li>
            ) : null}
          </ul>
        ) : null}
      </div>
      {failed ? (
        <p className={parts.fault} role="status">
          {say("failed")}
        </p>
      ) : null}
    </div>
  );
}
