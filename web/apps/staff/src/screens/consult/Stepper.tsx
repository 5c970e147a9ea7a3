import { UnstyledButton } from "@mantine/core";
import type { Encounter, WorkflowStep } from "@hm/client";
import { timeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { usePack } from "../../app/workspace";
import { stepsOf } from "./steps";
import css from "./Stepper.module.css";

/** The steps of this kind of visit in the pack's workflow; none when the pack has none. */
export function useSteps(encounter: Encounter): WorkflowStep[] {
  const pack = usePack();
  return pack?.workflows.find(({ encounter_type }) => encounter_type === encounter.encounter_type)?.steps ?? noSteps;
}
const noSteps: WorkflowStep[] = [];

/** Where the visit stands in its workflow; a step leads to where it is done. */
export function Stepper({ encounter, onStep }: { encounter: Encounter; onStep: (step: WorkflowStep) => void }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const workflow = useSteps(encounter);
  const tasks = useQuery(read.tasks({ encounter_id: encounter.id }));
  const list = useRef<HTMLOListElement>(null);
  const steps = stepsOf(workflow, tasks.data ?? []);
  const current = steps.find(({ state }) => state === "current")?.step.code;
  // of many steps the one that is to be done now is in sight
  useEffect(() => {
    const now = list.current?.querySelector<HTMLElement>('[data-state="current"], [data-now]');
    if (now && list.current) list.current.scrollLeft = now.offsetLeft - list.current.offsetLeft - 40;
  }, [current]);
  if (workflow.length === 0) return null;
  const ended = encounter.status === "CLOSED" || encounter.status === "CANCELLED";
  return (
    <ol ref={list} className={css.steps} aria-label={t("steps.label")}>
      {steps.map(({ step, task, state }, index) => {
        const overdue = task?.is_overdue === true && state !== "done";
        return (
          <li key={step.code} className={css.step} data-state={overdue ? "overdue" : state} data-now={state === "current" || undefined}>
            <UnstyledButton className={css.button} disabled={ended} aria-current={state === "current" ? "step" : undefined} onClick={() => onStep(step)}>
              <span className={css.mark} aria-hidden>
                {state === "done" ? <Check size={13} strokeWidth={2.5} /> : index + 1}
              </span>
              <span className={css.words}>
                <bdi className={css.title} title={step.title}>{step.title}</bdi>
                <span className={css.state}>
                  {overdue ? t("task.overdue") : t(`steps.${state}`)}
                  {step.optional && state !== "done" ? <span>{t("steps.optional")}</span> : null}
                  {task?.due_at && state !== "done" && !overdue ? <bdi>{t("steps.due", { time: timeIn(timeZone, task.due_at) })}</bdi> : null}
                </span>
              </span>
            </UnstyledButton>
          </li>
        );
      })}
    </ol>
  );
}
