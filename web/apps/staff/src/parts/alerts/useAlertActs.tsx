import { Button, Textarea } from "@mantine/core";
import { type Alert, alerts, hasCode } from "@hm/client";
import { Dialog, FormError, SaveKeys, toast, useKeys } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, queryClient, read } from "../../app/queries";
import css from "./Alerts.module.css";
import { useAlertTitle } from "./words";

const told = () => changed("alerts", "encounters", "tasks");

/** Acknowledging and resolving, the same wherever an alert stands. */
export function useAlertActs(): { acknowledge: (alert: Alert) => void; acknowledging: string | null; resolve: (alert: Alert) => void; dialog: ReactNode } {
  const { t } = useTranslation();
  const title = useAlertTitle();
  const [resolving, setResolving] = useState<Alert | null>(null);
  const acknowledge = useMutation({
    mutationFn: (alert: Alert) => alerts.acknowledge(alert.id),
    onSuccess: (answer) => {
      queryClient.setQueryData(read.alert(answer.id).queryKey, answer);
      toast.done(t("alerts.acknowledged", { title: title(answer) }));
    },
    onError: (error) => (hasCode(error, "alerts.illegal_transition") ? toast.warn(t("alerts.tooLate")) : toast.failed(error)),
    onSettled: told,
  });
  return {
    acknowledge: (alert) => {
      if (!acknowledge.isPending) acknowledge.mutate(alert);
    },
    acknowledging: acknowledge.isPending ? acknowledge.variables.id : null,
    resolve: setResolving,
    dialog: resolving ? <Resolve key={resolving.id} alert={resolving} onClose={() => setResolving(null)} /> : null,
  };
}

function Resolve({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const { t } = useTranslation();
  const title = useAlertTitle();
  const [words, setWords] = useState("");
  const [tried, setTried] = useState(false);
  const resolve = useMutation({
    mutationFn: () => alerts.resolve(alert.id, words.trim()),
    onSuccess: (answer) => {
      queryClient.setQueryData(read.alert(answer.id).queryKey, answer);
      toast.done(t("alerts.resolved", { title: title(answer) }));
      onClose();
    },
    onSettled: told,
  });
  function submit() {
    setTried(true);
    if (words.trim() !== "" && !resolve.isPending) resolve.mutate();
  }
  useKeys([{ keys: "mod+Enter", label: t("alerts.resolve"), run: submit }], { overlay: true });
  return (
    <Dialog opened onClose={onClose} title={t("alerts.resolve")}>
      <div className={css.form}>
        <p>
          <strong>{title(alert)}</strong> {alert.patient ? <bdi>{alert.patient.full_name}</bdi> : null}
        </p>
        <Textarea
          data-autofocus
          label={t("alerts.whatWasDone")}
          autosize
          minRows={3}
          maxLength={2000}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          error={tried && words.trim() === "" ? t("alerts.sayWhatWasDone") : undefined}
          withAsterisk
        />
        <FormError error={resolve.error} />
        <div className={css.formActs}>
          <Button loading={resolve.isPending} onClick={submit}>
            {t("alerts.resolve")}
          </Button>
          <SaveKeys />
        </div>
      </div>
    </Dialog>
  );
}
