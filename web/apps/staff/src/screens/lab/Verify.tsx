import { Button, Checkbox, SegmentedControl } from "@mantine/core";
import type { LabResult, WorklistRow } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, TableSkeleton, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import type { VerifySearch } from "../../app/router";
import { may } from "../../parts/EncounterStatus";
import { Due, PriorityChip } from "../../parts/lab/Due";
import { LabPatientLine } from "../../parts/lab/LabPatientLine";
import { CorrectPanel } from "./CorrectPanel";
import { Found } from "./Found";
import labCss from "./Lab.module.css";
import { Released } from "./Released";
import { ResultStatusChip } from "./ResultHistory";
import { SearchField } from "./SearchField";
import { SectionSelect } from "./Sections";
import { useSettled } from "./useSettled";
import { useVerifying } from "./useVerifying";
import css from "./Verify.module.css";
import { VerifyDetail } from "./VerifyDetail";
import { type Ticks, type Waiting, afterThis, byWeight, further, isPlain, lookedAt, stillTicked } from "./waiting";

const refreshTime = 10_000;

/** What waits for somebody's name: critical results first, new values beside the former ones. */
export function Verify() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/person/workplace/lab/verify" });
  const navigate = useNavigate();
  const { section, item } = search;
  const part = search.part ?? "waiting";
  const ask = (change: VerifySearch, replace: boolean) => void navigate({ to: "/lab/verify", search: { section, part: search.part, item, ...change }, replace });
  // opening something is a step that Back undoes; going on from there to another is none
  const open = (opened: string | undefined) => ask({ item: opened }, item !== undefined);
  const filters = (
    <>
      <SegmentedControl size="xs" aria-label={t("task.filter.label")} value={part} onChange={(value) => ask({ part: value === "released" ? value : undefined, item: undefined }, true)} data={(["waiting", "released"] as const).map((value) => ({ value, label: t(`lab.verify.part.${value}`) }))} />
      {part === "waiting" ? <SectionSelect value={section} onChange={(chosen) => ask({ section: chosen, item: undefined }, true)} /> : null}
    </>
  );
  return part === "waiting" ? <Queue key={section} section={section} item={item} onOpen={open} filters={filters} /> : <Released item={item} onOpen={open} filters={filters} />;
}

interface QueueProps {
  section: string | undefined;
  /** What is opened, by the order's item. */
  item: string | undefined;
  onOpen: (item: string | undefined) => void;
  filters: ReactNode;
}

function Queue({ section, item, onOpen, filters }: QueueProps) {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const asked = useSettled(q.trim());
  const found = useQuery({ ...read.verifyQueue({ section, q: asked || undefined }), refetchInterval: refreshTime, placeholderData: (before) => before });
  const list = useRef<HTMLDivElement>(null);
  const [moved, setMoved] = useState<ReadonlyMap<string, LabResult>>(new Map());
  const [chosen, setChosen] = useState<string | null>(null);
  const [ticks, setTicks] = useState<Ticks>(new Map());
  const [calling, setCalling] = useState(false);
  const [correcting, setCorrecting] = useState<WorklistRow | null>(null);

  const rows = useMemo(() => merge(found.data ?? [], moved), [found.data, moved]);
  const { current, opened } = lookedAt(rows, ({ row }) => row.order_item_id, item, chosen);
  const under = current?.row.order_item_id ?? null;
  // what comes in above it does not take the place of what is being read
  useEffect(() => setChosen(under), [under]);
  const ticked = useMemo(() => stillTicked(ticks, rows), [ticks, rows]);
  useEffect(() => setTicks(ticked), [ticked]);

  const choose = (next: Waiting | null) => {
    const id = next?.row.order_item_id;
    setChosen(id ?? null);
    setCalling(false);
    if (item !== undefined) onOpen(id);
  };
  const onResult = useCallback((result: LabResult) => setMoved((before) => new Map(before).set(result.order_item_id, further(before.get(result.order_item_id) ?? null, result)!)), []);
  // what is released leaves the list: the next comes under the hand
  const onReleased = (result: LabResult) => {
    if (current?.row.order_item_id === result.order_item_id) choose(afterThis(rows, result.order_item_id));
  };
  const acts = useVerifying({ onResult, onReleased, onStale: () => void found.refetch() });

  const chosenRows = rows.filter(({ row }) => ticked.has(row.order_item_id));
  const toVerify = chosenRows.filter(({ result }) => may(result, "verify") && !result.is_critical);
  const toRelease = chosenRows.filter(({ result }) => may(result, "release"));

  const verify = () => {
    if (acts.busy) return;
    if (toVerify.length > 0) void acts.many("verify", toVerify);
    else if (current && chosenRows.length === 0 && may(current.result, "verify")) {
      if (current.result.is_critical) {
        setCalling(true);
        onOpen(current.row.order_item_id);
      } else acts.verify(current.result);
    }
  };
  const release = () => {
    if (acts.busy) return;
    if (toRelease.length > 0) void acts.many("release", toRelease);
    else if (current && chosenRows.length === 0 && may(current.result, "release")) acts.release(current.result);
  };
  const plain = rows.filter(({ result }) => isPlain(result));
  const tickPlain = () => setTicks(new Map(chosenRows.length > 0 ? [] : plain.map(({ row, result }) => [row.order_item_id, result.id])));
  const tick = ({ row, result }: Waiting) =>
    setTicks((before) => {
      const after = new Map(before);
      if (!after.delete(row.order_item_id)) after.set(row.order_item_id, result.id);
      return after;
    });

  useKeys([
    { keys: "v", label: t("lab.verify.verify"), run: verify },
    { keys: "r", label: t("lab.verify.release"), run: release },
    { keys: "n", label: t("lab.verify.next"), run: () => current && choose(afterThis(rows, current.row.order_item_id)) },
    { keys: "x", label: t("lab.verify.tick"), run: () => current && tick(current) },
    { keys: "a", label: t("lab.verify.tickPlain"), run: tickPlain },
    ...(opened ? [{ keys: "Escape", label: t("shell.back"), run: () => onOpen(undefined) }] : []),
  ]);

  const columns = useColumns(ticked, tick);
  return (
    <>
      <div className={labCss.bar}>
        {filters}
        <SearchField value={q} onChange={setQ} onEnter={() => list.current?.querySelector<HTMLElement>("tr[data-row]")?.focus()} />
        {rows.length > 0 ? (
          <>
            {plain.length > 0 || chosenRows.length > 0 ? (
              <Button size="compact-sm" variant="default" onClick={tickPlain}>
                {chosenRows.length > 0 ? t("lab.verify.tickNone") : t("lab.verify.tickPlainCount", { count: plain.length })}
              </Button>
            ) : null}
            {toVerify.length > 0 ? (
              <Button size="compact-sm" disabled={acts.busy} onClick={verify}>
                {t("lab.verify.verifyCount", { count: toVerify.length })}
              </Button>
            ) : null}
            {toRelease.length > 0 ? (
              <Button size="compact-sm" disabled={acts.busy} onClick={release}>
                {t("lab.verify.releaseCount", { count: toRelease.length })}
              </Button>
            ) : null}
          </>
        ) : null}
        <span className={labCss.count} role="status">
          {acts.batch ? t(`lab.verify.progress.${acts.batch.act}`, acts.batch) : [acts.said, t("lab.verify.waits", { count: rows.length })].filter(Boolean).join(" ")}
        </span>
      </div>
      {found.error ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : !found.data ? (
        <TableSkeleton />
      ) : !current ? (
        <EmptyState>{t(asked ? "lab.verify.noneOfThese" : "lab.verify.none")}</EmptyState>
      ) : (
        <div className={css.panes} data-shows={opened ? "detail" : "list"}>
          <div ref={list} className={css.list}>
            <DataTable
              label={t("lab.verify.list")}
              rows={rows}
              columns={columns}
              rowKey={({ row }) => row.order_item_id}
              selectedKey={current.row.order_item_id}
              onOpen={({ row }) => {
                setCalling(false);
                onOpen(row.order_item_id);
              }}
            />
          </div>
          <VerifyDetail
            key={current.result.id}
            result={current.result}
            refused={acts.refused.get(current.row.order_item_id)}
            busy={acts.busy}
            calling={calling}
            onCalling={setCalling}
            onVerify={(call) => {
              acts.verify(current.result, call);
              setCalling(false);
            }}
            onRelease={() => acts.release(current.result)}
            onCorrect={() => setCorrecting(current.row)}
            onBack={() => onOpen(undefined)}
          />
        </div>
      )}
      {acts.dialog}
      {correcting ? <CorrectPanel row={correcting} onSaved={onResult} onClose={() => setCorrecting(null)} /> : null}
    </>
  );
}

/** The lists of the server with what this screen has done since; what is released waits no more. */
function merge(rows: WorklistRow[], moved: ReadonlyMap<string, LabResult>): Waiting[] {
  const byItem = new Map<string, Waiting>();
  for (const row of rows) {
    const before = byItem.get(row.order_item_id)?.result ?? null;
    const result = further(further(row.result, moved.get(row.order_item_id) ?? null), before);
    if (result && result.status !== "RELEASED") byItem.set(row.order_item_id, { row: { ...row, result }, result });
    else byItem.delete(row.order_item_id);
  }
  return [...byItem.values()].toSorted(byWeight);
}

function useColumns(ticked: Ticks, tick: (one: Waiting) => void): Column<Waiting>[] {
  const { t } = useTranslation();
  return [
    {
      id: "tick",
      header: <span className="hm-visually-hidden">{t("lab.verify.tick")}</span>,
      width: "44px",
      cell: ({ row, result }) => (
        <span className={css.tick} onClick={(event) => event.stopPropagation()}>
          <Checkbox size="xs" tabIndex={-1} aria-label={t("lab.verify.tickOne", { name: row.name, patient: row.patient.full_name })} checked={ticked.has(row.order_item_id)} onChange={() => tick({ row, result })} />
        </span>
      ),
    },
    {
      id: "patient",
      header: t("lab.column.patient"),
      cell: (one) => (
        <>
          <LabPatientLine patient={one.row.patient} />
          <span className={css.tinyTest}>
            <TestCell of={one} />
          </span>
        </>
      ),
    },
    { id: "test", header: t("lab.column.test"), hide: "tiny", cell: (one) => <TestCell of={one} /> },
    { id: "flags", header: t("lab.column.found"), cell: ({ result }) => <Found result={result} /> },
    { id: "due", header: t("lab.column.due"), width: "124px", hide: "medium", cell: ({ row }) => <Due at={row.due_at} /> },
  ];
}

/** What was measured, and how far it has come: V or R is the next step. */
function TestCell({ of: { row, result } }: { of: Waiting }) {
  return (
    <span className={css.testCell}>
      <bdi>{row.name}</bdi> <PriorityChip priority={row.priority} />
      <ResultStatusChip status={result.status} />
    </span>
  );
}
