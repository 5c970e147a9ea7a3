import { StatusChip } from "@hm/ui";
import { useTranslation } from "react-i18next";

/** Who answers for a pack's clinical content. Where nobody does, that is said plainly. */
export function SignedOff({ signOff: { clinician } }: { signOff: { clinician: string } }) {
  const { t } = useTranslation();
  return clinician ? <StatusChip tone="ok">{t("packs.signed", { clinician })}</StatusChip> : <StatusChip tone="warn">{t("packs.unsigned")}</StatusChip>;
}
