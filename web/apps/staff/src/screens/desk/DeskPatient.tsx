import { Button, Textarea } from "@mantine/core";
import { type Encounter, type Patient, encounters, hasCode } from "@hm/client";
import { Bdi, ErrorState, FormError, Labelled, PanelSkeleton, PatientBanner, calendarDate, dateTimeIn, dayIn, fieldFaults, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { PencilLine } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { mayOpen } from "../../app/permissions";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { EncounterChip, may, momentOf, useEncounterTypeName } from "../../parts/EncounterStatus";
import { PackName } from "../../parts/PackName";
import { PaneBody, PaneHeader } from "../../shell/Pane";
import { EditPatient } from "../patient/EditPatient";
import { Arrival } from "./arrive";
import { useDesk } from "./Desk";
import css from "./Desk.module.css";
import { VisitFields, useNewVisit, visitOf } from "./VisitFields";

const active = ["CREATED", "CHECKED_IN", "IN_CONSULT"];

/** A known person at the counter: who they are, and their visit. */
export function DeskPatient() {
  const { patientId } = useParams({ from: "/person/workplace/desk/patients/$patientId" });
  return <Person key={patientId} patientId={patientId} />;
}

function Person({ patientId }: { patientId: string }) {
  const { t } = useTranslation();
  const { today, timeZone, can } = useWorkplace();
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const known = useQuery(read.patient(patientId));
  const visits = useQuery(read.encounters({ patient_id: patientId }));
  const header = <PaneHeader title={t("desk.person")} back="/desk" onBack={() => void navigate({ to: "/desk" })} acts={mayOpen("chart", can) ? <Link to="/patients/$patientId" params={{ patientId }}>{t("desk.openChart")}</Link> : null} />;

  if (known.isPending || visits.isPending) return <>{header}<PanelSkeleton lines={6} /></>;
  const failed = known.error ?? visits.error;
  if (failed || !known.data || !visits.data) return <>{header}<ErrorState error={failed} onRetry={() => void Promise.all([known.refetch(), visits.refetch()])} /></>;

  const { patient } = known.data;
  const mayEdit = can("patients.can_update");
  const all = visits.data.toSorted((a, b) => momentOf(b).localeCompare(momentOf(a)));
  const open = all.filter((encounter) => active.includes(encounter.status));
  const past = all.filter((encounter) => !active.includes(encounter.status));
  return (
    <>
      {header}
      <PatientBanner patient={patient} today={today} />
      <PaneBody>
        <div className={css.known}>
          <dl className={css.facts}>
            <Labelled label={t("desk.form.phone")}>
              <Bdi>{patient.phone || t("desk.notGiven")}</Bdi>
            </Labelled>
            <Labelled label={t("desk.form.address")}>
              <Bdi>{patient.address || t("desk.notGiven")}</Bdi>
            </Labelled>
          </dl>
          {mayEdit ? (
            <Button size="compact-sm" variant="default" leftSection={<PencilLine size={14} aria-hidden />} onClick={() => setEditing(true)}>
              {t("patient.editShort")}
            </Button>
          ) : null}
        </div>
        {open.map((encounter) => (
          <OpenVisit key={encounter.id} encounter={encounter} />
        ))}
        {open.length === 0 && can("encounters.can_create") ? <NewVisit patient={patient} /> : null}
        {past.length > 0 ? (
          <>
            <h3 className={css.section}>{t("desk.earlier")}</h3>
            <ul className={css.earlier}>
              {past.map((encounter) => (
                <li key={encounter.id}>
                  <Bdi>{calendarDate(dayIn(timeZone, momentOf(encounter)))}</Bdi>
                  <bdi className={css.muted}>{encounter.reason}</bdi>
                  <EncounterChip status={encounter.status} />
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </PaneBody>
      {mayEdit ? <EditPatient patientId={patientId} opened={editing} onClose={() => setEditing(false)} /> : null}
    </>
  );
}

function OpenVisit({ encounter }: { encounter: Encounter }) {
  const { t } = useTranslation();
  const typeName = useEncounterTypeName();
  const { timeZone } = useWorkplace();
  const { nextPerson } = useDesk();
  const [cancelling, setCancelling] = useState(false);
  const [reason, setReason] = useState("");
  const checkIn = useMutation({
    mutationFn: () => encounters.checkIn(encounter.id),
    onSuccess: () => {
      toast.done(t("desk.checkedIn", { name: encounter.patient.full_name }));
      nextPerson();
    },
    onError: toast.failed,
    onSettled: () => changed("encounters", "tasks"),
  });
  const cancel = useMutation({
    mutationFn: () => encounters.cancel(encounter.id, reason.trim()),
    onSuccess: () => toast.done(t("desk.cancelled")),
    onSettled: () => changed("encounters", "tasks"),
  });
  const faults = fieldFaults(cancel.error, ["reason"]);
  const mayCheckIn = may(encounter, "check_in");
  useKeys(mayCheckIn ? [{ keys: "mod+Enter", label: t("desk.checkIn"), run: () => checkIn.mutate() }] : []);

  return (
    <section className={css.visit} aria-label={t("desk.visit")}>
      <div className={css.visitHead}>
        <h3>
          {typeName(encounter.encounter_type, encounter.pack)}
          <PackName pack={encounter.pack} />
        </h3>
        <EncounterChip status={encounter.status} />
      </div>
      <dl className={css.facts}>
        <Labelled label={t("desk.form.reason")}>
          <Bdi>{encounter.reason || t("desk.notGiven")}</Bdi>
        </Labelled>
        <Labelled label={t("desk.since")}>
          <Bdi>{dateTimeIn(timeZone, momentOf(encounter))}</Bdi>
        </Labelled>
      </dl>
      {cancelling ? (
        <>
          <Textarea
            autoFocus
            label={t("desk.cancelWhy")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={faults.of("reason")}
            autosize
            minRows={2}
          />
          <FormError error={cancel.error} faults={faults} />
          <div className={css.visitActs}>
            <Button color="red" disabled={reason.trim() === ""} loading={cancel.isPending} onClick={() => cancel.mutate()}>
              {t("desk.cancelVisit")}
            </Button>
            <Button variant="default" onClick={() => setCancelling(false)}>
              {t("desk.keepVisit")}
            </Button>
          </div>
        </>
      ) : (
        <div className={css.visitActs}>
          {mayCheckIn ? (
            <Button loading={checkIn.isPending} onClick={() => checkIn.mutate()}>
              {t("desk.checkIn")}
            </Button>
          ) : null}
          {may(encounter, "cancel") ? (
            <Button variant="default" onClick={() => setCancelling(true)}>
              {t("desk.cancelVisit")}
            </Button>
          ) : null}
        </div>
      )}
    </section>
  );
}

function NewVisit({ patient }: { patient: Patient }) {
  const { t } = useTranslation();
  const { nextPerson } = useDesk();
  const arrival = useRef(new Arrival());
  const [visit, setVisit] = useState(useNewVisit());
  const arrive = useMutation({
    mutationFn: () =>
      arrival.current.checkIn(patient.id, visitOf(visit)),
    onSuccess: () => {
      toast.done(t("desk.checkedIn", { name: patient.full_name }));
      nextPerson();
    },
    onError: (error) => {
      // somebody else was quicker: their visit now shows above
      if (hasCode(error, "encounters.active_exists")) toast.warn(error.message);
    },
    onSettled: () => changed("encounters", "tasks"),
  });
  const faults = fieldFaults(arrive.error, ["reason", "encounter_type", "pack"]);
  useKeys([{ keys: "mod+Enter", label: t("desk.newVisit"), run: () => !arrive.isPending && arrive.mutate() }]);
  return (
    <section className={css.visit} aria-label={t("desk.newVisit")}>
      <h3>{t("desk.newVisit")}</h3>
      <VisitFields value={visit} onChange={setVisit} faultOf={faults.of} />
      <FormError error={arrive.error} faults={faults} />
      <div className={css.visitActs}>
        <Button loading={arrive.isPending} onClick={() => arrive.mutate()}>
          {t("desk.checkIn")}
        </Button>
      </div>
    </section>
  );
}
