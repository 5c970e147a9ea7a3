import { Fragment, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./DataTable.module.css";
import { useKeys } from "./keys";

export interface Column<Row> {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** CSS width; without one the column takes what is left. */
  width?: string;
  align?: "start" | "end";
  /** Figures that stand below one another: all digits equally wide. */
  figures?: boolean;
  /** Leave the column out when the table itself is not wide (880 px), narrow (720 px) or very narrow (480 px). */
  hide?: "medium" | "narrow" | "tiny";
}

interface DataTableProps<Row> {
  label: string;
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  onOpen?: (row: Row) => void;
  /** The row under the hand has changed: for keys that act on it. */
  onActive?: (row: Row) => void;
  /** What a row belongs to; above the first of each group stands its name. Rows of a group stand together. */
  groupOf?: (row: Row) => string;
  selectedKey?: string | null;
  /** Below the last row: a button for more, a note. */
  footer?: ReactNode;
}

/** Rows of 36 px; j, k and the arrows move, Enter opens. */
export function DataTable<Row>({ label, rows, columns, rowKey, onOpen, onActive, groupOf, selectedKey, footer }: DataTableProps<Row>) {
  const { t } = useTranslation();
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState(0);
  const last = rows.length - 1;

  useEffect(() => {
    if (!selectedKey) return;
    const at = rows.findIndex((row) => rowKey(row) === selectedKey);
    if (at >= 0) setActive(at);
    // only a new selection moves the active row, not every refetch
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selectedKey]);

  const rowAt = (index: number) => body.current?.querySelectorAll<HTMLTableRowElement>("tr[data-row]")[index];

  function focus(index: number) {
    const at = Math.max(0, Math.min(last, index));
    setActive(at);
    rowAt(at)?.focus();
  }

  const hasFocus = () => body.current?.contains(document.activeElement) ?? false;
  useKeys(
    last < 0
      ? []
      : [
          { keys: "j", label: t("ui.keys.down"), run: () => focus(hasFocus() ? active + 1 : active) },
          { keys: "k", label: t("ui.keys.up"), run: () => focus(hasFocus() ? active - 1 : active) },
        ],
  );

  function onKeyDown(event: KeyboardEvent<HTMLTableRowElement>, index: number) {
    if (event.target !== event.currentTarget) return;
    const moves: Record<string, number> = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: last };
    const target = moves[event.key];
    if (target !== undefined) {
      event.preventDefault();
      focus(target);
    } else if (event.key === "Enter" && onOpen) {
      event.preventDefault();
      onOpen(rows[index]!);
    }
  }

  const tabbable = Math.min(active, last);
  return (
    <div className={css.frame}>
      <table className={css.table} role="grid" aria-label={label} aria-rowcount={rows.length}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" style={{ inlineSize: column.width }} data-align={column.align} data-hide={column.hide}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => {
            const key = rowKey(row);
            const group = groupOf?.(row);
            const begins = group !== undefined && (index === 0 || groupOf?.(rows[index - 1]!) !== group);
            return (
              <Fragment key={key}>
                {begins ? (
                  <tr className={css.group}>
                    <th scope="rowgroup">{group}</th>
                    {/* a cell for each column, hidden with it: what spans several would bring back those that are left out */}
                    {columns.slice(1).map(({ id, hide }) => (
                      <td key={id} aria-hidden data-hide={hide} />
                    ))}
                  </tr>
                ) : null}
                <tr
                  data-row
                  tabIndex={index === tabbable ? 0 : -1}
                  aria-selected={key === selectedKey}
                  data-openable={onOpen !== undefined || undefined}
                  onFocus={() => {
                    setActive(index);
                    onActive?.(row);
                  }}
                  onKeyDown={(event) => onKeyDown(event, index)}
                  onClick={(event) => {
                    if ((event.target as HTMLElement).closest("a, button, input")) return;
                    onOpen?.(row);
                  }}
                >
                  {columns.map((column) => (
                    <td key={column.id} className={column.figures ? "hm-figures" : undefined} data-align={column.align} data-hide={column.hide}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              </Fragment>
            );
          })}
        </tbody>
      </table>
      {footer}
    </div>
  );
}
