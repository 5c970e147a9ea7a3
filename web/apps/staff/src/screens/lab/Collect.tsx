import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { ApiError, type CollectionRow, type LabSample, lab } from "@hm/client";
import { type Column, DataTable, Dialog, EmptyState, ErrorState, StatusChip, TableSkeleton, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, queryClient, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { useEncounterTypeName } from "../../parts/EncounterStatus";
import { Due, PriorityChip } from "../../parts/lab/Due";
import { LabPatientLine } from "../../parts/lab/LabPatientLine";
import css from "./Collect.module.css";
import labCss from "./Lab.module.css";
import { Taken } from "./Taken";
import { byPlace, mayBePregnant, tubeKey, withTaken } from "./tubes";
import { useScans } from "./useScans";
import { useSettled } from "./useSettled";
import { useTubeText } from "./words";
import { whatIs } from "./wristband";

const priorities = ["", "STAT", "URGENT"] as const;

interface Taking {
  row: CollectionRow;
  barcode?: string;
  pregnant?: boolean;
}

/** The tubes that are to be taken, where the patients are; one key takes one. */
export function Collect() {
  const { t } = useTranslation();
  const { today } = useWorkplace();
  const typeName = useEncounterTypeName();
  const tubeText = useTubeText();
  const [q, setQ] = useState("");
  const [priority, setPriority] = useState("");
  const asked = useSettled(q.trim());
  const list = useQuery({ ...read.collectionList({ priority: priority || undefined, q: asked || undefined }), placeholderData: (before) => before });
  const [taken, setTaken] = useState<LabSample[]>([]);
  const [active, setActive] = useState<string | null>(null);
  const [asking, setAsking] = useState<Taking | null>(null);

  const rows = useMemo(() => byPlace(list.data ?? []), [list.data]);
  const take = useMutation({
    mutationFn: async ({ row, barcode, pregnant }: Taking) => {
      // only where a range depends on it, and only of whom it may be true
      if (pregnant === undefined && mayBePregnant(row.patient, today) && (await dependsOnPregnancy(row))) return null;
      return lab.collect({ order_item_ids: row.items.map(({ order_item_id }) => order_item_id), ...(barcode ? { barcode } : {}), ...(pregnant === undefined ? {} : { pregnant }) });
    },
    onSuccess: (sample, taking) => {
      if (!sample) return setAsking(taking);
      setAsking(null);
      setTaken((before) => withTaken(before, sample));
      queryClient.setQueriesData<CollectionRow[]>({ queryKey: ["lab", "collection-list"] }, (before) => before?.filter((row) => tubeKey(row) !== tubeKey(taking.row)));
      void changed("lab", "tasks", "orders");
    },
    onSettled: () => {
      busy.current = false;
    },
    onError: (error) => {
      setAsking(null);
      toast.failed(error);
      // somebody else took it, or the order was cancelled: the list says so
      if (error instanceof ApiError && error.status === 409) void list.refetch();
    },
  });
  // a second click may come before the next drawing
  const busy = useRef(false);
  const start = (taking: Taking) => {
    if (busy.current) return;
    busy.current = true;
    take.mutate(taking);
  };
  const under = rows.find((row) => tubeKey(row) === active) ?? null;
  useKeys(under ? [{ keys: "t", label: t("lab.collect.take"), run: () => start({ row: under }) }] : []);
  useScans((barcode) => {
    const what = whatIs(barcode, rows, under);
    if (what.kind === "nobodyHere") toast.warn(t("lab.collect.nothingOf", { mrn: barcode }));
    else if (what.kind === "patient") {
      // a wristband says who is there; what is taken of them is for the hand to say
      setActive(tubeKey(what.row));
      const words = { patient: what.row.patient.full_name };
      if (what.isUnderTheHand) toast.done(t("lab.collect.isThem", words));
      else toast.warn(t("lab.collect.nowThem", words));
    } else if (under) start({ row: under, barcode });
    else toast.warn(t("lab.collect.chooseFirst", { barcode }));
  });

  const columns: Column<CollectionRow>[] = [
    { id: "patient", header: t("lab.column.patient"), cell: ({ patient }) => <LabPatientLine patient={patient} /> },
    {
      id: "tube",
      header: t("lab.column.tube"),
      cell: (row) => (
        <span className={css.tube}>
          <span className={css.container}>
            <bdi>{tubeText(row)}</bdi> <PriorityChip priority={row.priority} /> {row.is_recollection ? <StatusChip tone="warn">{t("lab.collect.again")}</StatusChip> : null}
          </span>
          <bdi className={css.tests} title={row.instructions.join(" ") || undefined}>
            {row.items.map(({ name }) => name).join(", ")}
            {row.instructions.length > 0 ? ` · ${row.instructions.join(" ")}` : ""}
          </bdi>
        </span>
      ),
    },
    { id: "due", header: t("lab.column.due"), width: "150px", hide: "narrow", cell: ({ due_at }) => <Due at={due_at} /> },
    {
      id: "take",
      header: <span className="hm-visually-hidden">{t("lab.collect.take")}</span>,
      width: "92px",
      align: "end",
      cell: (row) => (
        <Button size="compact-sm" variant={tubeKey(row) === active ? "filled" : "light"} tabIndex={-1} aria-label={t("lab.collect.takeOne", { tube: tubeText(row), patient: row.patient.full_name })} loading={take.isPending && take.variables.row === row} onClick={() => start({ row })}>
          {t("lab.collect.take")}
        </Button>
      ),
    },
  ];

  return (
    <>
      <div className={labCss.bar}>
        <SegmentedControl size="xs" aria-label={t("orders.priority")} value={priority} onChange={setPriority} data={priorities.map((value) => ({ value, label: value === "" ? t("lab.collect.everyPriority") : t(`orders.priorities.${value}`) }))} />
        <TextInput className={labCss.search} size="xs" aria-label={t("lab.collect.search")} placeholder={t("lab.collect.search")} value={q} onChange={(event) => setQ(event.currentTarget.value)} />
        <span className={labCss.count} role="status">
          {t("lab.collect.count", { count: rows.length })}
        </span>
      </div>
      <div className={css.panes} data-taken={taken.length > 0 || undefined}>
        <div className={css.list}>
          {list.isPending ? (
            <TableSkeleton />
          ) : list.isError ? (
            <ErrorState error={list.error} onRetry={() => void list.refetch()} />
          ) : rows.length === 0 ? (
            <EmptyState>{t(asked || priority ? "lab.collect.noneOfThese" : "lab.collect.none")}</EmptyState>
          ) : (
            <DataTable label={t("lab.collect.list")} rows={rows} columns={columns} rowKey={tubeKey} selectedKey={active} onActive={(row) => setActive(tubeKey(row))} groupOf={({ encounter_type }) => typeName(encounter_type)} />
          )}
        </div>
        <Taken samples={taken} onChange={(sample) => setTaken((before) => before.map((one) => (one.id === sample.id ? sample : one)))} />
      </div>
      {asking ? <PregnancyQuestion taking={asking} busy={take.isPending} onAnswer={(pregnant) => start({ ...asking, pregnant })} onClose={() => setAsking(null)} /> : null}
    </>
  );
}

/** Whether a range of what is tested for is another in pregnancy. */
async function dependsOnPregnancy(row: CollectionRow): Promise<boolean> {
  const tests = await Promise.all(row.items.map(({ service_code }) => queryClient.ensureQueryData(read.analytesOf(service_code))));
  return tests.some((analytes) => analytes.some(({ depends_on_pregnancy }) => depends_on_pregnancy));
}

function PregnancyQuestion({ taking, busy, onAnswer, onClose }: { taking: Taking; busy: boolean; onAnswer: (pregnant: boolean) => void; onClose: () => void }) {
  const { t } = useTranslation();
  useKeys(
    [
      { keys: "y", label: t("lab.collect.pregnant"), run: () => onAnswer(true) },
      { keys: "n", label: t("lab.collect.notPregnant"), run: () => onAnswer(false) },
    ],
    { overlay: true },
  );
  return (
    <Dialog opened onClose={onClose} title={t("lab.collect.pregnantTitle")}>
      <div className={css.question}>
        <LabPatientLine patient={taking.row.patient} large />
        <p>{t("lab.collect.pregnantWhy")}</p>
        <div className={css.answers}>
          <Button data-autofocus variant="default" disabled={busy} onClick={() => onAnswer(false)}>
            {t("lab.collect.notPregnant")}
          </Button>
          <Button variant="default" disabled={busy} onClick={() => onAnswer(true)}>
            {t("lab.collect.pregnant")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
