import { Button, UnstyledButton } from "@mantine/core";
import type { ClinicalDocument, Encounter, Patient, Template } from "@hm/client";
import { EmptyState, ErrorState, PanelSkeleton, StatusChip, type Tone, dateTimeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { FilePlus2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./Consult.module.css";
import { DocumentBody } from "./DocumentBody";
import { DocumentEditor } from "./DocumentEditor";

const tones: Record<ClinicalDocument["status"], Tone> = { DRAFT: "progress", FINAL: "ok", AMENDED: "info" };

interface DocumentsTabProps {
  encounter: Encounter;
  patient: Patient;
  open: boolean;
  /** The template being written, from the address. */
  template: string | null;
  onTemplate: (code: string | null) => void;
}

/** Documents of this visit, and new ones from the facility's templates. */
export function DocumentsTab({ encounter, open, template, onTemplate }: DocumentsTabProps) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const templates = useQuery(read.templates());
  const documents = useQuery(read.documents({ encounter_id: encounter.id, include_drafts: true }));

  if (templates.isPending || documents.isPending) return <PanelSkeleton />;
  const failed = templates.error ?? documents.error;
  if (failed || !templates.data || !documents.data) return <ErrorState error={failed} onRetry={() => void Promise.all([templates.refetch(), documents.refetch()])} />;

  const titleOf = (code: string) => templates.data.find((one) => one.code === code)?.title ?? code;
  const mayWrite = open && can("clinicaldocs.can_draft");
  if (template && mayWrite) {
    const draft = documents.data.find((one) => one.template_code === template && one.status === "DRAFT") ?? null;
    return <DocumentEditor key={template} encounterId={encounter.id} templateCode={template} draft={draft} onDone={() => onTemplate(null)} />;
  }
  return (
    <div className={css.documents}>
      {mayWrite ? <TemplateButtons templates={templates.data} onPick={onTemplate} /> : null}
      {documents.data.length === 0 ? <EmptyState>{t("documents.none")}</EmptyState> : null}
      {documents.data.map((document) => (
        <DocumentCard
          key={document.id}
          document={document}
          title={titleOf(document.template_code)}
          onContinue={document.status === "DRAFT" && mayWrite ? () => onTemplate(document.template_code) : undefined}
        />
      ))}
    </div>
  );
}

function TemplateButtons({ templates, onPick }: { templates: Template[]; onPick: (code: string) => void }) {
  const { t } = useTranslation();
  return (
    <div className={css.templates} role="group" aria-label={t("documents.new")}>
      {templates.map((one) => (
        <Button key={one.code} variant="default" leftSection={<FilePlus2 size={15} aria-hidden />} onClick={() => onPick(one.code)}>
          {one.title}
        </Button>
      ))}
    </div>
  );
}

function DocumentCard({ document, title, onContinue }: { document: ClinicalDocument; title: string; onContinue?: () => void }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const [shown, setShown] = useState(false);
  return (
    <article className={css.document}>
      <UnstyledButton className={css.documentHead} aria-expanded={shown} onClick={() => (onContinue ? onContinue() : setShown(!shown))}>
        <strong>{title}</strong>
        <bdi className={css.muted}>{document.summary}</bdi>
        <bdi className={css.muted}>{dateTimeIn(timeZone, document.created_at)}</bdi>
        <StatusChip tone={tones[document.status]}>{t(`documents.status.${document.status}`)}</StatusChip>
      </UnstyledButton>
      {shown ? <DocumentBody document={document} /> : null}
    </article>
  );
}
