import { Button, UnstyledButton } from "@mantine/core";
import type { Encounter, Patient } from "@hm/client";
import { Bdi, EmptyState, ErrorState, Labelled, PanelSkeleton, PatientBanner, calendarDate, dayIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { PencilLine } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mayOpen } from "../../app/permissions";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { PackProvider, usePack } from "../../app/workspace";
import { AlertBar } from "../../parts/alerts/AlertBar";
import { EncounterChip, momentOf, useEncounterTypeName } from "../../parts/EncounterStatus";
import { latest } from "../../parts/latestEntries";
import { Timeline } from "../../parts/Timeline";
import { LabReports } from "../../parts/lab/LabReports";
import { VitalsStrip } from "../../parts/VitalsStrip";
import { isAdultOn } from "../consult/adult";
import { Written } from "../consult/Written";
import { EditPatient } from "../patient/EditPatient";
import { ChartCards } from "./ChartCards";
import { ChartDocuments } from "./ChartDocuments";
import css from "./Chart.module.css";

/** One patient's record: visits on the side, the chosen one in full. */
export function Chart() {
  const { patientId } = useParams({ from: "/person/workplace/patients/$patientId" });
  return <Record key={patientId} patientId={patientId} />;
}

function Record({ patientId }: { patientId: string }) {
  const { t } = useTranslation();
  const { today, can } = useWorkplace();
  const [editing, setEditing] = useState(false);
  const { encounter: chosenId } = useSearch({ from: "/person/workplace/patients/$patientId" });
  const person = useQuery(read.patient(patientId));
  const visits = useQuery(read.encounters({ patient_id: patientId }));
  const failed = person.error ?? visits.error;
  if (failed) return <ErrorState error={failed} onRetry={() => void Promise.all([person.refetch(), visits.refetch()])} />;
  if (!person.data || !visits.data) return <PanelSkeleton lines={8} />;

  const { patient } = person.data;
  const all = visits.data.toSorted((a, b) => momentOf(b).localeCompare(momentOf(a)));
  const chosen = all.find((encounter) => encounter.id === chosenId) ?? all[0];
  return (
    <div className={css.chart}>
      <PatientBanner patient={patient} today={today} />
      <AlertBar patientId={patientId} />
      <div className={css.columns}>
        <Visits visits={all} chosen={chosen?.id ?? null} patientId={patientId} />
        <div className={css.record} tabIndex={0} role="region" aria-label={t("chart.title", { name: patient.full_name })}>
          <h1 className="hm-visually-hidden">{t("chart.title", { name: patient.full_name })}</h1>
          <Contact patient={patient} onEdit={can("patients.can_update") ? () => setEditing(true) : undefined} />
          {chosen ? (
            <PackProvider pack={chosen.pack}>
              <ChartCards key={`cards ${chosen.id}`} encounter={chosen} />
              <LabReports patientId={patientId} />
              <VisitRecord key={chosen.id} encounter={chosen} patient={patient} />
              <OtherDocuments patientId={patientId} />
            </PackProvider>
          ) : (
            <EmptyState>{t("chart.noVisits")}</EmptyState>
          )}
        </div>
      </div>
      {can("patients.can_update") ? <EditPatient patientId={patientId} opened={editing} onClose={() => setEditing(false)} /> : null}
    </div>
  );
}

/** Every document, unless the pack's own cards show them already. */
function OtherDocuments({ patientId }: { patientId: string }) {
  const shown = usePack()?.chart.some(({ card }) => card === "documents");
  return shown ? null : <ChartDocuments patientId={patientId} />;
}

function Visits({ visits, chosen, patientId }: { visits: Encounter[]; chosen: string | null; patientId: string }) {
  const { t } = useTranslation();
  const typeName = useEncounterTypeName();
  const { timeZone } = useWorkplace();
  const navigate = useNavigate();
  return (
    <nav className={css.visits} aria-label={t("chart.visits")}>
      <h2>{t("chart.visits")}</h2>
      <ul>
        {visits.map((visit) => (
          <li key={visit.id}>
            <UnstyledButton
              className={css.visit}
              aria-current={visit.id === chosen ? "true" : undefined}
              onClick={() => void navigate({ to: "/patients/$patientId", params: { patientId }, search: { encounter: visit.id } })}
            >
              <span className={css.visitLine}>
                <strong>
                  <Bdi>{calendarDate(dayIn(timeZone, momentOf(visit)))}</Bdi>
                </strong>
                <EncounterChip status={visit.status} />
              </span>
              <span className={css.muted}>
                {typeName(visit.encounter_type, visit.pack)} <bdi>{visit.reason}</bdi>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Contact({ patient, onEdit }: { patient: Patient; onEdit?: () => void }) {
  const { t } = useTranslation();
  const facts: [string, string | null][] = [
    [t("desk.form.phone"), patient.phone],
    [t("chart.email"), patient.email],
    [t("desk.form.address"), patient.address],
    [t("chart.bloodGroup"), patient.blood_group],
    ...(patient.identifiers ?? []).map(({ system, value }): [string, string] => [system, value]),
  ];
  const known = facts.filter(([, value]) => value);
  return (
    <div className={css.known}>
      <dl className={css.contact}>
        {known.length === 0 ? <Labelled label={t("desk.form.phone")}>{t("desk.notGiven")}</Labelled> : null}
        {known.map(([label, value]) => (
          <Labelled key={label} label={label}>
            <Bdi>{value}</Bdi>
          </Labelled>
        ))}
      </dl>
      {onEdit ? (
        <Button size="compact-sm" variant="default" leftSection={<PencilLine size={14} aria-hidden />} onClick={onEdit}>
          {t("patient.editShort")}
        </Button>
      ) : null}
    </div>
  );
}

function VisitRecord({ encounter, patient }: { encounter: Encounter; patient: Patient }) {
  const { t } = useTranslation();
  const { today, can } = useWorkplace();
  const entries = useQuery(read.entries(encounter.id));
  const vitals = latest(entries.data, "VITALS");
  const active = encounter.status === "CHECKED_IN" || encounter.status === "IN_CONSULT";
  return (
    <section className={css.visitRecord} aria-label={t("chart.visit")}>
      <header className={css.visitHead}>
        <h2>{t("chart.visit")}</h2>
        {active && mayOpen("queue", can) ? (
          <Link to="/consult/$encounterId" params={{ encounterId: encounter.id }}>
            {t("chart.openPad")}
          </Link>
        ) : null}
      </header>
      {entries.isError ? <ErrorState error={entries.error} onRetry={() => void entries.refetch()} /> : null}
      {vitals ? <VitalsStrip vitals={vitals.content} adult={isAdultOn(today, patient.date_of_birth)} /> : null}
      <Written assessment={latest(entries.data, "ASSESSMENT")} plan={latest(entries.data, "PLAN")} note={latest(entries.data, "NOTE")} />
      <h3>{t("timeline.label")}</h3>
      <Timeline encounterId={encounter.id} />
    </section>
  );
}
