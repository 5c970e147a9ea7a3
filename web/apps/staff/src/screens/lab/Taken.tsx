import { Button } from "@mantine/core";
import { type LabSample, lab } from "@hm/client";
import { StatusChip, timeIn, toast } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { changed } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { may } from "../../parts/EncounterStatus";
import { LabelButton } from "../../parts/lab/LabelButton";
import { LabPatientLine } from "../../parts/lab/LabPatientLine";
import css from "./Collect.module.css";
import { useTubeText } from "./words";

/** The tubes that were just taken, with their labels; the last one stands first. */
export function Taken({ samples, onChange }: { samples: LabSample[]; onChange: (sample: LabSample) => void }) {
  const { t } = useTranslation();
  if (samples.length === 0) return null;
  const labelled = samples.filter(({ status }) => status !== "REJECTED").map(({ id }) => id);
  return (
    <section className={css.taken} aria-label={t("lab.collect.taken")}>
      <h2>{t("lab.collect.taken")}</h2>
      {labelled.length > 1 ? <LabelButton sampleIds={labelled} size="sm" /> : null}
      <ul>
        {samples.map((sample) => (
          <TakenTube key={sample.id} sample={sample} onChange={onChange} />
        ))}
      </ul>
    </section>
  );
}

function TakenTube({ sample, onChange }: { sample: LabSample; onChange: (sample: LabSample) => void }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const tubeText = useTubeText();
  const undo = useMutation({
    mutationFn: () => lab.reject(sample.id, "TAKEN_IN_ERROR"),
    onSuccess: onChange,
    onError: toast.failed,
    onSettled: () => changed("lab", "tasks", "orders"),
  });
  const rejected = sample.status === "REJECTED";
  return (
    <li className={css.card} data-rejected={rejected || undefined}>
      <LabPatientLine patient={sample.patient} />
      <p className={css.what}>
        <bdi>{tubeText(sample)}</bdi> <bdi className={css.barcode}>{sample.barcode}</bdi> <span className={css.quiet}>{timeIn(timeZone, sample.collected_at)}</span>
      </p>
      <p className={css.tests}>
        <bdi>{sample.items.map(({ name }) => name).join(", ")}</bdi>
      </p>
      <div className={css.cardActs}>
        {rejected ? <StatusChip tone="neutral">{t("lab.collect.undone")}</StatusChip> : null}
        {rejected ? null : <LabelButton sampleIds={[sample.id]} />}
        {!rejected && may(sample, "reject") ? (
          <Button size="compact-sm" variant="subtle" color="gray" loading={undo.isPending} aria-label={t("lab.collect.undoOne", { tube: tubeText(sample), patient: sample.patient.full_name })} onClick={() => undo.mutate()}>
            {t("lab.collect.undo")}
          </Button>
        ) : null}
      </div>
    </li>
  );
}
