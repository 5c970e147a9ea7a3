import { Menu } from "@mantine/core";
import { toast } from "@hm/ui";
import { Check } from "lucide-react";
import { useTranslation } from "react-i18next";
import { queryClient } from "../app/queries";
import { useWorkplace } from "../app/workplace";
import { useWorkspace } from "../app/workspace";
import { appLanguages, nameOfLanguage, rememberLanguage, speak } from "../i18n/translations";
import css from "./TopBar.module.css";

/** The languages of the app and of this facility's packs, each named in itself. */
export function LanguageItems() {
  const { t, i18n } = useTranslation();
  const { me } = useWorkplace();
  const workspace = useWorkspace();
  const offered = [...new Set([...appLanguages, ...(workspace?.locales ?? [])])];

  async function choose(language: string) {
    rememberLanguage(me.user.id, language);
    await speak(language);
    // the server's words too: forms, rules, workflows
    await queryClient.invalidateQueries();
  }

  return (
    <>
      <Menu.Label>{t("shell.language")}</Menu.Label>
      {offered.map((language) => (
        <Menu.Item
          key={language}
          lang={language}
          aria-current={language === i18n.language || undefined}
          leftSection={language === i18n.language ? <Check size={15} aria-hidden /> : <span className={css.noCheck} />}
          onClick={() => void choose(language).catch(toast.failed)}
        >
          <bdi>{nameOfLanguage(language)}</bdi>
        </Menu.Item>
      ))}
    </>
  );
}
