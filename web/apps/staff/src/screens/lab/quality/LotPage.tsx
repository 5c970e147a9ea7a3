import { Button } from "@mantine/core";
import type { ControlLot, ControlRun, ControlTarget } from "@hm/client";
import { EmptyState, ErrorState, Labelled, PanelSkeleton, calendarDate, unitText, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft, Pencil, Printer } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import { lineValue } from "./chart";
import { LeveyJennings } from "./LeveyJennings";
import { LotPanel } from "./LotPanel";
import { LotState } from "./Lots";
import { OpenHolds } from "./OpenHolds";
import { RunTable } from "./RunTable";
import { inOrder } from "./typing";
import css from "./Quality.module.css";

/** One lot: each analyte's chart, with those of the material's other levels, what was observed and every run. */
export function LotPage() {
  const { t } = useTranslation();
  const { lotId } = useParams({ from: "/person/workplace/lab/quality/$lotId" });
  const lot = useQuery(read.controlLot(lotId));
  const navigate = useNavigate();
  useKeys([{ keys: "Escape", label: t("shell.back"), run: () => void navigate({ to: "/lab/quality", search: { part: "lots" } }) }]);
  if (lot.isPending) return <PanelSkeleton lines={8} />;
  if (lot.isError) return <ErrorState error={lot.error} onRetry={() => void lot.refetch()} />;
  return <Shown key={lotId} lot={lot.data.lot} etag={lot.data.etag} />;
}

function Shown({ lot, etag }: { lot: ControlLot; etag: string | null }) {
  const { t } = useTranslation();
  const { membership } = useWorkplace();
  const search = useSearch({ from: "/person/workplace/lab/quality/$lotId" });
  const [changing, setChanging] = useState(false);
  const chosen = lot.targets.find(({ analyte }) => analyte === search.analyte) ?? lot.targets[0];
  const others = useQuery({ ...read.controlLots({ material: lot.material, analyte: chosen?.analyte ?? "", is_active: "true" }), enabled: chosen !== undefined });
  if (!chosen) return <EmptyState>{t("quality.noTargets")}</EmptyState>;
  const levels = inOrder((others.data ?? []).filter((other) => other.id !== lot.id && !other.is_expired && other.level !== lot.level));
  return (
    <div className={css.page}>
      <OpenHolds />
      <header className={css.head}>
        <Link to="/lab/quality" search={{ part: "lots" }} className={css.back} aria-label={t("shell.back")}>
          <ArrowLeft size={18} aria-hidden />
        </Link>
        <h2>
          <bdi>{t("quality.levelOf", { material: lot.material, level: lot.level })}</bdi>
        </h2>
        <LotState lot={lot} />
        <div className={css.headActs}>
          <Button variant="default" leftSection={<Printer size={15} aria-hidden />} onClick={() => window.print()}>
            {t("quality.print")}
          </Button>
          {lot.actions.includes("update") ? (
            <Button variant="default" leftSection={<Pencil size={15} aria-hidden />} onClick={() => setChanging(true)}>
              {t("quality.change")}
            </Button>
          ) : null}
        </div>
      </header>
      <dl className={css.facts}>
        <Labelled label={t("quality.lotNumber")}>
          <bdi>{lot.lot_number}</bdi>
        </Labelled>
        <Labelled label={t("quality.expires")}>
          <bdi dir="ltr">{calendarDate(lot.expires_on)}</bdi>
        </Labelled>
        <Labelled label={t("quality.facility")}>
          <bdi>{membership.facility_name}</bdi>
        </Labelled>
      </dl>
      <nav className={css.choices} aria-label={t("quality.analytes")}>
        {lot.targets.map((target) => (
          <Link key={target.analyte} to="/lab/quality/$lotId" params={{ lotId: lot.id }} search={{ analyte: target.analyte }} replace className={css.choice} aria-current={target.analyte === chosen.analyte ? "true" : undefined}>
            <bdi>{target.name}</bdi>
            {target.is_held ? <span className={css.heldMark}>{t("quality.hold.OPEN")}</span> : null}
          </Link>
        ))}
      </nav>
      <Level lot={lot} target={chosen} table />
      {levels.map((level) => {
        const target = level.targets.find(({ analyte }) => analyte === chosen.analyte);
        return target ? <OtherLevel key={level.id} lot={level} analyte={chosen.analyte} /> : null;
      })}
      <LotPanel opened={changing} onClose={() => setChanging(false)} lot={lot} etag={etag} onSaved={() => {}} />
    </div>
  );
}

/** Another level of the material: two levels of one run are read together. */
function OtherLevel({ lot: { id }, analyte }: { lot: ControlLot; analyte: string }) {
  const lot = useQuery(read.controlLot(id));
  const target = lot.data?.lot.targets.find((one) => one.analyte === analyte);
  if (lot.isError) return <ErrorState error={lot.error} onRetry={() => void lot.refetch()} />;
  return lot.data && target ? <Level lot={lot.data.lot} target={target} /> : <PanelSkeleton lines={4} />;
}

function Level({ lot, target, table = false }: { lot: ControlLot; target: ControlTarget; table?: boolean }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const runs = useQuery(read.controlRuns(lot.id, target.analyte));
  const heading = t("quality.chart.of", { name: target.name, level: lot.level, lot: lot.lot_number });
  return (
    <section className={css.panel} aria-label={heading}>
      <h3>
        <bdi>{heading}</bdi>
        {table ? null : (
          <Link to="/lab/quality/$lotId" params={{ lotId: lot.id }} search={{ analyte: target.analyte }}>
            {t("quality.openLot")}
          </Link>
        )}
      </h3>
      <Observed target={target} />
      {runs.isError ? (
        <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />
      ) : runs.isPending ? (
        <PanelSkeleton lines={6} />
      ) : runs.data.length === 0 ? (
        <EmptyState>{t("quality.noRuns")}</EmptyState>
      ) : (
        <Charted lot={lot} target={target} runs={runs.data} label={heading} timeZone={timeZone} table={table} />
      )}
    </section>
  );
}

function Charted({ lot, target, runs, label, timeZone, table }: { lot: ControlLot; target: ControlTarget; runs: ControlRun[]; label: string; timeZone: string; table: boolean }) {
  return (
    <>
      <LeveyJennings runs={runs} target={target} label={label} timeZone={timeZone} />
      {table ? <RunTable lotId={lot.id} runs={runs} /> : null}
    </>
  );
}

/** What the lot should hold, and what it was found to. */
function Observed({ target: { mean, sd, unit, observed } }: { target: ControlTarget }) {
  const { t } = useTranslation();
  const cv = mean === 0 ? null : ((sd / Math.abs(mean)) * 100).toFixed(2);
  const rows = [
    { key: "target", runs: null, mean: lineValue(mean, sd, 0), sd, cv },
    { key: "observed", runs: observed?.runs ?? 0, mean: observed?.mean ?? null, sd: observed?.sd ?? null, cv: observed?.cv ?? null },
  ] as const;
  return (
    <table className={css.stats} aria-label={t("quality.observedLabel")}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t("quality.runs")}</th>
          <th scope="col">
            {t("quality.mean")} <span className={css.unit}>{unitText(unit)}</span>
          </th>
          <th scope="col">{t("quality.sd")}</th>
          <th scope="col">{t("quality.cv")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{t(`quality.${row.key}`)}</th>
            <td>{row.runs ?? ""}</td>
            <td>{row.mean ?? "–"}</td>
            <td>{row.sd ?? "–"}</td>
            <td>
              <bdi dir="ltr">{row.cv === null ? "–" : `${row.cv} %`}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
