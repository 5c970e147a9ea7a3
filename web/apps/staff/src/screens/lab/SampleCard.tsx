import { Button } from "@mantine/core";
import { Key, StatusChip, ToneMark, dateTimeIn } from "@hm/ui";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { LabSample } from "@hm/client";
import { useWorkplace } from "../../app/workplace";
import { may } from "../../parts/EncounterStatus";
import { PriorityChip } from "../../parts/lab/Due";
import { LabPatientLine } from "../../parts/lab/LabPatientLine";
import { outcomeTones } from "./outcome";
import css from "./Receive.module.css";
import { RejectDialog } from "./RejectDialog";
import type { Outcome } from "./useReceiving";
import { useReasonText, useTubeText } from "./words";

interface SampleCardProps {
  outcome: Outcome;
  /** To the first of its values; absent where there is nothing to enter. */
  onEnter?: () => void;
  onChanged: (sample: LabSample) => void;
}

/** What the last scan was, seen from across the bench: word, shape and colour, then whose it is. */
export function SampleCard({ outcome, onEnter, onChanged }: SampleCardProps) {
  const { t } = useTranslation();
  const tubeText = useTubeText();
  const [rejecting, setRejecting] = useState(false);
  const { kind, sample, barcode } = outcome;
  return (
    <section className={css.card} data-tone={outcomeTones[kind]} aria-label={t("lab.receive.last")}>
      <p className={css.outcome} role="status">
        <ToneMark tone={outcomeTones[kind]} /> <span>{t(`lab.outcome.${kind}`)}</span> <bdi className={css.code}>{barcode}</bdi>
      </p>
      {outcome.message ? <p className={css.why}>{outcome.message}</p> : null}
      {kind === "unknown" ? <p className={css.why}>{t("lab.receive.unknownWhy")}</p> : null}
      {sample ? (
        <div className={css.cardBody}>
          <LabPatientLine patient={sample.patient} large />
          <p className={css.tests}>
            <PriorityChip priority={sample.priority} /> <strong>{tubeText(sample)}</strong> <bdi>{sample.items.map(({ name }) => name).join(", ")}</bdi>
          </p>
          {sample.status === "REJECTED" ? <Rejected sample={sample} /> : null}
          <Custody sample={sample} />
          <div className={css.cardActs}>
            {onEnter ? (
              <Button onClick={onEnter} rightSection={<Key>{t("ui.keys.enter")}</Key>}>
                {t("lab.receive.enter")}
              </Button>
            ) : null}
            {may(sample, "reject") ? (
              <Button variant="default" onClick={() => setRejecting(true)}>
                {t("lab.receive.reject")}
              </Button>
            ) : null}
          </div>
        </div>
      ) : null}
      {rejecting && sample ? <RejectDialog sample={sample} onRejected={onChanged} onClose={() => setRejecting(false)} /> : null}
    </section>
  );
}

function Rejected({ sample }: { sample: LabSample }) {
  const { t } = useTranslation();
  const reasonText = useReasonText();
  return (
    <p className={css.why}>
      {t("lab.receive.rejectedBecause")} <bdi>{sample.rejection_code ? reasonText(sample.rejection_code, sample.reason ?? "") : sample.reason}</bdi>
    </p>
  );
}

/** Through whose hands it went. */
function Custody({ sample }: { sample: LabSample }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  return (
    <ol className={css.custody} aria-label={t("lab.receive.custody")}>
      {sample.custody.map(({ act, at, by, note }) => (
        <li key={`${act} ${at}`}>
          {t(`lab.custody.${act}`)} <bdi className="hm-figures">{dateTimeIn(timeZone, at)}</bdi> <bdi>{by?.full_name}</bdi> {note && act === "stored" ? <bdi>{note}</bdi> : null}
        </li>
      ))}
    </ol>
  );
}

/** One of the last scans, in a line. */
export function OutcomeLine({ outcome, onOpen, selected }: { outcome: Outcome; onOpen: () => void; selected: boolean }) {
  const { t } = useTranslation();
  const { sample } = outcome;
  // what has become of it since is what is told
  const kind = sample?.status === "REJECTED" ? "rejected" : outcome.kind;
  return (
    <li>
      <button type="button" className={css.line} aria-current={selected || undefined} onClick={onOpen}>
        <StatusChip tone={outcomeTones[kind]}>{t(`lab.outcome.${kind}`)}</StatusChip>
        <bdi className={css.lineName}>{sample?.patient.full_name ?? outcome.barcode}</bdi>
        <bdi className={css.code}>{sample ? outcome.barcode : null}</bdi>
      </button>
    </li>
  );
}
