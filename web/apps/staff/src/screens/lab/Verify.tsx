import { Button, Checkbox, SegmentedControl } from "@mantine/core";
import type { LabResult, WorklistRow } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, TableSkeleton, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
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
import { type Waiting, afterThis, byWeight, further, isPlain } from "./waiting";

const refreshTime = 10_000;

/** What waits for somebody's name: critical results first, new values beside the former ones. */
export function Verify() {
  const { t } = useTranslation();
  const { section } = useSearch({ from: "/person/workplace/lab/verify" });
  const navigate = useNavigate();
  const [part, setPart] = useState<"waiting" | "released">("waiting");
  const filters = (
    <>
      <SegmentedControl size="xs" aria-label={t("task.filter.label")} value={part} onChange={(value) => setPart(value as typeof part)} data={(["waiting", "released"] as const).map((value) => ({ value, label: t(`lab.verify.part.${value}`) }))} />
      {part === "waiting" ? <SectionSelect value={section} onChange={(chosen) => void navigate({ to: "/lab/verify", search: { section: chosen } })} /> : null}
    </>
  );
  return part === "waiting" ? <Queue key={section} section={section} filters={filters} /> : <Released filters={filters} />;
}

function Queue({ section, filters }: { section: string | undefined; filters: ReactNode }) {
  const { t } = useTranslation();
  const [q, setQ] = useState("");
  const asked = useSettled(q.trim());
  const found = useQuery({ ...read.verifyQueue({ section, q: asked || undefined }), refetchInterval: refreshTime, placeholderData: (before) => before });
  const list = useRef<HTMLDivElement>(null);
  const [moved, setMoved] = useState<ReadonlyMap<string, LabResult>>(new Map());
  const [chosen, setChosen] = useState<string | null>(null);
  const [shows, setShows] = useState<"list" | "detail">("list");
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [calling, setCalling] = useState(false);
  const [correcting, setCorrecting] = useState<WorklistRow | null>(null);

  const rows = useMemo(() => merge(found.data ?? [], moved), [found.data, moved]);
  const current = rows.find(({ row }) => row.order_item_id === chosen) ?? rows[0] ?? null;

  const choose = (next: Waiting | null) => {
    setChosen(next?.row.order_item_id ?? null);
    setCalling(false);
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
        setShows("detail");
      } else acts.verify(current.result);
    }
  };
  const release = () => {
    if (acts.busy) return;
    if (toRelease.length > 0) void acts.many("release", toRelease);
    else if (current && chosenRows.length === 0 && may(current.result, "release")) acts.release(current.result);
  };
  const plain = rows.filter(({ result }) => isPlain(result));
  const tickPlain = () => setTicked(chosenRows.length > 0 ? new Set() : new Set(plain.map(({ row }) => row.order_item_id)));
  const tick = (id: string) =>
    setTicked((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });

  useKeys([
    { keys: "v", label: t("lab.verify.verify"), run: verify },
    { keys: "r", label: t("lab.verify.release"), run: release },
    { keys: "n", label: t("lab.verify.next"), run: () => current && choose(afterThis(rows, current.row.order_item_id)) },
    { keys: "x", label: t("lab.verify.tick"), run: () => current && tick(current.row.order_item_id) },
    { keys: "a", label: t("lab.verify.tickPlain"), run: tickPlain },
    ...(shows === "detail" ? [{ keys: "Escape", label: t("shell.back"), run: () => setShows("list") }] : []),
  ]);

  const columns = useColumns(ticked, tick);
  return (
    <>
      <div className={labCss.bar}>
        {filters}
        <SearchField value={q} onChange={setQ} onEnter={() => list.current?.querySelector<HTMLElement>("tr[data-row]")?.focus()} />
        {rows.length > 0 ? (
          <>
            <Button size="compact-sm" variant="default" disabled={plain.length === 0 && chosenRows.length === 0} onClick={tickPlain}>
              {chosenRows.length > 0 ? t("lab.verify.tickNone") : t("lab.verify.tickPlainCount", { count: plain.length })}
            </Button>
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
        <div className={css.panes} data-shows={shows}>
          <div ref={list} className={css.list}>
            <DataTable
              label={t("lab.verify.list")}
              rows={rows}
              columns={columns}
              rowKey={({ row }) => row.order_item_id}
              selectedKey={current.row.order_item_id}
              onOpen={(one) => {
                choose(one);
                setShows("detail");
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
            onBack={() => setShows("list")}
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

function useColumns(ticked: ReadonlySet<string>, tick: (id: string) => void): Column<Waiting>[] {
  const { t } = useTranslation();
  return [
    {
      id: "tick",
      header: <span className="hm-visually-hidden">{t("lab.verify.tick")}</span>,
      width: "44px",
      cell: ({ row }) => (
        <span className={css.tick} onClick={(event) => event.stopPropagation()}>
          <Checkbox size="xs" tabIndex={-1} aria-label={t("lab.verify.tickOne", { name: row.name, patient: row.patient.full_name })} checked={ticked.has(row.order_item_id)} onChange={() => tick(row.order_item_id)} />
        </span>
      ),
    },
    { id: "patient", header: t("lab.column.patient"), cell: ({ row }) => <LabPatientLine patient={row.patient} /> },
    {
      id: "test",
      header: t("lab.column.test"),
      hide: "tiny",
      cell: ({ row }) => (
        <span className={css.testCell}>
          <bdi>{row.name}</bdi> <PriorityChip priority={row.priority} />
        </span>
      ),
    },
    { id: "flags", header: t("lab.column.found"), width: "30%", cell: ({ result }) => <Found result={result} /> },
    { id: "due", header: t("lab.column.due"), width: "124px", hide: "medium", cell: ({ row }) => <Due at={row.due_at} /> },
    { id: "status", header: t("lab.column.status"), width: "112px", hide: "narrow", cell: ({ result }) => <ResultStatusChip status={result.status} /> },
  ];
}
