import { Button, Tabs } from "@mantine/core";
import { type Encounter, type Patient, encounters } from "@hm/client";
import { Bdi, ErrorState, PanelSkeleton, PatientBanner, StatusChip, timeIn, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { type PadTab, padTabs } from "../../app/router";
import { useWorkplace } from "../../app/workplace";
import { PackProvider, useWords } from "../../app/workspace";
import { AlertBar } from "../../parts/alerts/AlertBar";
import { EncounterChip, may, momentOf, useEncounterTypeName } from "../../parts/EncounterStatus";
import { latest } from "../../parts/latestEntries";
import { PackName } from "../../parts/PackName";
import { VitalsStrip } from "../../parts/VitalsStrip";
import { Timeline } from "../../parts/Timeline";
import { VitalsDrawer } from "../triage/VitalsDrawer";
import { AssessmentTab } from "./AssessmentTab";
import { CloseVisit } from "./CloseVisit";
import css from "./Consult.module.css";
import { DocumentsTab } from "./DocumentsTab";
import { NoteTab } from "./NoteTab";
import { OrdersTab } from "./OrdersTab";
import { SignBar } from "./SignBar";
import { Stepper } from "./Stepper";
import { isAdultOn } from "./adult";
import { useUnsigned } from "./unsigned";

/** One visit in front of the doctor. */
export function Consult() {
  const { encounterId } = useParams({ from: "/person/workplace/consult/$encounterId" });
  // remounted per visit: nothing of one patient can be left over on another's pad
  return <Pad key={encounterId} encounterId={encounterId} />;
}

function Pad({ encounterId }: { encounterId: string }) {
  const visit = useQuery(read.encounter(encounterId));
  const person = useQuery({ ...read.patient(visit.data?.patient_id ?? ""), enabled: visit.data !== undefined });
  const failed = visit.error ?? person.error;
  if (failed) return <ErrorState error={failed} onRetry={() => void Promise.all([visit.refetch(), person.refetch()])} />;
  if (!visit.data || !person.data) return <PanelSkeleton lines={8} />;
  return (
    <PackProvider pack={visit.data.pack}>
      <Loaded encounter={visit.data} patient={person.data.patient} />
    </PackProvider>
  );
}

function Loaded({ encounter, patient }: { encounter: Encounter; patient: Patient }) {
  const { t } = useTranslation();
  const typeName = useEncounterTypeName();
  const { today, timeZone, me, can } = useWorkplace();
  const navigate = useNavigate();
  const { tab = "assessment", template } = useSearch({ from: "/person/workplace/consult/$encounterId" });
  const entries = useQuery(read.entries(encounter.id));
  const [takingVitals, setTakingVitals] = useState(false);
  // a form that finishes saving after somebody went on to another tab must not call them back
  const tabNow = useRef(tab);
  tabNow.current = tab;
  const word = useWords();
  const follow = useRef<((kind: "task" | "document", code: string) => void) | null>(null);
  const open = encounter.status !== "CLOSED" && encounter.status !== "CANCELLED";
  const vitals = latest(entries.data, "VITALS");
  const mayRecordVitals = may(encounter, "vitals");

  const start = useMutation({
    mutationFn: () => encounters.startConsult(encounter.id, me.user.id),
    onError: toast.failed,
    onSettled: () => changed("encounters", "tasks"),
  });
  useKeys([{ keys: "Escape", label: t("shell.back"), run: () => void navigate({ to: "/queue" }) }]);

  const show = (next: PadTab, templateCode?: string) =>
    void navigate({ to: "/consult/$encounterId", params: { encounterId: encounter.id }, search: { tab: next, template: templateCode }, replace: true });

  const unsigned = useUnsigned(encounter, show);
  const mayWrite = open && (["assessment", "plan", "notes"].some((action) => may(encounter, action)) || can("orders.can_create"));
  // a form that is being written has its own signing
  const writesDocument = tab === "documents" && template !== undefined;

  return (
    <div className={css.pad}>
      <PatientBanner patient={patient} today={today} />
      <AlertBar patientId={patient.id} />
      <header className={css.head}>
        <h1 className="hm-visually-hidden">{t("consult.title", { name: patient.full_name })}</h1>
        <EncounterChip status={encounter.status} />
        <span className={css.muted}>
          {typeName(encounter.encounter_type, encounter.pack)} {timeIn(timeZone, momentOf(encounter))}
        </span>
        <PackName pack={encounter.pack} />
        <Bdi>{encounter.reason}</Bdi>
        <div className={css.headActs}>
          <Link to="/patients/$patientId" params={{ patientId: patient.id }}>
            {t("desk.openChart")}
          </Link>
          {may(encounter, "start_consult") ? (
            <Button loading={start.isPending} onClick={() => start.mutate()}>
              {t("consult.start")}
            </Button>
          ) : null}
        </div>
      </header>
      <Stepper encounter={encounter} onStep={(step) => follow.current?.("task", step.code)} />
      <div className={css.columns}>
        <div className={css.work} tabIndex={0}>
          <section className={css.vitals} aria-label={t("consult.vitals")}>
            {vitals ? (
              <>
                <VitalsStrip vitals={vitals.content} adult={isAdultOn(today, patient.date_of_birth)} />
                <span className={css.muted}>{t("consult.vitalsAt", { time: timeIn(timeZone, vitals.authored_at) })}</span>
              </>
            ) : (
              <StatusChip tone="neutral">{t(entries.isPending ? "ui.loading" : "consult.noVitals")}</StatusChip>
            )}
            {mayRecordVitals ? (
              <Button size="compact-sm" variant="default" onClick={() => setTakingVitals(true)}>
                {t("vitals.title")}
              </Button>
            ) : null}
          </section>
          <Tabs value={tab} onChange={(next) => next && show(next as PadTab)} keepMounted={false} className={css.tabs}>
            <Tabs.List className={css.tabList}>
              {padTabs.map((name) => (
                <Tabs.Tab key={name} value={name}>
                  {word(name, t(`consult.tab.${name}`))}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Panel name="assessment">
              <AssessmentTab encounter={encounter} entries={entries.data} unsigned={unsigned} />
            </Panel>
            <Panel name="orders">
              <OrdersTab encounter={encounter} open={open} unsigned={unsigned} />
            </Panel>
            <Panel name="note">
              <NoteTab encounter={encounter} entries={entries.data} unsigned={unsigned} />
            </Panel>
            <Panel name="documents">
              <DocumentsTab encounter={encounter} open={open} template={template ?? null} onTemplate={(code) => (code !== null || tabNow.current === "documents") && show("documents", code ?? undefined)} />
            </Panel>
            <Panel name="timeline">
              <Timeline encounterId={encounter.id} />
            </Panel>
          </Tabs>
          {mayWrite && !writesDocument ? <SignBar unsigned={unsigned} /> : null}
        </div>
        <CloseVisit encounter={encounter} onVitals={() => setTakingVitals(true)} onShow={show} follow={follow} />
      </div>
      <VitalsDrawer encounter={takingVitals ? encounter : null} onClose={() => setTakingVitals(false)} />
    </div>
  );
}

function Panel({ name, children }: { name: PadTab; children: ReactNode }) {
  return (
    <Tabs.Panel value={name} className={css.panel}>
      {children}
    </Tabs.Panel>
  );
}
