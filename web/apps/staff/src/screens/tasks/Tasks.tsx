import { Button, SegmentedControl } from "@mantine/core";
import { type Task, type TaskFilter, tasks } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, StatusChip, TableSkeleton, type Tone, dateTimeIn, toast } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { may } from "../../parts/EncounterStatus";
import { Page } from "../../shell/Pane";
import css from "./Tasks.module.css";

const filters = {
  mine: { mine: true, ordering: "due_at" },
  open: { status: "OPEN", ordering: "due_at" },
  overdue: { overdue: true, ordering: "due_at" },
  done: { status: "DONE", ordering: "-created_at" },
} satisfies Record<string, TaskFilter>;
type FilterName = keyof typeof filters;

const tones: Record<Task["status"], Tone> = { OPEN: "info", IN_PROGRESS: "progress", DONE: "ok", CANCELLED: "neutral" };

/** What is to do: one's own first. */
export function Tasks() {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const navigate = useNavigate();
  const [filter, setFilter] = useState<FilterName>("mine");
  const list = useQuery({ ...read.tasks(filters[filter]), placeholderData: (before) => before });

  const columns: Column<Task>[] = [
    { id: "title", header: t("task.column.title"), cell: (task) => <span className={css.title}>{task.title}</span> },
    { id: "patient", header: t("task.column.patient"), cell: (task) => <bdi>{task.patient.full_name}</bdi> },
    { id: "due", header: t("task.column.due"), width: "156px", hide: "narrow", cell: (task) => (task.due_at ? <bdi>{dateTimeIn(timeZone, task.due_at)}</bdi> : null) },
    {
      id: "status",
      header: t("task.column.status"),
      width: "136px",
      cell: (task) => (
        <StatusChip tone={task.is_overdue ? "warn" : tones[task.status]}>{t(task.is_overdue ? "task.overdue" : `task.status.${task.status}`)}</StatusChip>
      ),
    },
    { id: "acts", header: <span className="hm-visually-hidden">{t("task.column.acts")}</span>, width: "196px", align: "end", hide: "tiny", cell: (task) => <Acts task={task} /> },
  ];

  return (
    <Page
      title={t("shell.screens.tasks")}
      acts={
        <SegmentedControl
          size="xs"
          aria-label={t("task.filter.label")}
          value={filter}
          onChange={(value) => setFilter(value as FilterName)}
          data={(Object.keys(filters) as FilterName[]).map((value) => ({ value, label: t(`task.filter.${value}`) }))}
        />
      }
    >
      {list.isPending ? (
        <TableSkeleton />
      ) : list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.results.length === 0 ? (
        <EmptyState
          action={
            filter === "mine" ? (
              <Button variant="light" onClick={() => setFilter("open")}>
                {t("task.showOpen")}
              </Button>
            ) : null
          }
        >
          {t(`task.none.${filter}`)}
        </EmptyState>
      ) : (
        <DataTable
          label={t("shell.screens.tasks")}
          rows={list.data.results}
          columns={columns}
          rowKey={(task) => task.id}
          onOpen={(task) => void navigate({ to: "/consult/$encounterId", params: { encounterId: task.encounter_id } })}
        />
      )}
    </Page>
  );
}

function Acts({ task }: { task: Task }) {
  const { t } = useTranslation();
  const { me } = useWorkplace();
  const act = useMutation({
    mutationFn: (run: () => Promise<Task>) => run(),
    onError: toast.failed,
    onSettled: () => changed("tasks", "encounters"),
  });
  const button = (label: string, run: () => Promise<Task>) => (
    <Button size="compact-xs" variant="default" disabled={act.isPending} aria-label={`${label}: ${task.title}`} onClick={() => act.mutate(run)}>
      {label}
    </Button>
  );
  return (
    <span className={css.acts}>
      {may(task, "assign") && task.assigned_to_id !== me.user.id ? button(t("task.take"), () => tasks.assign(task.id, me.user.id)) : null}
      {may(task, "start") ? button(t("task.start"), () => tasks.start(task.id)) : null}
      {may(task, "complete") ? button(t("task.done"), () => tasks.complete(task.id)) : null}
      {may(task, "reopen") ? button(t("task.reopen"), () => tasks.reopen(task.id)) : null}
    </span>
  );
}
