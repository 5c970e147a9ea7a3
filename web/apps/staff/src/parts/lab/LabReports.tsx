import { Button, Checkbox, Select, UnstyledButton } from "@mantine/core";
import { type LabReport, type ReportLanguage, labprint, reportLanguages } from "@hm/client";
import { ErrorState, PanelSkeleton, StatusChip, dateTimeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import i18next from "i18next";
import { FileText, Printer } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./LabReports.module.css";
import { openFile } from "./openFile";
import { type ReportGroup, groupReports } from "./reportGroups";

/** How many orders' reports are shown before somebody asks for all. */
const shownAtFirst = 6;

const names: Record<ReportLanguage, string> = { en: "English", hi: "हिन्दी", ta: "தமிழ்", ur: "اردو" };

/** The language that was printed in last, else the one that the screen speaks: the patient's is mostly the same all day. */
let chosenLanguage: ReportLanguage | null = null;
const usualLanguage = (): ReportLanguage => chosenLanguage ?? reportLanguages.find((language) => i18next.language.startsWith(language)) ?? "en";

/** The laboratory's reports of a patient, or of one visit: open one in the patient's language, or print several. Nothing where there is none. */
export function LabReports({ patientId, encounterId }: { patientId?: string; encounterId?: string }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const found = useQuery({ ...read.labReports({ patient_id: patientId, encounter_id: encounterId }), enabled: can("labprint.can_read_reports") });
  const [language, setLanguage] = useState(usualLanguage);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [printing, setPrinting] = useState(false);
  if (!can("labprint.can_read_reports")) return null;
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <PanelSkeleton lines={2} />;
  const groups = groupReports(found.data);
  if (groups.length === 0) return null;
  const shown = all ? groups : groups.slice(0, shownAtFirst);
  const printed = shown.map(({ current }) => current.id).filter((id) => chosen.has(id));
  const choose = (id: string, wanted: boolean) =>
    setChosen((before) => {
      const next = new Set(before);
      if (wanted) next.add(id);
      else next.delete(id);
      return next;
    });
  const print = () => {
    setPrinting(true);
    void openFile(() => labprint.print(printed, language)).finally(() => setPrinting(false));
  };
  return (
    <section className={css.reports} aria-label={t("reports.title")}>
      <header className={css.head}>
        <h2>{t("reports.title")}</h2>
        <Select
          className={css.language}
          size="xs"
          aria-label={t("reports.language")}
          data={reportLanguages.map((value) => ({ value, label: names[value] }))}
          value={language}
          allowDeselect={false}
          onChange={(value) => {
            chosenLanguage = value as ReportLanguage;
            setLanguage(chosenLanguage);
          }}
        />
        {groups.length > 1 ? (
          <Button size="xs" variant="default" leftSection={<Printer size={14} aria-hidden />} disabled={printed.length === 0} loading={printing} onClick={print}>
            {printed.length === 0 ? t("reports.printChosen") : t("reports.print", { count: printed.length })}
          </Button>
        ) : null}
      </header>
      <ul className={css.list}>
        {shown.map((group) => (
          <Line key={group.current.order_id} group={group} language={language} chosen={groups.length > 1 ? chosen.has(group.current.id) : null} onChoose={(wanted) => choose(group.current.id, wanted)} />
        ))}
      </ul>
      {shown.length < groups.length ? (
        <Button className={css.more} size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
          {t("reports.all", { count: groups.length })}
        </Button>
      ) : null}
    </section>
  );
}

interface LineProps {
  group: ReportGroup;
  language: ReportLanguage;
  /** Whether it is to be printed with others; null where there are no others. */
  chosen: boolean | null;
  onChoose: (wanted: boolean) => void;
}

function Line({ group: { current, former }, language, chosen, onChoose }: LineProps) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const [busy, setBusy] = useState(false);
  const open = (report: LabReport) => {
    setBusy(true);
    void openFile(() => labprint.pdf(report.id, language)).finally(() => setBusy(false));
  };
  const tests = current.tests.map(({ name }) => name).join(", ");
  return (
    <li className={css.line}>
      {chosen === null ? null : <Checkbox size="xs" aria-label={t("reports.choose", { number: current.number })} checked={chosen} onChange={(event) => onChoose(event.currentTarget.checked)} />}
      <div className={css.words}>
        <bdi className={css.tests}>{tests}</bdi>
        <span className={css.facts}>
          <bdi>{current.number}</bdi> · <bdi className="hm-figures">{dateTimeIn(timeZone, current.issued_at)}</bdi>
        </span>
      </div>
      <div className={css.versions}>
        {current.tests.some(({ corrects_id }) => corrects_id) ? <StatusChip tone="warn">{t("reports.corrected")}</StatusChip> : null}
        {former.map((report) => (
          <UnstyledButton key={report.id} className={css.version} aria-label={t("reports.openFormer", { number: report.number, version: report.version })} title={t("reports.outOfDate", { time: dateTimeIn(timeZone, report.issued_at) })} onClick={() => open(report)}>
            {t("reports.version", { version: report.version })}
          </UnstyledButton>
        ))}
      </div>
      <Button size="compact-sm" variant="light" loading={busy} leftSection={<FileText size={14} aria-hidden />} aria-label={t("reports.openOne", { number: current.number, tests })} onClick={() => open(current)}>
        {t("reports.open")}
      </Button>
    </li>
  );
}
