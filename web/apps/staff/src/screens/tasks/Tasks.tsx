import { SegmentedControl, Button } from "@mantine/core";
import type { Task, TaskFilter } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, StatusChip, TableSkeleton, type Tone, dateTimeIn } from "@hm/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { More } from "../../parts/More";
import { useScreenTitle } from "../../shell/navigation";
import { Page } from "../../shell/Pane";
import { AssignDialog } from "./AssignDialog";
import { TaskActs } from "./TaskActs";
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
  const screenTitle = useScreenTitle("tasks");
  const { timeZone } = useWorkplace();
  const navigate = useNavigate();
  const [filter, setFilter] = useState<FilterName>("mine");
  const [assigning, setAssigning] = useState<Task | null>(null);
  const pages = useInfiniteQuery({ ...read.taskPages(filters[filter]), placeholderData: (before) => before });
  const rows = pages.data?.pages.flatMap((page) => page.results) ?? [];

  const columns: Column<Task>[] = [
    { id: "title", header: t("task.column.title"), cell: (task) => <span className={css.title}>{task.title}</span> },
    { id: "patient", header: t("task.column.patient"), cell: (task) => <bdi>{task.patient.full_name}</bdi> },
    { id: "assigned", header: t("task.column.assigned"), hide: "narrow", cell: (task) => (task.assigned_to ? <bdi>{task.assigned_to.full_name}</bdi> : <span className={css.muted}>{t("task.nobody")}</span>) },
    { id: "due", header: t("task.column.due"), width: "148px", hide: "narrow", figures: true, cell: (task) => (task.due_at ? <bdi>{dateTimeIn(timeZone, task.due_at)}</bdi> : null) },
    {
      id: "status",
      header: t("task.column.status"),
      width: "116px",
      // on a telephone only where it tells something that the chosen filter does not
      hide: filter === "mine" ? undefined : "tiny",
      cell: (task) => <StatusChip tone={task.is_overdue ? "warn" : tones[task.status]}>{t(task.is_overdue ? "task.overdue" : `task.status.${task.status}`)}</StatusChip>,
    },
    {
      id: "acts",
      header: <span className="hm-visually-hidden">{t("task.column.acts")}</span>,
      width: "var(--task-acts)",
      align: "end",
      cell: (task) => <TaskActs task={task} onAssign={() => setAssigning(task)} />,
    },
  ];

  return (
    <Page
      title={screenTitle}
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
      {pages.isPending ? (
        <TableSkeleton />
      ) : pages.isError ? (
        <ErrorState error={pages.error} onRetry={() => void pages.refetch()} />
      ) : rows.length === 0 ? (
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
        <div className={css.frame}>
          <div className={css.list}>
            <DataTable
              label={screenTitle}
              rows={rows}
              columns={columns}
              rowKey={(task) => task.id}
              onOpen={(task) => void navigate({ to: "/consult/$encounterId", params: { encounterId: task.encounter_id } })}
              footer={<More pages={pages} />}
            />
          </div>
        </div>
      )}
      <AssignDialog task={assigning} onClose={() => setAssigning(null)} />
    </Page>
  );
}
