import type { LabReportCheck } from "@hm/client";
import { ErrorState, PanelSkeleton, StatusChip, type Tone, dateTimeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { BadgeCheck, FileClock, FileX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import css from "./Check.module.css";

/** For whoever holds a printed report and scanned its code: is it genuine, and does it still hold? Nobody need sign in. */
export function Check() {
  const { t } = useTranslation();
  const { token } = useParams({ from: "/check/$token" });
  const asked = useQuery({ ...read.labReportCheck(token), retry: false });
  return (
    <main className={css.page}>
      <section className={css.card} aria-labelledby="check" aria-live="polite">
        <h1 id="check">{t("check.title")}</h1>
        {asked.isError ? <ErrorState error={asked.error} onRetry={() => void asked.refetch()} /> : asked.data ? <Verdict found={asked.data} /> : <PanelSkeleton lines={3} />}
      </section>
    </main>
  );
}

function Verdict({ found }: { found: LabReportCheck }) {
  const { t } = useTranslation();
  if (!found.genuine) return <Said tone="critical" mark={<FileX size={32} aria-hidden />} title={t("check.notOurs")} text={t("check.notOursWhy")} />;
  return (
    <>
      {found.is_current ? (
        <Said tone="ok" mark={<BadgeCheck size={32} aria-hidden />} title={t("check.genuine")} text={t("check.genuineWhy")} />
      ) : (
        <Said tone="warn" mark={<FileClock size={32} aria-hidden />} title={t("check.replaced")} text={t("check.replacedWhy")} />
      )}
      <dl className={css.facts}>
        <dt>{t("check.facility")}</dt>
        <dd>
          <bdi>{found.facility}</bdi>
        </dd>
        <dt>{t("check.number")}</dt>
        <dd>
          <bdi className="hm-figures">{found.number}</bdi> <span className={css.quiet}>{t("reports.version", { version: found.version })}</span>
          {found.is_corrected ? <StatusChip tone="warn">{t("reports.corrected")}</StatusChip> : null}
        </dd>
        <dt>{t("check.issued")}</dt>
        <dd>
          <bdi className="hm-figures">{found.issued_at && found.time_zone ? dateTimeIn(found.time_zone, found.issued_at) : null}</bdi>
        </dd>
      </dl>
      <p className={css.quiet}>{t("check.compare")}</p>
    </>
  );
}

function Said({ tone, mark, title, text }: { tone: Tone; mark: ReactNode; title: string; text: string }) {
  return (
    <div className={css.said} data-tone={tone}>
      {mark}
      <p>
        <strong>{title}</strong>
        <span>{text}</span>
      </p>
    </div>
  );
}
