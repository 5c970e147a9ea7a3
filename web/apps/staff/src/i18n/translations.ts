import { session } from "@hm/client";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import en from "./en.json";

const deviceKey = "hm.language";
const keyOf = (userId: string) => `${deviceKey}.${userId}`;

/** Besides English, which stands in the first load: fetched when somebody speaks them. */
const files: Readonly<Record<string, () => Promise<{ default: object }>>> = {
  hi: () => import("./hi.json"),
};

/** The languages in which the app itself speaks; packs may bring their words in others. */
export const appLanguages: readonly string[] = ["en", ...Object.keys(files)];

/** Begins in the language last spoken on this device, before anything is drawn. */
export async function startTranslations(): Promise<void> {
  void i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false }, // React escapes
    initAsync: false,
  });
  await speak(localStorage.getItem(deviceKey) ?? "en");
}

/** Everything from now on in this language. What the app cannot say in it, it says in English. */
export async function speak(language: string): Promise<void> {
  const file = files[language];
  if (file && !i18next.hasResourceBundle(language, "translation")) {
    try {
      i18next.addResourceBundle(language, "translation", (await file()).default);
    } catch {
      // no connection now: English words are better than none
    }
  }
  session.speak(language);
  document.documentElement.lang = language;
  document.documentElement.dir = i18next.dir(language);
  await i18next.changeLanguage(language);
}

/** The language this person chose on this device, or null. */
export const languageOf = (userId: string): string | null => localStorage.getItem(keyOf(userId));

export function rememberLanguage(userId: string, language: string): void {
  localStorage.setItem(keyOf(userId), language);
  localStorage.setItem(deviceKey, language);
}

/** A language's name in itself: `हिन्दी`. */
export function nameOfLanguage(language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
  } catch {
    return language;
  }
}
