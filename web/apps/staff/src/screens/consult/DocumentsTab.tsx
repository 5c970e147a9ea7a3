import { Button } from "@mantine/core";
import type { Encounter, Template } from "@hm/client";
import { EmptyState, ErrorState, PanelSkeleton } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { FilePlus2 } from "lucide-react";
import { Suspense, lazy } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { may } from "../../parts/EncounterStatus";
import css from "./Consult.module.css";
import { DocumentCard } from "./DocumentCard";

// the editor computes and checks as the server does: it comes when somebody writes
const DocumentEditor = lazy(() => import("./DocumentEditor").then((module) => ({ default: module.DocumentEditor })));

interface DocumentsTabProps {
  encounter: Encounter;
  open: boolean;
  /** The template being written, from the address. */
  template: string | null;
  onTemplate: (code: string | null) => void;
}

/** Documents of this visit, and new ones from the facility's templates. */
export function DocumentsTab({ encounter, open, template, onTemplate }: DocumentsTabProps) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const templates = useQuery(read.templates(encounter.pack));
  const documents = useQuery(read.documents({ encounter_id: encounter.id, include_drafts: true }));

  if (templates.isPending || documents.isPending) return <PanelSkeleton />;
  const failed = templates.error ?? documents.error;
  if (failed || !templates.data || !documents.data) return <ErrorState error={failed} onRetry={() => void Promise.all([templates.refetch(), documents.refetch()])} />;

  const mayWrite = open && can("clinicaldocs.can_draft");
  if (template && mayWrite) {
    // only one's own draft can be gone on with; another's stands in the list
    const draft = documents.data.find((one) => one.template_code === template && one.status === "DRAFT" && may(one, "update")) ?? null;
    return (
      <Suspense fallback={<PanelSkeleton />}>
        <DocumentEditor key={template} encounterId={encounter.id} templateCode={template} draft={draft} onDone={() => onTemplate(null)} />
      </Suspense>
    );
  }
  return (
    <div className={css.documents}>
      {mayWrite ? <TemplateButtons templates={templates.data} onPick={onTemplate} /> : null}
      {documents.data.length === 0 ? <EmptyState>{t(mayWrite ? "documents.none" : "documents.noneAtAll")}</EmptyState> : null}
      {documents.data.map((document) => (
        <DocumentCard key={document.status === "DRAFT" ? `${document.template_code} ${document.author_id}` : document.template_code} document={document} onContinue={mayWrite && may(document, "update") ? () => onTemplate(document.template_code) : undefined} />
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
