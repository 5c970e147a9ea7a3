import { Button } from "@mantine/core";
import { type Assessment, type Encounter, type Entry, type Plan, encounters } from "@hm/client";
import { FormError, fieldFaults, toast, useKeys, SaveKeys } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useDraft } from "../../app/drafts";
import { changed } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { may } from "../../parts/EncounterStatus";
import { latest } from "../../parts/latestEntries";
import css from "./Consult.module.css";
import { RestoreBar } from "../../parts/RestoreBar";
import { LongField, filled, lines } from "./TextFields";
import { Written } from "./Written";

interface Typed {
  chief_complaint?: string;
  history?: string;
  diagnosis?: string;
  note?: string;
  medications?: string;
  investigations?: string;
  advice?: string;
  follow_up?: string;
}

const assessmentFields = ["chief_complaint", "history", "diagnosis", "note"] as const;
const planFields = ["medications", "investigations", "advice", "follow_up"] as const;

/** Assessment and plan on one page, signed by one button. */
export function AssessmentTab({ encounter, entries }: { encounter: Encounter; entries: Entry[] | undefined }) {
  const { t } = useTranslation();
  const { me } = useWorkplace();
  const draft = useDraft<Typed>(me.user.id, `${encounter.id}.assessment`, {});
  const typed = draft.value;
  // when the plan fails after the assessment was written, the next press writes only the plan
  const signed = useRef<{ assessment: string | null }>({ assessment: null });

  const assessment: Assessment = filled({
    chief_complaint: typed.chief_complaint,
    history: typed.history,
    diagnosis: typed.diagnosis,
    note: typed.note,
  });
  const medications = lines(typed.medications);
  const investigations = lines(typed.investigations);
  const plan: Plan = {
    ...(medications.length > 0 ? { medications } : {}),
    ...(investigations.length > 0 ? { investigations } : {}),
    ...filled({ advice: typed.advice, follow_up: typed.follow_up }),
  };
  const hasAssessment = Object.keys(assessment).length > 0;
  const hasPlan = Object.keys(plan).length > 0;

  const sign = useMutation({
    mutationFn: async () => {
      const words = JSON.stringify(assessment);
      if (hasAssessment && signed.current.assessment !== words) {
        await encounters.recordAssessment(encounter.id, assessment);
        signed.current.assessment = words;
      }
      if (hasPlan) await encounters.recordPlan(encounter.id, plan);
    },
    onSuccess: () => {
      signed.current.assessment = null;
      draft.clear();
      toast.done(t("consult.signed"));
    },
    onSettled: () => changed("encounters", "tasks"),
  });
  const faults = fieldFaults(sign.error, [...assessmentFields, ...planFields]);
  const submit = () => {
    if ((hasAssessment || hasPlan) && !sign.isPending) sign.mutate();
  };
  const mayAssess = may(encounter, "assessment");
  const mayPlan = may(encounter, "plan");
  const mayWrite = mayAssess || mayPlan;
  useKeys(mayWrite ? [{ keys: "mod+Enter", label: t("consult.sign"), run: submit }] : []);

  const field = (name: keyof Typed, rows = 2, hint?: string) => (
    <LongField
      label={t(`consult.field.${name}`)}
      hint={hint}
      rows={rows}
      value={typed[name]}
      onChange={(text) => draft.set({ ...typed, [name]: text })}
      error={faults.of(name)}
    />
  );

  return (
    <div className={css.form}>
      <Written assessment={latest(entries, "ASSESSMENT")} plan={latest(entries, "PLAN")} />
      {mayWrite ? (
        <>
          <RestoreBar from={draft.restoredFrom} onDiscard={draft.clear} />
          {mayAssess ? (
            <>
              <h2>{t("consult.assessment")}</h2>
              <div className={css.pair}>
                {field("chief_complaint")}
                {field("diagnosis")}
                {field("history", 3)}
                {field("note", 3)}
              </div>
            </>
          ) : null}
          {mayPlan ? (
            <>
              <h2>{t("consult.plan")}</h2>
              <div className={css.pair}>
                {field("medications", 3, t("consult.oneALine"))}
                {field("investigations", 3, t("consult.oneALine"))}
                {field("advice")}
                {field("follow_up")}
              </div>
            </>
          ) : null}
          <FormError error={sign.error} faults={faults} />
          <div className={css.acts}>
            <Button loading={sign.isPending} disabled={!hasAssessment && !hasPlan} onClick={submit}>
              {t("consult.sign")}
            </Button>
            <SaveKeys />
          </div>
        </>
      ) : null}
    </div>
  );
}
