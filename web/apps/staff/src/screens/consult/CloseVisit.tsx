import { Button, UnstyledButton } from "@mantine/core";
import { type CloseGate, type Encounter, type Task, type WorkflowStep, encounters, hasCode, tasks, warningsOf } from "@hm/client";
import { FormError, StatusChip, type Tone, ToneMark, toast } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Check, ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, queryClient, read } from "../../app/queries";
import type { PadTab } from "../../app/router";
import { useWorkplace } from "../../app/workplace";
import { usePack } from "../../app/workspace";
import { may } from "../../parts/EncounterStatus";
import { inWords } from "../../parts/inWords";
import { tell, useRuled } from "../../parts/RulesDialog";
import { remedyOf } from "./remedy";
import { useSteps } from "./Stepper";
import css from "./Consult.module.css";

interface CloseVisitProps {
  encounter: Encounter;
  onVitals: () => void;
  onShow: (tab: PadTab, template?: string) => void;
  /** Leads to where the work of a task is done; the pad's stepper asks for it too. */
  follow: { current: ((kind: "task" | "document", code: string) => void) | null };
}

/** What closing still needs, each line leading to where it is done; and the act itself. */
export function CloseVisit({ encounter, onVitals, onShow, follow: followed }: CloseVisitProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { can } = useWorkplace();
  const open = encounter.status !== "CLOSED" && encounter.status !== "CANCELLED";
  const gate = useQuery({ ...read.closeGate(encounter.id), enabled: open });
  const critical = useQuery({ ...read.alerts({ encounter_id: encounter.id, status: "OPEN", kind: "critical_result" }), enabled: open && can("alerts.can_read") });
  const unread = critical.data?.results ?? [];
  const visitTasks = useQuery(read.tasks({ encounter_id: encounter.id }));
  const pack = usePack();
  const steps = useSteps(encounter);

  const close = useRuled({
    act: (overrides) => encounters.close(encounter.id, overrides),
    onSuccess: async () => {
      toast.done(t("consult.closed", { name: encounter.patient.full_name }));
      await changed("encounters", "tasks");
      await navigate({ to: "/queue" });
    },
    onError: (error) => {
      // the refusal brings the gate itself: show it without asking again
      if (hasCode(error, "encounters.close_blocked") && error.problem.gate) queryClient.setQueryData(read.closeGate(encounter.id).queryKey, error.problem.gate as CloseGate);
      void changed("encounters");
    },
  });

  const taskTitle = (code: string) => visitTasks.data?.find((task) => task.code === code)?.title ?? steps.find((step) => step.code === code)?.title ?? code;
  const templateTitle = (code: string) => pack?.templates.find((template) => template.code === code)?.title ?? inWords(code);
  const needs = gate.data;
  // what asks for a reason only is asked for on the way; so is what somebody with that right may pass, but never the workflow itself
  const passable =
    needs !== undefined &&
    needs.blocking.length > 0 &&
    needs.blocking.every(({ rule, code }) => code === "rules.reason_required" || (can("rules.can_override") && rule !== "base.required_tasks" && rule !== "base.required_documents"));

  const [added, setAdded] = useState<string | null>(null);
  /** A task that the hospital asks for beyond the workflow may not stand in this visit yet. */
  const add = useMutation({
    mutationFn: (code: string) => tasks.create(encounter.id, code),
    onSuccess: async (task) => {
      setAdded(task.code);
      await changed("tasks", "encounters");
    },
    onError: toast.failed,
  });
  // Only once its row is drawn: the answer of the list can be here before the row is.
  const addedIsShown = added !== null && visitTasks.data?.some((task) => task.code === added);
  useEffect(() => {
    if (!added || !addedIsShown) return;
    focusTask(added);
    setAdded(null);
  }, [added, addedIsShown]);
  const toTask = (code: string) => {
    if (visitTasks.data?.some((task) => task.code === code)) focusTask(code);
    else add.mutate(code);
  };

  /** Where the work of a task or a document is done. */
  function follow(kind: "task" | "document", code: string) {
    const remedy = remedyOf(kind, code, steps);
    if (remedy.to === "vitals") onVitals();
    else if (remedy.to === "task") toTask(code);
    else onShow(remedy.to, remedy.template);
  }
  useEffect(() => {
    followed.current = follow;
  });

  return (
    <aside className={css.side} tabIndex={0} aria-label={t("consult.side")}>
      {open ? (
        <section className={css.sideBlock}>
          <h2>{t("consult.close")}</h2>
          {needs && !needs.can_close ? (
            <ul className={css.reasons}>
              {unread.map(({ id, facts }) => (
                <Reason key={id} tone="critical" onFollow={() => void navigate({ to: "/alerts", search: { alert: id } })}>
                  {t("alerts.close", { codes: [facts.service_name, facts.codes?.join(", ")].filter(Boolean).join(": ") })}
                </Reason>
              ))}
              {needs.missing_tasks.map((code) => (
                <Reason key={code} onFollow={() => follow("task", code)}>
                  {visitTasks.data?.some((task) => task.code === code) ? taskTitle(code) : t("consult.addTask", { title: inWords(code) })}
                </Reason>
              ))}
              {needs.missing_documents.map((code) => (
                <Reason key={code} onFollow={() => follow("document", code)}>
                  {t("consult.writeDocument", { title: templateTitle(code) })}
                </Reason>
              ))}
              {needs.blocking
                // these rules say in a sentence what the lines above already lead to
                .filter(({ rule }) => !(rule === "base.critical_results_acknowledged" && unread.length > 0) && !(rule === "base.required_tasks" && needs.missing_tasks.length > 0) && !(rule === "base.required_documents" && needs.missing_documents.length > 0))
                .map(({ rule, code, message }) => (
                  <Reason key={`${rule} ${code}`}>{message}</Reason>
                ))}
            </ul>
          ) : needs ? (
            <p className={css.ready}>{t("consult.readyToClose")}</p>
          ) : null}
          {hasCode(close.error, "encounters.close_blocked") ? null : <FormError error={close.error ?? gate.error} />}
          {may(encounter, "close") ? (
            <Button fullWidth variant={needs?.can_close ? "filled" : "default"} disabled={gate.isPending || (needs !== undefined && !needs.can_close && !passable)} loading={close.pending} onClick={close.run}>
              {t("consult.closeVisit")}
            </Button>
          ) : null}
        </section>
      ) : null}
      {close.dialog}
      <VisitTasks tasks={inStepOrder(visitTasks.data ?? [], steps)} />
    </aside>
  );
}

/** As the workflow goes; what was added beside it comes last. */
function inStepOrder(all: Task[], steps: WorkflowStep[]): Task[] {
  const place = (task: Task) => {
    const at = steps.findIndex(({ code }) => code === task.code);
    return at < 0 ? steps.length : at;
  };
  return all.toSorted((a, b) => place(a) - place(b) || a.created_at.localeCompare(b.created_at));
}

const taskId = (code: string) => `visit-task-${code}`;

/** Brings the list's own button for this task under the hand. */
function focusTask(code: string): void {
  const row = document.getElementById(taskId(code));
  row?.scrollIntoView({ block: "nearest" });
  row?.querySelector("button")?.focus();
}

function Reason({ children, tone = "warn", onFollow }: { children: string; tone?: Tone; onFollow?: () => void }) {
  if (!onFollow) {
    return (
      <li className={css.reason}>
        <ToneMark tone={tone} />
        {children}
      </li>
    );
  }
  return (
    <li>
      <UnstyledButton className={css.reason} onClick={onFollow}>
        <ToneMark tone={tone} />
        {children}
        <ChevronRight size={15} aria-hidden />
      </UnstyledButton>
    </li>
  );
}

function VisitTasks({ tasks: all }: { tasks: Task[] }) {
  const { t } = useTranslation();
  const complete = useMutation({
    mutationFn: (id: string) => tasks.complete(id),
    onSuccess: (answer) => tell(warningsOf(answer)),
    onError: toast.failed,
    onSettled: () => changed("tasks", "encounters"),
  });
  if (all.length === 0) return null;
  return (
    <section className={css.sideBlock}>
      <h2>{t("consult.tasks")}</h2>
      <ul className={css.reasons}>
        {all.map((task) => (
          <li key={task.id} id={taskId(task.code)} className={css.reason}>
            <StatusChip tone={task.status === "DONE" ? "ok" : task.is_overdue ? "warn" : task.status === "IN_PROGRESS" ? "progress" : "neutral"}>
              {t(task.is_overdue ? "task.overdue" : `task.status.${task.status}`)}
            </StatusChip>
            <span>{task.title}</span>
            {may(task, "complete") ? (
              <Button
                size="compact-xs"
                variant="subtle"
                ml="auto"
                aria-label={t("task.complete", { title: task.title })}
                loading={complete.isPending && complete.variables === task.id}
                onClick={() => complete.mutate(task.id)}
              >
                <Check size={14} aria-hidden />
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
