import { ActionIcon, Button, UnstyledButton } from "@mantine/core";
import type { LabResult, LabValue } from "@hm/client";
import { ErrorState, PanelSkeleton, StatusChip, dateTimeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { ChartLine, ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./LabResults.module.css";
import { LabTrend } from "./LabTrend";
import { type TestResults, byTest } from "./latestTests";
import { ResultValues } from "./ResultValues";
import { ResultWarnings } from "./ResultWarnings";
import { amountOf } from "./trendPoints";

const shownTests = 6;

/** What the laboratory has released of a patient, test by test, the newest first. */
export function LabResults({ patientId }: { patientId: string }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const [all, setAll] = useState(false);
  const results = useQuery({ ...read.labResults({ patient_id: patientId, status: "RELEASED", latest: true }), enabled: can("orders.can_read") });
  if (results.isError) return <ErrorState error={results.error} onRetry={() => void results.refetch()} />;
  if (!results.data) return can("orders.can_read") ? <PanelSkeleton lines={2} /> : null;
  const tests = byTest(results.data);
  if (tests.length === 0) return <p className={css.quiet}>{t("lab.chart.none")}</p>;
  return (
    <div className={css.tests}>
      {tests.slice(0, all ? undefined : shownTests).map((test, index) => (
        <Test key={test.service_code} test={test} patientId={patientId} opened={index === 0} />
      ))}
      {tests.length > shownTests && !all ? (
        <Button className={css.more} size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
          {t("lab.chart.more", { count: tests.length - shownTests })}
        </Button>
      ) : null}
    </div>
  );
}

/** The results of one visit, where its orders are written; nothing while there are none. */
export function VisitResults({ encounterId }: { encounterId: string }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const results = useQuery({ ...read.labResults({ encounter_id: encounterId, status: "RELEASED", latest: true }), enabled: can("orders.can_read") });
  if (results.isError) return <ErrorState error={results.error} onRetry={() => void results.refetch()} />;
  const tests = byTest(results.data ?? []);
  if (tests.length === 0) return null;
  return (
    <section className={css.visit} aria-label={t("lab.chart.ofVisit")}>
      <h2>{t("lab.chart.ofVisit")}</h2>
      <div className={css.tests}>
        {tests.map((test) => (
          <Test key={test.service_code} test={test} patientId={test.newest.patient_id} opened />
        ))}
      </div>
    </section>
  );
}

function Test({ test, patientId, opened }: { test: TestResults; patientId: string; opened: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(opened);
  const [earlier, setEarlier] = useState(false);
  const { newest } = test;
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <article className={css.test} aria-label={newest.name}>
      <UnstyledButton className={css.head} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Chevron className={css.chevron} size={15} aria-hidden />
        <strong>
          <bdi>{newest.name}</bdi>
        </strong>
        <Marks result={newest} />
        <When result={newest} />
      </UnstyledButton>
      {open ? (
        <>
          <Values result={newest} patientId={patientId} />
          {test.earlier.length > 0 ? (
            <Button className={css.more} size="compact-xs" variant="subtle" color="gray" aria-expanded={earlier} onClick={() => setEarlier(!earlier)}>
              {t("lab.chart.earlier", { count: test.earlier.length })}
            </Button>
          ) : null}
          {earlier
            ? test.earlier.map((result) => (
                <div key={result.id} className={css.earlier}>
                  <p className={css.earlierHead}>
                    <When result={result} /> <Marks result={result} />
                  </p>
                  <ResultWarnings result={result} />
                  <ResultValues label={result.name} values={result.values} missing={result.missing} />
                </div>
              ))
            : null}
        </>
      ) : null}
    </article>
  );
}

/** What must not be missed while a test is folded away. */
function Marks({ result }: { result: LabResult }) {
  const { t } = useTranslation();
  const abnormal = result.values.filter(({ flag }) => flag !== null && flag !== "N").length;
  return (
    <span className={css.marks}>
      {result.is_critical ? <StatusChip tone="critical">{t("lab.verify.critical")}</StatusChip> : abnormal > 0 ? <StatusChip tone="warn">{t("lab.chart.abnormal", { count: abnormal })}</StatusChip> : null}
      {result.is_correction ? <StatusChip tone="warn">{t("lab.result.corrected")}</StatusChip> : null}
    </span>
  );
}

function When({ result }: { result: LabResult }) {
  const { timeZone } = useWorkplace();
  return <bdi className={css.when}>{dateTimeIn(timeZone, result.collected_at)}</bdi>;
}

function Values({ result, patientId }: { result: LabResult; patientId: string }) {
  const { t } = useTranslation();
  const [trend, setTrend] = useState<LabValue | null>(null);
  return (
    <>
      <ResultWarnings result={result} />
      {result.correction_reason && result.is_correction ? (
        <p className={css.quiet}>
          {t("lab.result.correctedBecause")} <bdi>{result.correction_reason}</bdi>
        </p>
      ) : null}
      <ResultValues
        label={result.name}
        values={result.values}
        missing={result.missing}
        former
        act={(value) =>
          amountOf(value.value) || amountOf(value.former?.value) ? (
            <ActionIcon size="sm" variant={trend?.code === value.code ? "light" : "subtle"} color="gray" aria-pressed={trend?.code === value.code} aria-label={t("lab.chart.trend", { name: value.name })} onClick={() => setTrend(trend?.code === value.code ? null : value)}>
              <ChartLine size={14} aria-hidden />
            </ActionIcon>
          ) : null
        }
      />
      {result.comment ? (
        <p className={css.quiet}>
          <bdi>{result.comment}</bdi>
        </p>
      ) : null}
      {trend ? <LabTrend key={trend.code} patientId={patientId} code={trend.code} /> : null}
    </>
  );
}
