import { Button, SegmentedControl } from "@mantine/core";
import type { LabResult, WorklistRow } from "@hm/client";
import { EmptyState, ErrorState, TableSkeleton, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { nameOf, readKept } from "../../app/drafts";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { useSettled } from "./useSettled";
import { steadyRows } from "./entry";
import { EntryBlock } from "./EntryBlock";
import css from "./Lab.module.css";
import { SearchField } from "./SearchField";
import { SectionSelect } from "./Sections";
import { useCells } from "./useCells";
import { draftName } from "./useEntry";

type Waiting = "RECEIVED" | "ENTERED";
/** How often the list is asked for anew: not with every value that is saved, its own and others'. */
const refreshTime = 20_000;

/** The values that wait to be entered, test below test: 200 of them without a hand on the mouse. */
export function Bench() {
  const { section } = useSearch({ from: "/person/workplace/lab/bench" });
  const [status, setStatus] = useState<Waiting>("RECEIVED");
  // what is held under the hands belongs to one list
  return <List key={`${section} ${status}`} section={section} status={status} onStatus={setStatus} />;
}

function List({ section, status, onStatus }: { section: string | undefined; status: Waiting; onStatus: (status: Waiting) => void }) {
  const { t } = useTranslation();
  const { me } = useWorkplace();
  const navigate = useNavigate();
  const [q, setQ] = useState("");
  const asked = useSettled(q.trim());
  const list = useQuery({ ...read.worklist({ section, status, q: asked || undefined }), refetchInterval: refreshTime, placeholderData: (before) => before });
  const [saved, setSaved] = useState<ReadonlySet<string>>(new Set());
  const rows = useSteady(list.data, useCallback((row: WorklistRow) => saved.has(row.order_item_id) || readKept(nameOf(me.user.id, draftName(row.order_item_id))) !== null, [saved, me.user.id]));
  const listed = useMemo(() => new Set(list.data?.map(({ order_item_id }) => order_item_id)), [list.data]);
  const { move, focus } = useCells(rows);
  const onSaved = useCallback((result: LabResult) => setSaved((before) => new Set(before).add(result.order_item_id)), []);

  const first = useCallback(() => {
    const row = rows.find(({ order_item_id }) => !saved.has(order_item_id)) ?? rows[0];
    const analyte = row?.analytes.find(({ calculated }) => !calculated);
    if (row && analyte) focus({ item: row.order_item_id, code: analyte.code });
  }, [rows, saved, focus]);
  useKeys([{ keys: "e", label: t("lab.bench.enter"), run: first }]);

  // the bench is for typing: the cursor stands in the first value, unless somebody is elsewhere already
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || rows.length === 0) return;
    begun.current = true;
    if (document.activeElement === null || document.activeElement === document.body || document.activeElement.closest("nav")) first();
  }, [rows, first]);

  const waits = rows.filter(({ order_item_id }) => listed.has(order_item_id) && !saved.has(order_item_id)).length;
  return (
    <>
      <div className={css.bar}>
        <SectionSelect value={section} onChange={(chosen) => void navigate({ to: "/lab/bench", search: { section: chosen } })} />
        <SegmentedControl size="xs" aria-label={t("task.filter.label")} value={status} onChange={(value) => onStatus(value as Waiting)} data={(["RECEIVED", "ENTERED"] as const).map((value) => ({ value, label: t(`lab.bench.status.${value}`) }))} />
        <SearchField value={q} onChange={setQ} onEnter={first} />
        <span className={css.count} role="status">
          {t("lab.bench.waits", { count: waits })}
        </span>
        {saved.size > 0 ? (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              setSaved(new Set());
              void list.refetch();
            }}
          >
            {t("lab.bench.clear", { count: saved.size })}
          </Button>
        ) : null}
      </div>
      {list.isPending ? (
        <TableSkeleton />
      ) : list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState>{t(`lab.bench.none.${status}`)}</EmptyState>
      ) : (
        <div>
          {rows.map((row) => (
            <EntryBlock key={row.order_item_id} row={row} gone={!listed.has(row.order_item_id) && !saved.has(row.order_item_id)} onMove={move} onSaved={onSaved} />
          ))}
        </div>
      )}
    </>
  );
}

/** The list as it is now, and what must stay though it is listed no more. */
function useSteady(fresh: WorklistRow[] | undefined, keep: (row: WorklistRow) => boolean): WorklistRow[] {
  const [held, setHeld] = useState<WorklistRow[]>([]);
  const rows = useMemo(() => (fresh ? steadyRows(held, fresh, keep) : held), [held, fresh, keep]);
  useEffect(() => {
    setHeld((before) => (before.length === rows.length && before.every((row, index) => row === rows[index]) ? before : rows));
  }, [rows]);
  return rows;
}

