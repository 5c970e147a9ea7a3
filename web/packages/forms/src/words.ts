import { useEffect, useMemo, useState } from "react";
import type { FaultWords } from "./validate";
import en from "./words/en.json";

type Phrases = typeof en;

/** The few words the renderer speaks itself; all others come from the template. */
export interface FormWords extends Omit<Phrases, "row" | "faults_one" | "faults_other" | keyof FaultWords>, Required<FaultWords> {
  /** Names one row of a list. */
  row: (number: number) => string;
  /** Above the list of faults. */
  faults: (count: number) => string;
}

const files = import.meta.glob<{ default: Phrases }>(["./words/*.json", "!./words/en.json"]);

function wordsOf(phrases: Phrases, locale: string): FormWords {
  const { row, faults_one: one, faults_other: other, ...rest } = phrases;
  const plural = new Intl.PluralRules(locale);
  return {
    ...rest,
    row: (number) => row.replace("{number}", String(number)),
    faults: (count) => (plural.select(count) === "one" ? one : other).replace("{count}", String(count)),
  };
}

/** The renderer in English: for tests, and until another language is loaded. */
export const englishWords: FormWords = wordsOf(en, "en");

/** The renderer's words in a language; English where it is not spoken, or not loaded yet. */
export function useFormWords(locale: string): FormWords {
  const [loaded, setLoaded] = useState<{ locale: string; phrases: Phrases } | null>(null);
  const language = locale.split("-")[0]!;
  useEffect(() => {
    let wanted = true;
    void files[`./words/${language}.json`]?.().then(
      ({ default: phrases }) => wanted && setLoaded({ locale: language, phrases }),
      () => undefined, // then it is spoken in English
    );
    return () => {
      wanted = false;
    };
  }, [language]);
  return useMemo(() => (loaded?.locale === language ? wordsOf(loaded.phrases, language) : englishWords), [loaded, language]);
}
