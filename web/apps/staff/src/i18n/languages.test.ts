import { session } from "@hm/client";
import i18next from "i18next";
import { beforeEach, expect, it } from "vitest";
import en from "./en.json";
import hi from "./hi.json";
import { languageOf, nameOfLanguage, rememberLanguage, speak, startTranslations } from "./translations";

const flat = (node: object, path = ""): [string, string][] =>
  Object.entries(node).flatMap(([name, value]) => (typeof value === "object" ? flat(value, path ? `${path}.${name}` : name) : [[path ? `${path}.${name}` : name, value] as [string, string]]));
const gaps = (text: string) => [...text.matchAll(/\{\{\w+\}\}/g)].map(([gap]) => gap).sort();

/** Texts that are the same in every language: names, codes, examples of what is typed, and what only holds values. */
const alike = /^(ui\.keys\.(ctrl|enter)|audit\.filter\.codeHint|desk\.(form\.)?(mrn|ofStatus)|.*\.(mrn|spo2|bmi|bp|bp_diastolic))$/;

it("says in Hindi all that it says in English", () => {
  const hindi = new Map(flat(hi));
  expect([...hindi.keys()].sort()).toEqual(flat(en).map(([key]) => key).sort());
  for (const [key, text] of flat(en)) {
    expect(gaps(hindi.get(key)!), key).toEqual(gaps(text));
    const says = /\p{L}/u.test(text.replaceAll(/\{\{\w+\}\}/g, ""));
    if (says && !alike.test(key)) expect(hindi.get(key), `${key} is not translated`).toMatch(/\p{Script=Devanagari}/u);
  }
});

beforeEach(() => localStorage.clear());

it("remembers a language for each person and begins with the device's last", async () => {
  rememberLanguage("asha", "hi");
  expect([languageOf("asha"), languageOf("birch")]).toEqual(["hi", null]);
  await startTranslations();
  expect([i18next.t("consult.sign"), document.documentElement.lang, session.language]).toEqual([hi.consult.sign, "hi", "hi"]);
});

it("speaks English where it has no word, and turns the page for what is written from right to left", async () => {
  await speak("ar");
  expect([i18next.t("consult.sign"), document.documentElement.dir]).toEqual([en.consult.sign, "rtl"]);
  await speak("en");
  expect(document.documentElement.dir).toBe("ltr");
});

it("names a language in itself", () => {
  expect(nameOfLanguage("hi")).toBe("हिन्दी");
});
