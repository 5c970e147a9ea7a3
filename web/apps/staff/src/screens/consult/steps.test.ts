import type { Task, WorkflowStep } from "@hm/client";
import { expect, it } from "vitest";
import { stepsOf } from "./steps";

const step = (code: string, optional = false): WorkflowStep => ({ code, title: code, role: "doctor", optional, completed_by: {} });
const task = (code: string, status: Task["status"]) => ({ code, status }) as Task;
const states = (steps: WorkflowStep[], tasks: Task[]) => stepsOf(steps, tasks).map(({ state }) => state);

it("tells what is done, what is next and what opens later", () => {
  const flow = [step("vitals"), step("prakriti"), step("consult"), step("prescribe")];
  expect(states(flow, [task("vitals", "DONE"), task("prakriti", "OPEN"), task("consult", "IN_PROGRESS")])).toEqual(["done", "current", "open", "later"]);
});

it("puts what is needed before what is optional", () => {
  const flow = [step("diet", true), step("consult")];
  expect(states(flow, [task("diet", "OPEN"), task("consult", "OPEN")])).toEqual(["open", "current"]);
  expect(states(flow, [task("diet", "OPEN"), task("consult", "DONE")])).toEqual(["current", "done"]);
});

it("takes a cancelled task for one that was never opened", () => {
  expect(states([step("consult")], [task("consult", "CANCELLED")])).toEqual(["later"]);
});
