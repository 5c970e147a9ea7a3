import { Button, SegmentedControl, Select, TextInput, Textarea } from "@mantine/core";
import { ApiError, type Patient, patients } from "@hm/client";
import { ErrorState, FormError, PanelSkeleton, PatientBanner, SaveKeys, SidePanel, ToneMark, fieldFaults, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDraft } from "../../app/drafts";
import { changed, queryClient, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { faultsWithin } from "../../parts/DataForm";
import { RestoreBar } from "../../parts/RestoreBar";
import { readAgeOrBirth } from "../desk/ageOrBirth";
import css from "./EditPatient.module.css";
import { type PackData, PackDataFields, dataOf, usePatientPacks } from "./PackData";
import { type FieldName, type PatientFields, changeOf, differing, fieldsOf, readIdentifiers } from "./patientChanges";

/** Corrects a patient's record, in a drawer over the screen that shows it. */
export function EditPatient({ patientId, opened, onClose }: { patientId: string; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { today } = useWorkplace();
  const known = useQuery({ ...read.patient(patientId), enabled: opened });
  return (
    <SidePanel opened={opened} onClose={onClose} title={t("patient.edit")} banner={known.data ? <PatientBanner patient={known.data.patient} today={today} inPanel /> : null}>
      {known.isError ? (
        <ErrorState error={known.error} onRetry={() => void known.refetch()} />
      ) : known.data ? (
        <Form patient={known.data.patient} etag={known.data.etag} onDone={onClose} />
      ) : (
        <PanelSkeleton lines={6} />
      )}
    </SidePanel>
  );
}

const genders = ["female", "male", "other", "unknown"] as const;
const bloodGroups = ["A+", "A-", "B+", "B-", "AB+", "AB-", "O+", "O-"];

function Form({ patient, etag, onDone }: { patient: Patient; etag: string | null; onDone: () => void }) {
  const { t } = useTranslation();
  const { me, today } = useWorkplace();
  // the version that is edited: another one comes only by way of a conflict that is shown
  const [basis, setBasis] = useState({ fields: fieldsOf(patient), etag });
  const [theirs, setTheirs] = useState<FieldName[]>([]);
  const draft = useDraft<Partial<PatientFields>>(me.user.id, `${patient.id}.edit`, {});
  const changes = draft.value;
  const packs = usePatientPacks();
  /** By pack, what is typed for it; packs that nobody touched are not sent. */
  const packDraft = useDraft<PackData>(me.user.id, `${patient.id}.edit-data`, {});
  const unchanged = Object.keys(changes).length === 0 && Object.keys(packDraft.value).length === 0;
  const fields: PatientFields = { ...basis.fields, ...changes };
  const [tried, setTried] = useState(false);

  const born = readAgeOrBirth(fields.born, today);
  const wrong: Partial<Record<FieldName, string>> = {
    ...(fields.full_name.trim() === "" ? { full_name: t("desk.form.needed") } : {}),
    ...(born.kind === "unclear" ? { born: t("desk.form.ageUnclear") } : {}),
    ...(readIdentifiers(fields.identifiers) === null ? { identifiers: t("patient.identifiersWhy") } : {}),
  };

  const save = useMutation({
    mutationFn: () => patients.change(patient.id, { ...changeOf(changes, today), ...(Object.keys(packDraft.value).length > 0 ? { system_specific_data: packDraft.value } : {}) }, basis.etag),
    onSuccess: () => {
      draft.clear();
      packDraft.clear();
      toast.done(t("admin.saved", { name: fields.full_name.trim() }));
      onDone();
      return changed("patients", "encounters", "tasks");
    },
    onError: async (error) => {
      if (!(error instanceof ApiError && error.status === 412)) return;
      // a colleague was quicker: their version comes beneath what was typed here, and every field they touched is named
      const fresh = await queryClient.fetchQuery({ ...read.patient(patient.id), staleTime: 0 });
      const now = fieldsOf(fresh.patient);
      setTheirs(differing(basis.fields, now));
      setBasis({ fields: now, etag: fresh.etag });
    },
  });
  const conflict = save.error instanceof ApiError && save.error.status === 412;
  const faults = fieldFaults(save.error, ["full_name", "date_of_birth", "age_years", "gender", "phone", "email", "address", "blood_group", "identifiers", "system_specific_data"]);
  const faultOf = (name: FieldName) => (name === "born" ? (faults.of("date_of_birth") ?? faults.of("age_years")) : faults.of(name)) ?? (tried ? wrong[name] : undefined);

  const type = (change: Partial<PatientFields>) => {
    // what reads as before is no change
    const next = { ...changes, ...change };
    draft.set(Object.fromEntries(Object.entries(next).filter(([name, value]) => value !== basis.fields[name as FieldName])) as Partial<PatientFields>);
  };
  const takeTheirs = (name: FieldName) => {
    type({ [name]: basis.fields[name] });
    setTheirs(theirs.filter((one) => one !== name));
  };
  const submit = () => {
    setTried(true);
    if (Object.keys(wrong).length > 0 || unchanged || save.isPending) return;
    save.mutate();
  };
  useKeys([{ keys: "mod+Enter", label: t("admin.save"), run: submit }], { overlay: true });

  const text = (name: Exclude<FieldName, "gender" | "blood_group">) => ({
    label: t(`patient.field.${name}`),
    autoComplete: "off",
    value: fields[name],
    onChange: (event: { currentTarget: { value: string } }) => type({ [name]: event.currentTarget.value }),
    error: faultOf(name),
  });

  return (
    <div className={css.form}>
      <RestoreBar
        from={draft.restoredFrom ?? packDraft.restoredFrom}
        onDiscard={() => {
          draft.clear();
          packDraft.clear();
        }}
      />
      {theirs.length > 0 ? (
        <section className={css.conflict} role="alert">
          <h3>
            <ToneMark tone="warn" />
            {t("patient.conflict")}
          </h3>
          <p>{t("patient.conflictWhy")}</p>
          <ul>
            {theirs.map((name) => (
              <li key={name}>
                <span>
                  <span className={css.label}>{t(`patient.field.${name}`)}</span> <bdi>{shown(basis.fields[name]) || t("desk.notGiven")}</bdi>
                </span>
                {name in changes ? (
                  <Button size="compact-xs" variant="default" onClick={() => takeTheirs(name)}>
                    {t("patient.takeTheirs")}
                  </Button>
                ) : (
                  <span className={css.label}>{t("patient.taken")}</span>
                )}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <TextInput {...text("full_name")} maxLength={255} data-autofocus withAsterisk />
      <div className={css.pair}>
        <TextInput {...text("born")} placeholder={t("desk.form.ageHint")} />
        <TextInput {...text("phone")} type="tel" />
      </div>
      <div>
        <div className={css.legend} id="edit-sex">
          {t("desk.form.sex")}
        </div>
        <SegmentedControl
          fullWidth
          aria-labelledby="edit-sex"
          value={fields.gender}
          onChange={(value) => type({ gender: value as PatientFields["gender"] })}
          data={genders.map((value) => ({ value, label: t(`desk.form.gender.${value}`) }))}
        />
      </div>
      <div className={css.pair}>
        <TextInput {...text("email")} type="email" />
        <Select
          label={t("patient.field.blood_group")}
          data={bloodGroups}
          value={fields.blood_group || null}
          onChange={(value) => type({ blood_group: value ?? "" })}
          placeholder={t("ui.banner.unknown")}
          clearable
          clearButtonProps={{ "aria-label": t("patient.clear") }}
          error={faultOf("blood_group")}
        />
      </div>
      <Textarea {...text("address")} autosize minRows={2} maxLength={1000} />
      <Textarea {...text("identifiers")} description={t("patient.identifiersWhy")} autosize minRows={2} />
      <PackDataFields
        packs={packs}
        valueOf={(pack) => packDraft.value[pack] ?? dataOf(patient, pack)}
        onChange={(pack, value) => packDraft.set({ ...packDraft.value, [pack]: value })}
        faults={save.error instanceof ApiError ? faultsWithin(save.error.faults, "system_specific_data") : undefined}
      />
      {conflict ? null : <FormError error={save.error} faults={faults} />}
      <div className={css.acts}>
        <Button loading={save.isPending} disabled={unchanged} onClick={submit}>
          {t(theirs.length > 0 ? "patient.saveMine" : "admin.save")}
        </Button>
        <SaveKeys />
      </div>
    </div>
  );
}

const shown = (value: string): string => value.replaceAll("\n", ", ");
