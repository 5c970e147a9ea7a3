import { Button, Textarea } from "@mantine/core";
import { type Alert, alerts } from "@hm/client";
import { Dialog, FormError, SaveKeys, toast, useKeys } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, queryClient, read } from "../../app/queries";
import { useAlertTitle } from "../../parts/alerts/words";
import css from "./Alerts.module.css";

/** What was done about an alert, in words: with them it is over. */
export function ResolveDialog({ alert, onClose }: { alert: Alert; onClose: () => void }) {
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
    onSettled: () => changed("alerts", "encounters", "tasks"),
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
