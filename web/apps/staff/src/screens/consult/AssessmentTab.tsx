import type { Encounter, Entry } from "@hm/client";
import { fieldFaults } from "@hm/ui";
import { useTranslation } from "react-i18next";
import { useWords } from "../../app/workspace";
import { may } from "../../parts/EncounterStatus";
import { latest } from "../../parts/latestEntries";
import { RestoreBar } from "../../parts/RestoreBar";
import css from "./Consult.module.css";
import { useFieldWord } from "./fieldWords";
import { LongField } from "./TextFields";
import type { AssessmentDraft, Unsigned } from "./unsigned";
import { VisitData } from "./VisitData";
import { Written } from "./Written";

const assessmentFields = ["chief_complaint", "history", "diagnosis", "note"] as const;
const planFields = ["medications", "investigations", "advice", "follow_up"] as const;
const places = [...assessmentFields.map((name) => `assessment.${name}`), ...planFields.map((name) => `plan.${name}`)];

/** Assessment and plan on one page. */
export function AssessmentTab({ encounter, entries, unsigned }: { encounter: Encounter; entries: Entry[] | undefined; unsigned: Unsigned }) {
  const { t } = useTranslation();
  const word = useWords();
  const fieldWord = useFieldWord();
  const draft = unsigned.assessment;
  const typed = draft.value;
  const faults = fieldFaults(unsigned.sign.error, places);
  const mayAssess = may(encounter, "assessment");
  const mayPlan = may(encounter, "plan");

  const field = (part: "assessment" | "plan", name: keyof AssessmentDraft, rows = 2, hint?: string) => (
    <LongField
      label={fieldWord(name)}
      hint={hint}
      rows={rows}
      value={typed[name]}
      onChange={(text) => draft.set({ ...typed, [name]: text })}
      error={faults.of(`${part}.${name}`)}
    />
  );

  return (
    <div className={css.form}>
      <VisitData encounter={encounter} />
      <Written assessment={latest(entries, "ASSESSMENT")} plan={latest(entries, "PLAN")} />
      {mayAssess || mayPlan ? <RestoreBar from={draft.restoredFrom} onDiscard={draft.clear} /> : null}
      {mayAssess ? (
        <>
          <h2>{word("assessment", t("consult.assessment"))}</h2>
          <div className={css.pair}>
            {field("assessment", "chief_complaint")}
            {field("assessment", "diagnosis")}
            {field("assessment", "history", 3)}
            {field("assessment", "note", 3)}
          </div>
        </>
      ) : null}
      {mayPlan ? (
        <>
          <h2>{word("plan", t("consult.plan"))}</h2>
          <div className={css.pair}>
            {field("plan", "medications", 3, t("consult.oneALine"))}
            {field("plan", "investigations", 3, t("consult.oneALine"))}
            {field("plan", "advice")}
            {field("plan", "follow_up")}
          </div>
        </>
      ) : null}
    </div>
  );
}
