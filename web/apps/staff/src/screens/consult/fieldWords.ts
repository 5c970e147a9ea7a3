import { useTranslation } from "react-i18next";
import { useWords } from "../../app/workspace";

const keys: Record<string, string> = {
  chief_complaint: "complaint",
  history: "history",
  diagnosis: "diagnosis",
  medications: "medications",
  advice: "advice",
  follow_up: "follow_up",
  assessment: "assessment",
  plan: "plan",
};

/** What a field of a visit's entries is called in the visit's own system. */
export function useFieldWord(): (name: string) => string {
  const { t } = useTranslation();
  const word = useWords();
  return (name) => {
    const otherwise = t(`consult.field.${name as "note"}`);
    return keys[name] ? word(keys[name], otherwise) : otherwise;
  };
}
