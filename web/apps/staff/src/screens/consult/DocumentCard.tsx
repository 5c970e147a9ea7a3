import { Button, UnstyledButton } from "@mantine/core";
import type { ClinicalDocument } from "@hm/client";
import { ErrorState, PanelSkeleton, StatusChip, dateTimeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, History, PencilLine } from "lucide-react";
import { Suspense, lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { may } from "../../parts/EncounterStatus";
import { useNameOf } from "../../parts/people";
import css from "./Consult.module.css";
import { DocumentBody } from "./DocumentBody";
import { documentTones } from "./documentWords";

const AmendDocument = lazy(() => import("./AmendDocument").then((module) => ({ default: module.AmendDocument })));

interface DocumentCardProps {
  document: ClinicalDocument;
  /** Goes on with one's own draft; without it a draft is only read. */
  onContinue?: () => void;
}

/** One document of the record: its head, and unfolded its content, its history and the way to amend it. */
export function DocumentCard({ document, onContinue }: DocumentCardProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const [part, setPart] = useState<"body" | "history" | "amend">("body");
  const template = useQuery(read.template(document.template_code, document.template_version, document.pack));
  const title = template.data?.title ?? document.template_code;

  return (
    <article className={css.document} aria-label={title}>
      <UnstyledButton className={css.documentHead} aria-expanded={onContinue ? undefined : shown} onClick={() => (onContinue ? onContinue() : setShown(!shown))}>
        <strong>{title}</strong>
        <Written document={document} />
        <span className={css.documentState}>
          <StatusChip tone={documentTones[document.status]}>{t(`documents.status.${document.status}`)}</StatusChip>
          {onContinue ? <PencilLine size={15} aria-hidden /> : <ChevronDown size={15} aria-hidden className={css.unfold} />}
        </span>
      </UnstyledButton>
      {!shown ? null : part === "amend" ? (
        <Suspense fallback={<PanelSkeleton lines={4} />}>
          <AmendDocument document={document} onDone={() => setPart("body")} />
        </Suspense>
      ) : (
        <>
          {part === "history" ? <DocumentHistory id={document.id} /> : <DocumentBody document={document} />}
          <footer className={css.documentActs}>
            {document.status === "DRAFT" ? null : (
              <Button size="compact-sm" variant="subtle" leftSection={<History size={14} aria-hidden />} onClick={() => setPart(part === "history" ? "body" : "history")}>
                {t(part === "history" ? "documents.newest" : "documents.history")}
              </Button>
            )}
            {may(document, "amend") ? (
              <Button size="compact-sm" variant="subtle" leftSection={<PencilLine size={14} aria-hidden />} onClick={() => setPart("amend")}>
                {t("documents.amend")}
              </Button>
            ) : null}
          </footer>
        </>
      )}
    </article>
  );
}

/** By whom and when. */
function Written({ document }: { document: ClinicalDocument }) {
  const { timeZone } = useWorkplace();
  const nameOf = useNameOf();
  return (
    <span className={css.muted}>
      <bdi>{dateTimeIn(timeZone, document.created_at)}</bdi> <bdi>{nameOf(document.author_id)}</bdi>
    </span>
  );
}

/** Every version there ever was, newest first, each as it was signed. */
function DocumentHistory({ id }: { id: string }) {
  const { t } = useTranslation();
  const history = useQuery(read.documentHistory(id));
  if (history.isError) return <ErrorState error={history.error} onRetry={() => void history.refetch()} />;
  if (!history.data) return <PanelSkeleton lines={2} />;
  const versions = history.data.filter((version) => version.status !== "DRAFT").toSorted((a, b) => b.version - a.version);
  return (
    <ol className={css.versions} aria-label={t("documents.history")}>
      {versions.map((version) => (
        <li key={version.id}>
          <div className={css.versionHead}>
            <strong>{t("documents.version", { number: version.version })}</strong>
            <Written document={version} />
            <StatusChip tone={documentTones[version.status]}>{t(`documents.status.${version.status}`)}</StatusChip>
          </div>
          {version.reason ? (
            <p className={css.versionReason}>
              {t("documents.because")} <bdi>{version.reason}</bdi>
            </p>
          ) : null}
          <DocumentBody document={version} />
        </li>
      ))}
    </ol>
  );
}
