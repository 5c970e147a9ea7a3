import { ActionIcon, Button, Menu } from "@mantine/core";
import { type Task, tasks, warningsOf } from "@hm/client";
import { toast } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { EllipsisVertical } from "lucide-react";
import { useTranslation } from "react-i18next";
import { changed } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { may } from "../../parts/EncounterStatus";
import { tell } from "../../parts/RulesDialog";
import css from "./Tasks.module.css";

interface Act {
  label: string;
  run: () => Promise<Task>;
}

/** What one may do with a task: the likely next step as a button, everything in a menu. */
export function TaskActs({ task, onAssign }: { task: Task; onAssign: () => void }) {
  const { t } = useTranslation();
  const { me } = useWorkplace();
  const act = useMutation({
    mutationFn: (run: Act["run"]) => run(),
    onSuccess: (answer) => tell(warningsOf(answer)),
    onError: toast.failed,
    onSettled: () => changed("tasks", "encounters"),
  });

  const mine = task.assigned_to_id === me.user.id;
  const acts: Act[] = [];
  if (may(task, "assign") && !mine) acts.push({ label: t("task.take"), run: () => tasks.assign(task.id, me.user.id) });
  if (may(task, "start")) acts.push({ label: t("task.start"), run: () => tasks.start(task.id) });
  if (may(task, "complete")) acts.push({ label: t("task.done"), run: () => tasks.complete(task.id) });
  if (may(task, "reopen")) acts.push({ label: t("task.reopen"), run: () => tasks.reopen(task.id) });
  const next = acts[0];
  if (may(task, "unassign")) acts.push({ label: t("task.giveBack"), run: () => tasks.unassign(task.id) });
  const mayCancel = may(task, "cancel");
  const mayAssign = may(task, "assign");
  if (acts.length === 0 && !mayCancel && !mayAssign) return null;

  return (
    <span className={css.acts}>
      {next ? (
        <Button className={css.next} size="compact-xs" variant="default" disabled={act.isPending} aria-label={`${next.label}: ${task.title}`} onClick={() => act.mutate(next.run)}>
          {next.label}
        </Button>
      ) : null}
      {/* out of the row, which would cut it off, but within the page's landmark */}
      <Menu position="bottom-end" width={200} withinPortal portalProps={{ target: "#main" }}>
        <Menu.Target>
          <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t("task.more", { title: task.title })}>
            <EllipsisVertical size={15} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {acts.map(({ label, run }) => (
            <Menu.Item key={label} onClick={() => act.mutate(run)}>
              {label}
            </Menu.Item>
          ))}
          {mayAssign ? <Menu.Item onClick={onAssign}>{t("task.assign")}</Menu.Item> : null}
          {mayCancel ? (
            <>
              <Menu.Divider />
              <Menu.Item color="red" onClick={() => act.mutate(() => tasks.cancel(task.id))}>
                {t("task.cancel")}
              </Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}
