import type { Task, WorkflowStep } from "@hm/client";

export type StepState = "done" | "current" | "open" | "later";

export interface StepOfVisit {
  step: WorkflowStep;
  /** The task that the step opened in this visit; null until it has. */
  task: Task | null;
  state: StepState;
}

/**
 * The steps of a workflow as this visit stands: what is done, the first that is to be
 * done now, what is open beside it, and what opens later. An optional step is never the
 * current one while a needed step is open.
 */
export function stepsOf(workflow: WorkflowStep[], tasks: Task[]): StepOfVisit[] {
  const steps = workflow.map((step) => {
    const task = tasks.find(({ code, status }) => code === step.code && status !== "CANCELLED") ?? null;
    const state: StepState = task?.status === "DONE" ? "done" : task ? "open" : "later";
    return { step, task, state };
  });
  const current = steps.find(({ step, state }) => state === "open" && !step.optional) ?? steps.find(({ state }) => state === "open");
  return steps.map((one) => (one === current ? { ...one, state: "current" } : one));
}
