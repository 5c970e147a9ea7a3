import { useTranslation } from "react-i18next";
import { inWords } from "../../parts/inWords";

const specimens = ["blood", "serum", "plasma", "urine", "stool", "sputum", "csf", "swab", "tissue", "fluid", "semen"] as const;

/** A tube as it is asked for: what is in it and which container. */
export function useTubeText(): (tube: { specimen_type: string; container: string | null }) => string {
  const { t } = useTranslation();
  return ({ specimen_type, container }) => {
    const known = specimens.find((one) => one === specimen_type.toLowerCase());
    const specimen = specimen_type === "unspecified" ? t("lab.specimen.unspecified") : known ? t(`lab.specimen.${known}`) : inWords(specimen_type);
    return container ? `${specimen}, ${container}` : specimen;
  };
}

const reasons = ["HAEMOLYSED", "CLOTTED", "INSUFFICIENT", "WRONG_CONTAINER", "UNLABELLED", "MISLABELLED", "LIPAEMIC", "ICTERIC", "CONTAMINATED", "LEAKED", "TOO_OLD", "WRONG_TEMPERATURE", "NOT_PREPARED", "LOST", "TAKEN_IN_ERROR", "OTHER"] as const;

/** Why a sample was rejected, in this app's words where it knows the code. */
export function useReasonText(): (code: string, otherwise: string) => string {
  const { t } = useTranslation();
  return (code, otherwise) => {
    const known = reasons.find((one) => one === code);
    return known ? t(`lab.reason.${known}`) : otherwise;
  };
}
