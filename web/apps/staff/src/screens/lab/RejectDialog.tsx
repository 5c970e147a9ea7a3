import { Button, NativeSelect, Textarea } from "@mantine/core";
import { type LabSample, lab } from "@hm/client";
import { Dialog, FormError, SaveKeys, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { LabPatientLine } from "../../parts/lab/LabPatientLine";
import css from "./Receive.module.css";
import { useReasonText } from "./words";

/** Why the laboratory cannot use a sample. Another one is asked for where its tests are still to be done. */
export function RejectDialog({ sample, onRejected, onClose }: { sample: LabSample; onRejected: (sample: LabSample) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const reasonText = useReasonText();
  const reasons = useQuery(read.rejectionReasons());
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [tried, setTried] = useState(false);
  const reject = useMutation({
    mutationFn: () => lab.reject(sample.id, reason, note.trim() || undefined),
    onSuccess: (rejected) => {
      toast.done(t("lab.reject.done", { barcode: rejected.barcode }));
      onRejected(rejected);
      onClose();
    },
    onSettled: () => changed("lab", "tasks", "orders"),
  });
  const needsNote = reason === "OTHER" && note.trim() === "";
  function submit() {
    setTried(true);
    if (!reason || needsNote || reject.isPending) return;
    reject.mutate();
  }
  useKeys([{ keys: "mod+Enter", label: t("lab.reject.reject"), run: submit }], { overlay: true });
  return (
    <Dialog opened onClose={onClose} title={t("lab.reject.title", { barcode: sample.barcode })} size={480}>
      <div className={css.form}>
        <LabPatientLine patient={sample.patient} large />
        <NativeSelect
          data-autofocus
          label={t("lab.reject.why")}
          data={[{ value: "", label: t("lab.reject.choose") }, ...(reasons.data ?? []).map(({ code, title }) => ({ value: code, label: reasonText(code, title) }))]}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={tried && !reason ? t("lab.reject.needed") : undefined}
          withAsterisk
        />
        <Textarea label={t("lab.reject.note")} autosize minRows={2} maxLength={500} value={note} onChange={(event) => setNote(event.currentTarget.value)} error={tried && needsNote ? t("lab.reject.noteNeeded") : undefined} />
        <p className={css.quiet}>{t("lab.reject.asksForAnother")}</p>
        <FormError error={reject.error} />
        <div className={css.formActs}>
          <Button color="red" loading={reject.isPending} onClick={submit}>
            {t("lab.reject.reject")}
          </Button>
          <SaveKeys />
          <Button variant="default" onClick={onClose}>
            {t("lab.reject.keep")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
