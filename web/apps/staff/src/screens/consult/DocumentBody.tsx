import type { ClinicalDocument } from "@hm/client";
import { SchemaView, formOf } from "@hm/forms";
import { ErrorState, PanelSkeleton } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../app/queries";
import css from "./Consult.module.css";

/** A document as it was written: drawn from the version of the template it names. */
export function DocumentBody({ document }: { document: ClinicalDocument }) {
  const template = useQuery(read.template(document.template_code, document.template_version));
  return (
    <div className={css.documentBody}>
      {template.isError ? (
        <ErrorState error={template.error} onRetry={() => void template.refetch()} />
      ) : template.data ? (
        <SchemaView {...formOf(template.data)} value={document.payload} computed={document.computed} />
      ) : (
        <PanelSkeleton lines={2} />
      )}
    </div>
  );
}
