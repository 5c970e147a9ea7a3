import { Button, SegmentedControl, TextInput } from "@mantine/core";
import type { LabSample } from "@hm/client";
import { EmptyState, ErrorState, timeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { ScanBarcode } from "lucide-react";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { PriorityChip } from "../../parts/lab/Due";
import { EntryBlock } from "./EntryBlock";
import labCss from "./Lab.module.css";
import { barcodeOf } from "./scanned";
import type { ScanMode } from "./outcome";
import css from "./Receive.module.css";
import { OutcomeLine, SampleCard } from "./SampleCard";
import { useCells } from "./useCells";
import { useReceiving } from "./useReceiving";
import { useScans } from "./useScans";
import { useTubeText } from "./words";

/** The laboratory's door: what is scanned is received, and its values may be typed at once. */
export function Receive() {
  const { t } = useTranslation();
  const [mode, setMode] = useState<ScanMode>("receive");
  const [location, setLocation] = useState("");
  const [typed, setTyped] = useState("");
  const [shown, setShown] = useState<number | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const { scan, update, outcomes, busy } = useReceiving(mode, location.trim());
  const lacksPlace = mode === "store" && location.trim() === "";
  const [asksPlace, setAsksPlace] = useState(false);

  const enter = (barcode: string) => {
    setTyped("");
    setShown(null);
    if (lacksPlace) setAsksPlace(true);
    else scan(barcode);
  };
  useScans(enter);
  useFocusAtRest(field);

  const current = outcomes.find(({ key }) => key === shown) ?? outcomes[0] ?? null;
  return (
    <>
      <div className={labCss.bar}>
        <SegmentedControl size="xs" aria-label={t("lab.receive.mode")} value={mode} onChange={(value) => setMode(value as ScanMode)} data={(["receive", "store", "discard"] as const).map((value) => ({ value, label: t(`lab.receive.modes.${value}`) }))} />
        {mode === "store" ? <TextInput className={labCss.search} size="xs" aria-label={t("lab.receive.location")} placeholder={t("lab.receive.locationHint")} value={location} onChange={(event) => setLocation(event.currentTarget.value)} error={asksPlace && lacksPlace ? t("lab.receive.locationNeeded") : undefined} /> : null}
      </div>
      <div className={css.panes}>
        <div className={css.main}>
          <TextInput
            ref={field}
            className={css.field}
            data-mode={mode}
            size="lg"
            label={t(`lab.receive.scanTo.${mode}`)}
            placeholder={t("lab.receive.scanHint")}
            leftSection={<ScanBarcode size={22} aria-hidden />}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              // a number typed by hand ends with Enter as well; with nothing typed it leads to the values of the last tube
              if (typed.trim() === "") focusValues();
              else enter(barcodeOf(typed));
            }}
            aria-busy={busy}
          />
          {current ? <LastScan key={current.key} outcome={current} onChanged={update} onDone={() => field.current?.focus()} /> : <EmptyState>{t(`lab.receive.nothing.${mode}`)}</EmptyState>}
        </div>
        <aside className={css.side} aria-label={t("lab.receive.beside")}>
          {outcomes.length > 0 ? (
            <section>
              <h2>{t("lab.receive.lastOnes")}</h2>
              <ol className={css.lines}>
                {outcomes.slice(0, 12).map((outcome) => (
                  <OutcomeLine key={outcome.key} outcome={outcome} selected={outcome === current} onOpen={() => setShown(outcome.key)} />
                ))}
              </ol>
            </section>
          ) : null}
          {mode === "receive" ? <OnTheWay onReceive={(sample) => enter(sample.barcode)} /> : null}
        </aside>
      </div>
    </>
  );
}

function focusValues() {
  document.querySelector<HTMLElement>("[data-lab-values] [id^=cell-]")?.focus();
}

/** The last scan, and the values of its tests that may be entered now. */
function LastScan({ outcome, onChanged, onDone }: { outcome: Parameters<typeof SampleCard>[0]["outcome"]; onChanged: (sample: LabSample) => void; onDone: () => void }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const { sample } = outcome;
  const enterable = can("lab.can_enter") && sample?.status === "RECEIVED";
  const list = useQuery({ ...read.worklist({ q: sample?.barcode, status: "RECEIVED" }), enabled: enterable });
  const [first] = useState(() => new Map<string, NonNullable<typeof list.data>[number]>());
  const rows = useMemo(() => {
    // a test that was entered here stays in sight
    for (const row of list.data ?? []) if (row.sample.id === sample?.id) first.set(row.order_item_id, row);
    return enterable ? [...first.values()] : [];
  }, [list.data, sample?.id, first, enterable]);
  const { move } = useCells(rows);
  return (
    <>
      <SampleCard outcome={outcome} onEnter={rows.length > 0 ? focusValues : undefined} onChanged={onChanged} />
      {list.isError ? <ErrorState error={list.error} onRetry={() => void list.refetch()} /> : null}
      {rows.length > 0 ? (
        <section className={css.values} data-lab-values aria-label={t("lab.receive.values")}>
          {rows.map((row) => (
            <EntryBlock
              key={row.order_item_id}
              row={row}
              onMove={(from, by) => {
                const went = move(from, by);
                // after the last value the next tube is waited for
                if (!went && by === "next") onDone();
                return went;
              }}
            />
          ))}
        </section>
      ) : null}
    </>
  );
}

const shownOnTheWay = 50;

/** What was taken and has not arrived: to be seen, and to be received where no scanner is. */
function OnTheWay({ onReceive }: { onReceive: (sample: LabSample) => void }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const tubeText = useTubeText();
  const samples = useQuery(read.samples({ status: "COLLECTED" }));
  if (samples.isError) return <ErrorState error={samples.error} onRetry={() => void samples.refetch()} />;
  if (!samples.data) return null;
  return (
    <section>
      <h2>{t("lab.receive.onTheWay", { count: samples.data.length })}</h2>
      {samples.data.length === 0 ? <p className={css.quiet}>{t("lab.receive.noneOnTheWay")}</p> : null}
      <ul className={css.lines}>
        {samples.data.slice(0, shownOnTheWay).map((sample) => (
          <li key={sample.id} className={css.way}>
            <span className={css.wayWords}>
              <bdi className={css.lineName}>{sample.patient.full_name}</bdi>
              <span className={css.quiet}>
                <bdi>{tubeText(sample)}</bdi> · <bdi className="hm-figures">{sample.barcode}</bdi> · <bdi className="hm-figures">{timeIn(timeZone, sample.collected_at)}</bdi>
              </span>
            </span>
            <PriorityChip priority={sample.priority} />
            <Button size="compact-xs" variant="default" aria-label={t("lab.receive.receiveOne", { tube: tubeText(sample), patient: sample.patient.full_name })} onClick={() => onReceive(sample)}>
              {t("lab.receive.receive")}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The field has the focus whenever nothing else has. On a telephone its keyboard would cover the screen: there it waits. */
function useFocusAtRest(field: RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    if (matchMedia("(pointer: coarse)").matches) return;
    const rest = () => {
      const { activeElement } = document;
      if ((activeElement === null || activeElement === document.body) && document.querySelector('[aria-modal="true"]') === null) field.current?.focus();
    };
    field.current?.focus();
    let timer: ReturnType<typeof setTimeout>;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(rest, 60);
    };
    document.addEventListener("focusout", later);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("focusout", later);
    };
  }, [field]);
}
