import { ApiError, type ClinicalDocument } from "@hm/client";
import { type Faults, type FormWords, useFormWords as useWordsOf } from "@hm/forms";
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

/** The renderer's own words in the language of this page. */
export function useFormWords(): FormWords {
  const { i18n } = useTranslation();
  return useWordsOf(i18n.language);
}
