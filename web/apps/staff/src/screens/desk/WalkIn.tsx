import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { ApiError, type Gender, type NewPatient } from "@hm/client";
import { FormError, calendarDate, fieldFaults, focusFirstFault, toast, useKeys, SaveKeys } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDraft } from "../../app/drafts";
import { changed } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { usePack } from "../../app/workspace";
import { faultsWithin } from "../../parts/DataForm";
import { RestoreBar } from "../../parts/RestoreBar";
import { PackDataFields, usePatientPacks } from "../patient/PackData";
import { PaneBody, PaneFooter, PaneHeader } from "../../shell/Pane";
import { type AgeOrBirth, readAgeOrBirth } from "./ageOrBirth";
import { Arrival } from "./arrive";
import { useDesk } from "./Desk";
import css from "./Desk.module.css";
import { DuplicateHints } from "./DuplicateHints";
import { fromSearch } from "./typed";
import { type VisitDraft, VisitFields, useNewVisit, visitOf } from "./VisitFields";

const genders: Gender[] = ["female", "male", "other", "unknown"];
const fields = ["full_name", "date_of_birth", "age_years", "gender", "phone", "address", "mrn", "reason", "encounter_type", "pack", "system_specific_data"];

interface Typed {
  name: string;
  phone: string;
  age: string;
  gender: Gender | "";
  address: string;
  visit: VisitDraft;
  /** What the visit's system of medicine wants to know of the person. */
  packData?: Record<string, unknown>;
}

const blank = { name: "", phone: "", age: "", gender: "" as const, address: "" };

/** A new face at the counter: registered and checked in by one button. */
export function WalkIn() {
  const { typed } = useSearch({ from: "/person/workplace/desk/walk-in" });
  // another search is another person: nothing of the last one may stay in the form
  return <WalkInForm key={typed ?? ""} typed={typed ?? ""} />;
}

function WalkInForm({ typed }: { typed: string }) {
  const { t } = useTranslation();
  const { me, membership, today } = useWorkplace();
  const { nextPerson } = useDesk();
  const navigate = useNavigate();
  const first = fromSearch(typed);
  const arrival = useRef(new Arrival());
  // by what was searched for: another person's unfinished form never comes up under this one's name
  const draft = useDraft<Typed>(me.user.id, `walk-in.${membership.facility_id}.${typed.trim().toLowerCase()}`, { ...blank, visit: useNewVisit(), name: first.full_name, phone: first.phone });
  const { name, phone, age, gender, address, visit, packData = {} } = draft.value;
  const usual = usePack();
  const pack = usePatientPacks().find(({ id }) => id === (visit.pack || usual?.id));
  const type = (change: Partial<Typed>) => draft.set({ ...draft.value, ...change });
  const frame = useRef<HTMLDivElement>(null);
  const [tried, setTried] = useState(false);
  const born = readAgeOrBirth(age, today);

  const arrive = useMutation({
    mutationFn: () => {
      const person: NewPatient = {
        full_name: name.trim(),
        gender: gender as Gender,
        ...(born.kind === "birth" ? { date_of_birth: born.date } : {}),
        ...(born.kind === "age" ? { age_years: born.years } : {}),
        ...(phone.trim() ? { phone: phone.trim() } : {}),
        ...(address.trim() ? { address: address.trim() } : {}),
        ...(pack && Object.keys(packData).length > 0 ? { system_specific_data: { [pack.id]: packData } } : {}),
      };
      return arrival.current.register(person, visitOf(visit));
    },
    onSuccess: (encounter) => {
      draft.clear();
      toast.done(t("desk.arrived", { name: encounter.patient.full_name, mrn: encounter.patient.mrn }));
      nextPerson();
    },
    onSettled: () => changed("patients", "encounters", "tasks"),
  });

  const faults = fieldFaults(arrive.error, fields);
  const missing = (value: string) => (tried && value.trim() === "" ? t("desk.form.needed") : undefined);
  const registered = arrival.current.patient;

  function submit() {
    setTried(true);
    focusFirstFault(frame.current);
    if (name.trim() === "" || gender === "" || born.kind === "unclear" || arrive.isPending) return;
    arrive.mutate();
  }
  useKeys([{ keys: "mod+Enter", label: t("desk.form.submit"), run: submit }]);

  return (
    <>
      <PaneHeader title={t("desk.walkIn")} back="/desk" onBack={() => void navigate({ to: "/desk" })} />
      <PaneBody>
        <div ref={frame} className={css.form}>
          <RestoreBar from={draft.restoredFrom} onDiscard={draft.clear} />
          <TextInput
            label={t("desk.form.name")}
            autoFocus={first.full_name === ""}
            autoComplete="off"
            maxLength={255}
            value={name}
            disabled={registered !== null}
            onChange={(event) => type({ name: event.currentTarget.value })}
            error={faults.of("full_name") ?? missing(name)}
            required
            withAsterisk
          />
          {registered ? null : (
            <DuplicateHints
              of={{ full_name: name, date_of_birth: born.kind === "birth" ? born.date : undefined, phone }}
              onPick={(patientId) => void navigate({ to: "/desk/patients/$patientId", params: { patientId } })}
            />
          )}
          <div className={css.pair}>
            <TextInput
              label={t("desk.form.age")}
              autoFocus={first.full_name !== ""}
              autoComplete="off"
              placeholder={t("desk.form.ageHint")}
              value={age}
              disabled={registered !== null}
              onChange={(event) => type({ age: event.currentTarget.value })}
              rightSection={<Reading born={born} today={today} />}
              rightSectionWidth={born.kind === "empty" || born.kind === "unclear" ? 0 : 104}
              rightSectionPointerEvents="none"
              error={
                faults.of("date_of_birth") ?? faults.of("age_years") ?? (tried && born.kind === "unclear" ? t("desk.form.ageUnclear") : undefined)
              }
            />
            <TextInput
              label={t("desk.form.phone")}
              type="tel"
              autoComplete="off"
              value={phone}
              disabled={registered !== null}
              onChange={(event) => type({ phone: event.currentTarget.value })}
              error={faults.of("phone")}
            />
          </div>
          <fieldset className={css.fieldset} disabled={registered !== null}>
            <legend>
              {t("desk.form.sex")}
              <span className={css.asterisk} aria-hidden>
                {" *"}
              </span>
            </legend>
            <SegmentedControl
              fullWidth
              aria-label={t("desk.form.sex")}
              value={gender}
              onChange={(value) => type({ gender: value as Gender })}
              data={genders.map((value) => ({ value, label: t(`desk.form.gender.${value}`) }))}
            />
            {faults.of("gender") ?? missing(gender) ? (
              <div className={css.fault} role="alert">
                {faults.of("gender") ?? missing(gender)}
              </div>
            ) : null}
          </fieldset>
          <VisitFields value={visit} onChange={(changed) => type({ visit: changed })} faultOf={faults.of} />
          <TextInput
            label={t("desk.form.address")}
            autoComplete="off"
            value={address}
            disabled={registered !== null}
            onChange={(event) => type({ address: event.currentTarget.value })}
            error={faults.of("address")}
          />
          {pack && !registered ? (
            <PackDataFields
              packs={[pack]}
              valueOf={() => packData}
              onChange={(_, value) => type({ packData: value })}
              faults={arrive.error instanceof ApiError ? faultsWithin(arrive.error.faults, "system_specific_data") : undefined}
            />
          ) : null}
          {registered && arrive.error ? <p className={css.muted}>{t("desk.form.registeredAlready", { mrn: registered.mrn })}</p> : null}
          <FormError error={arrive.error} faults={faults} />
        </div>
      </PaneBody>
      <PaneFooter>
        <SaveKeys />
        <Button loading={arrive.isPending} onClick={submit}>
          {t("desk.form.submit")}
        </Button>
      </PaneFooter>
    </>
  );
}

/** Shows how the age field was understood, before anything is saved. */
function Reading({ born, today }: { born: AgeOrBirth; today: string }) {
  const { t } = useTranslation();
  const text =
    born.kind === "age"
      ? t("desk.form.bornAbout", { year: Number(today.slice(0, 4)) - born.years })
      : born.kind === "birth"
        ? calendarDate(born.date)
        : "";
  return (
    <span className={css.reading} aria-live="polite">
      {text}
    </span>
  );
}
