import { Button, Select } from "@mantine/core";
import { type Task, tasks } from "@hm/client";
import { Dialog, FormError, fieldFaults, toast } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./Tasks.module.css";

/** Gives a task to somebody who works here. */
export function AssignDialog({ task, onClose }: { task: Task | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog opened={task !== null} onClose={onClose} title={t("task.assign")}>
      {task ? <Form key={task.id} task={task} onDone={onClose} /> : null}
    </Dialog>
  );
}

function Form({ task, onDone }: { task: Task; onDone: () => void }) {
  const { t } = useTranslation();
  const { membership } = useWorkplace();
  const colleagues = useQuery(read.colleagues(membership.facility_id));
  const [chosen, setChosen] = useState(task.assigned_to_id);
  const assign = useMutation({
    mutationFn: (userId: string) => tasks.assign(task.id, userId),
    onSuccess: (done) => {
      toast.done(t("task.assigned", { name: done.assigned_to?.full_name ?? "", title: done.title }));
      onDone();
    },
    onSettled: () => changed("tasks"),
  });
  const faults = fieldFaults(assign.error, ["assigned_to_id"]);
  return (
    <form
      className={css.assign}
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen) assign.mutate(chosen);
      }}
    >
      <p>
        <strong>{task.title}</strong> <bdi>{task.patient.full_name}</bdi>
      </p>
      <Select
        data-autofocus
        label={t("task.column.assigned")}
        data={(colleagues.data ?? []).map((user) => ({ value: user.id, label: user.full_name }))}
        value={chosen}
        onChange={setChosen}
        searchable
        nothingFoundMessage={t("task.nobodyFound")}
        error={faults.of("assigned_to_id")}
      />
      <FormError error={assign.error ?? colleagues.error} faults={faults} />
      <div>
        <Button type="submit" disabled={!chosen || chosen === task.assigned_to_id} loading={assign.isPending}>
          {t("task.assign")}
        </Button>
      </div>
    </form>
  );
}
