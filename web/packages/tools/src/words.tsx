import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from "react";
import en from "./words/en.json";

export type Words = typeof en;
type Values = Record<string, string | number>;

/** Says a phrase of one tool in the page's language; a phrase with `_one` and `_other` is chosen by `count`. */
export type Say<Part extends keyof Words> = (key: Phrase<Part>, values?: Values) => string;
type Phrase<Part extends keyof Words> = keyof Words[Part] extends infer Key ? (Key extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : Key) : never;

const files = import.meta.glob<{ default: Words }>(["./words/*.json", "!./words/en.json"]);
const known = new Map<string, Words>();
const Spoken = createContext<{ locale: string; words: Words }>({ locale: "en", words: en });

/** Speaks the page's language; one that is not here, or has not come yet, is spoken in English. */
export function Speaking({ locale, children }: { locale: string; children: ReactNode }) {
  const [loaded, setLoaded] = useState<{ locale: string; words: Words }>(() => {
    const words = known.get(locale);
    return words ? { locale, words } : { locale: "en", words: en };
  });
  useEffect(() => {
    let wanted = true;
    const file = files[`./words/${locale}.json`] ?? files[`./words/${locale.split("-")[0]}.json`];
    if (!file) {
      setLoaded({ locale: "en", words: en });
      return;
    }
    file().then(
      ({ default: words }) => {
        known.set(locale, words);
        if (wanted) setLoaded({ locale, words });
      },
      () => wanted && setLoaded({ locale: "en", words: en }),
    );
    return () => {
      wanted = false;
    };
  }, [locale]);
  return <Spoken value={loaded}>{children}</Spoken>;
}

export function useSay<Part extends keyof Words>(part: Part): Say<Part> {
  const { locale, words } = useContext(Spoken);
  return useMemo(() => {
    const plural = new Intl.PluralRules(locale);
    const own = words[part] as Record<string, string>;
    return ((key: string, values: Values = {}) => {
      const text = own[key] ?? own[`${key}_${plural.select(Number(values.count ?? 0))}`] ?? own[`${key}_other`] ?? key;
      return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
    }) as Say<Part>;
  }, [locale, words, part]);
}
