import { Button, TextInput, Textarea } from "@mantine/core";
import { type Encounter, type Patient, type Vitals, encounters } from "@hm/client";
import { FormError, ageOn, dateTimeIn, fieldFaults, toast, useKeys, SaveKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { changed } from "../../app/queries";
import { useDraft } from "../../app/drafts";
import { useWorkplace } from "../../app/workplace";
import { EarlyWarningChip } from "../../parts/VitalsStrip";
import { lastVitals } from "../../parts/latestEntries";
import { type Measure, type MeasureInfo, adultFrom, measures, readMeasure, toneOf } from "../../parts/vitals";
import css from "./Triage.module.css";

type Typed = Partial<Record<Measure | "note", string>>;

interface FormOptions {
  encounter: Encounter;
  patient: Patient | null;
  opened: boolean;
  onDone: () => void;
}

export type VitalsFormState = ReturnType<typeof useVitalsForm>;

/** What was typed, what it means, and the act of saving it. */
export function useVitalsForm({ encounter, patient, opened, onDone }: FormOptions) {
  const { t } = useTranslation();
  const { me, today, timeZone } = useWorkplace();
  const draft = useDraft<Typed>(me.user.id, `${encounter.id}.vitals`, {});
  const [tried, setTried] = useState(false);
  const before = useQuery({ ...lastVitals(encounter), enabled: opened });
  const adult = patient?.date_of_birth ? isAdult(today, patient.date_of_birth) : false;

  const vitals: Vitals = {};
  const unreadable = new Map<Measure, string>();
  for (const { name, min, max, decimals } of measures) {
    const typed = draft.value[name]?.trim() ?? "";
    if (typed === "") continue;
    const value = readMeasure(typed);
    if (value === null) unreadable.set(name, t("vitals.notANumber"));
    else if (decimals === 0 && !Number.isInteger(value)) unreadable.set(name, t("vitals.whole"));
    else if (value < min || value > max) unreadable.set(name, t("vitals.range", { min, max }));
    else vitals[name] = value;
  }
  if (vitals.bp_systolic !== undefined && vitals.bp_diastolic !== undefined && vitals.bp_diastolic >= vitals.bp_systolic) {
    unreadable.set("bp_diastolic", t("vitals.diastolicBelow"));
  }
  if ((vitals.bp_systolic === undefined) !== (vitals.bp_diastolic === undefined)) {
    unreadable.set(vitals.bp_systolic === undefined ? "bp_systolic" : "bp_diastolic", t("vitals.both"));
  }
  if (draft.value.note?.trim()) vitals.note = draft.value.note.trim();

  const save = useMutation({
    mutationFn: () => encounters.recordVitals(encounter.id, vitals),
    onSuccess: () => {
      draft.clear();
      toast.done(t("vitals.saved", { name: encounter.patient.full_name }));
      onDone();
    },
    onSettled: () => changed("encounters", "tasks"),
  });
  const faults = fieldFaults(save.error, [...measures.map(({ name }) => name), "note"]);

  function submit() {
    setTried(true);
    if (unreadable.size > 0 || Object.keys(vitals).length === 0 || save.isPending) return;
    save.mutate();
  }
  useKeys(opened ? [{ keys: "mod+Enter", label: t("vitals.save"), run: submit }] : [], { overlay: true });

  return {
    typed: draft.value,
    type: (name: Measure | "note", text: string) => draft.set({ ...draft.value, [name]: text }),
    vitals,
    adult,
    /** What is wrong with a field; ranges are told as soon as a value cannot be meant, emptiness on saving. */
    fault: (name: Measure | "note") => faults.of(name) ?? (name === "note" ? undefined : tried ? unreadable.get(name) : undefined),
    nothing: tried && Object.keys(vitals).length === 0 && unreadable.size === 0,
    before: before.data ? { vitals: before.data.vitals, on: dateTimeIn(timeZone, before.data.at) } : null,
    restored: draft.restoredFrom !== null,
    clear: draft.clear,
    error: save.error,
    faults,
    busy: save.isPending,
    submit,
  };
}

function isAdult(today: string, born: string): boolean {
  const { unit, count } = ageOn(today, born);
  return unit === "years" && count >= adultFrom;
}

export function VitalsForm({ form }: { form: VitalsFormState }) {
  const { t } = useTranslation();
  const info = (name: Measure) => measures.find((one) => one.name === name)!;
  return (
    <>
      {form.restored ? (
        <p className={css.ghost} role="status">
          {t("draft.restored")}{" "}
          <Button size="compact-xs" variant="default" onClick={form.clear}>
            {t("draft.discard")}
          </Button>
        </p>
      ) : null}
      {form.before ? <p className={css.ghost}>{t("vitals.before", { date: form.before.on })}</p> : null}
      <div className={css.grid}>
        <MeasureField form={form} info={info("temperature_c")} autoFocus />
        <MeasureField form={form} info={info("pulse_bpm")} />
        <MeasureField form={form} info={info("bp_systolic")} />
        <MeasureField form={form} info={info("bp_diastolic")} />
        <MeasureField form={form} info={info("resp_rate")} />
        <MeasureField form={form} info={info("spo2")} />
        <MeasureField form={form} info={info("weight_kg")} />
        <MeasureField form={form} info={info("height_cm")} />
        <MeasureField form={form} info={info("pain")} />
      </div>
      <Textarea
        className={css.note}
        label={t("vitals.note")}
        autosize
        minRows={2}
        maxRows={6}
        value={form.typed.note ?? ""}
        onChange={(event) => form.type("note", event.currentTarget.value)}
        error={form.fault("note")}
      />
      {form.nothing ? (
        <p className={css.ghost} role="alert">
          {t("vitals.atLeastOne")}
        </p>
      ) : null}
      <FormError error={form.error} faults={form.faults} />
    </>
  );
}

export function VitalsFormFooter({ form }: { form: VitalsFormState }) {
  const { t } = useTranslation();
  const score: ReactNode = form.adult ? <EarlyWarningChip vitals={form.vitals} /> : null;
  return (
    <>
      <span className={css.score} aria-live="polite">
        {score}
      </span>
      <SaveKeys />
      <Button loading={form.busy} onClick={form.submit}>
        {t("vitals.save")}
      </Button>
    </>
  );
}

function MeasureField({ form, info, autoFocus = false }: { form: VitalsFormState; info: MeasureInfo; autoFocus?: boolean }) {
  const { t } = useTranslation();
  const { name, unit } = info;
  const ghost = form.before?.vitals[name];
  const tone = form.adult ? toneOf(name, form.vitals[name]) : null;
  return (
    <TextInput
      wrapperProps={{ "data-tone": tone ?? undefined }}
      className={css.measure}
      data-autofocus={autoFocus || undefined}
      autoFocus={autoFocus}
      label={t(`vitals.name.${name}`)}
      inputMode="decimal"
      autoComplete="off"
      placeholder={ghost === undefined || ghost === null ? undefined : String(ghost)}
      rightSection={<bdi dir="ltr" className={css.unit}>{unit}</bdi>}
      rightSectionWidth={54}
      rightSectionPointerEvents="none"
      value={form.typed[name] ?? ""}
      onChange={(event) => form.type(name, event.currentTarget.value)}
      error={form.fault(name)}
    />
  );
}
