import { Button } from "@mantine/core";
import type { CriticalCall, LabResult } from "@hm/client";
import { Key, StatusChip, ToneMark, dateTimeIn } from "@hm/ui";
import { Link } from "@tanstack/react-router";
import { ArrowLeft, History, PencilLine } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import { may } from "../../parts/EncounterStatus";
import { PriorityChip } from "../../parts/lab/Due";
import { LabPatientLine } from "../../parts/lab/LabPatientLine";
import { ResultValues } from "../../parts/lab/ResultValues";
import { ResultWarnings } from "../../parts/lab/ResultWarnings";
import { CriticalCallForm } from "./CriticalCallForm";
import { ResultHistory, ResultStatusChip } from "./ResultHistory";
import css from "./Verify.module.css";

interface DetailProps {
  result: LabResult;
  refused: string | undefined;
  busy: boolean;
  calling: boolean;
  onCalling: (calling: boolean) => void;
  onVerify: (call?: CriticalCall) => void;
  onRelease: () => void;
  onCorrect: () => void;
  onBack: () => void;
}

/** One result in full: the new values beside the last released ones, and what may be done with it now. */
export function VerifyDetail({ result, refused, busy, calling, onCalling, onVerify, onRelease, onCorrect, onBack }: DetailProps) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const [history, setHistory] = useState(false);
  const mayVerify = may(result, "verify");
  const mayRelease = may(result, "release");
  return (
    <section className={css.detail} aria-label={t("lab.entry.value", { name: result.name, patient: result.patient.full_name })}>
      <header className={css.detailHead}>
        <Button className={css.back} size="compact-sm" variant="subtle" color="gray" leftSection={<ArrowLeft size={16} aria-hidden />} onClick={onBack}>
          {t("shell.back")}
        </Button>
        <LabPatientLine patient={result.patient} large />
        <div className={css.headFacts}>
          <h2>
            <bdi>{result.name}</bdi>
          </h2>
          <ResultStatusChip status={result.status} />
          <PriorityChip priority={result.priority} />
          {result.is_critical ? <StatusChip tone="critical">{t("lab.verify.critical")}</StatusChip> : null}
          {result.is_correction ? <StatusChip tone="warn">{t("lab.result.corrected")}</StatusChip> : null}
        </div>
        <Facts result={result} />
      </header>
      <div className={css.detailBody} tabIndex={0} role="region" aria-label={t("lab.result.values")}>
        <ResultWarnings result={result} />
        {result.held.length > 0 ? <Held result={result} linked={can("qualitycontrol.can_read")} /> : null}
        {refused ? (
          <p className={css.refused} role="alert">
            <ToneMark tone="critical" /> {refused}
          </p>
        ) : null}
        {calling ? <CriticalCallForm result={result} busy={busy} onVerify={onVerify} onClose={() => onCalling(false)} /> : null}
        <ResultValues label={t("lab.result.values")} values={result.values} missing={result.missing} held={result.held} former />
        {result.comment ? (
          <p className={css.commentText}>
            <span className={css.quiet}>{t("lab.entry.comment")}</span> <bdi>{result.comment}</bdi>
          </p>
        ) : null}
        {result.critical_notice ? (
          <p className={css.commentText}>
            <span className={css.quiet}>{t("lab.call.made")}</span> <bdi>{result.critical_notice.notified_to}</bdi>
          </p>
        ) : null}
        <Button className={css.historyButton} size="compact-sm" variant="subtle" color="gray" aria-expanded={history} leftSection={<History size={14} aria-hidden />} onClick={() => setHistory(!history)}>
          {t("lab.result.history", { count: result.version })}
        </Button>
        {history ? <ResultHistory result={result} /> : null}
      </div>
      <footer className={css.detailActs}>
        {may(result, "correct") ? (
          <Button variant="default" leftSection={<PencilLine size={14} aria-hidden />} onClick={onCorrect}>
            {t(result.status === "RELEASED" ? "lab.verify.correct" : "lab.verify.change")}
          </Button>
        ) : null}
        <span className={css.grow} />
        {mayVerify && !calling ? (
          <Button loading={busy} onClick={() => (result.is_critical ? onCalling(true) : onVerify())} rightSection={<Key>V</Key>}>
            {t(result.is_critical ? "lab.verify.callAndVerify" : "lab.verify.verify")}
          </Button>
        ) : null}
        {mayRelease ? (
          <Button loading={busy} onClick={onRelease} rightSection={<Key>R</Key>}>
            {t("lab.verify.release")}
          </Button>
        ) : null}
      </footer>
    </section>
  );
}

function Facts({ result }: { result: LabResult }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const steps = [
    { word: t("lab.result.collected"), at: result.collected_at, by: null },
    { word: t("lab.result.entered"), at: result.entered_at, by: result.entered_by?.full_name },
    { word: t("lab.result.verified"), at: result.verified_at, by: result.verified_by?.full_name ?? (result.verified_by_rule ? t("lab.result.byRule") : null) },
    { word: t("lab.result.released"), at: result.released_at, by: result.released_by?.full_name },
  ];
  return (
    <p className={css.facts}>
      <span>
        {t("lab.result.sample")} <bdi className="hm-figures">{result.barcode}</bdi>
      </span>
      {steps.map(({ word, at, by }) =>
        at ? (
          <span key={word}>
            {word} <bdi className="hm-figures">{dateTimeIn(timeZone, at)}</bdi> <bdi>{by}</bdi>
          </span>
        ) : null,
      )}
    </p>
  );
}

/** Why nothing can be verified: quality control holds an analyte back, and where that is resolved. */
function Held({ result, linked }: { result: LabResult; linked: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={css.heldNote}>
      <ToneMark tone="warn" />
      <p>
        {t("lab.verify.held", { count: result.held.length })}{" "}
        {result.held.map((code, index) => {
          const name = result.values.find((value) => value.code === code)?.name ?? code;
          return (
            <span key={code}>
              {index > 0 ? ", " : ""}
              {linked ? (
                <Link to="/lab/quality" search={{ part: "holds" }}>
                  <bdi>{name}</bdi>
                </Link>
              ) : (
                <bdi>{name}</bdi>
              )}
            </span>
          );
        })}
      </p>
    </div>
  );
}
