import type { ClinicalDocument } from "@hm/client";
import { SchemaView } from "@hm/forms";
import { ErrorState, PanelSkeleton } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { useToolPlaces } from "../../parts/FormTool";
import css from "./Consult.module.css";
import { useFormWords } from "./documentWords";

/** A document as it was written: drawn from the version of the template it names. */
export function DocumentBody({ document }: { document: ClinicalDocument }) {
  const template = useQuery(read.template(document.template_code, document.template_version, document.pack));
  const { timeZone } = useWorkplace();
  const words = useFormWords();
  const renderTool = useToolPlaces({ encounterId: document.encounter_id, pack: document.pack, summary: document.summary });
  return (
    <div className={css.documentBody}>
      {template.isError ? (
        <ErrorState error={template.error} onRetry={() => void template.refetch()} />
      ) : template.data ? (
        <SchemaView template={template.data} value={document.payload} computed={document.computed} words={words} timeZone={timeZone} renderTool={renderTool} />
      ) : (
        <PanelSkeleton lines={2} />
      )}
    </div>
  );
}
