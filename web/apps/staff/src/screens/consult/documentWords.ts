import { ApiError, type ClinicalDocument } from "@hm/client";
import type { Faults, FormWords } from "@hm/forms";
import type { Tone } from "@hm/ui";
import { useTranslation } from "react-i18next";

export const documentTones: Record<ClinicalDocument["status"], Tone> = { DRAFT: "progress", FINAL: "ok", AMENDED: "info" };

/** The server's faults by the form's own field paths. */
export function payloadFaults(error: ApiError): Faults {
  return Object.fromEntries(
    error.faults.flatMap(({ location, message }) => {
      const path = location.replace(/^body\.?/, "").replace(/^payload\.?/, "").replaceAll(/\[(\d+)\]/g, ".$1");
      return path ? [[path, message]] : [];
    }),
  );
}

export function useFormWords(): FormWords {
  const { t } = useTranslation();
  return {
    notANumber: t("vitals.notANumber"),
    addRow: t("documents.addRow"),
    removeRow: t("documents.removeRow"),
    linesHint: t("consult.oneALine"),
    yes: t("documents.yes"),
    no: t("documents.no"),
  };
}
