import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json";

/** English stands in the first load; other languages come with their packs. */
export function startTranslations(): void {
  void i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
  });
  document.documentElement.lang = i18next.language;
  document.documentElement.dir = i18next.dir();
}
