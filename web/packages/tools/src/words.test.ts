import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "./words/en.json";

type Words = Record<string, Record<string, string>>;
const folder = join(import.meta.dirname, "words");
const locales = readdirSync(folder).map((file) => file.replace(".json", ""));
const read = (locale: string) => JSON.parse(readFileSync(join(folder, `${locale}.json`), "utf8")) as Words;
const english = en as Words;
const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const source = readdirSync(import.meta.dirname, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.includes(".test."))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
  .join("\n");

describe.each(locales)("%s", (locale) => {
  it("says all that English says, with the same values in it", () => {
    const words = read(locale);
    expect(Object.keys(words)).toEqual(Object.keys(english));
    for (const [part, phrases] of Object.entries(english)) {
      expect(Object.keys(words[part]!).sort(), part).toEqual(Object.keys(phrases).sort());
      for (const [key, text] of Object.entries(phrases)) expect(names(words[part]![key]!), `${part}.${key}`).toEqual(names(text));
    }
  });

  it("leaves nothing empty", () => {
    for (const phrases of Object.values(read(locale))) for (const text of Object.values(phrases)) expect(text.trim()).not.toBe("");
  });
});

it("keeps no phrase that nobody says", () => {
  const keys = Object.values(english).flatMap((phrases) => Object.keys(phrases).map((key) => key.replace(/_(one|other)$/, "")));
  // a key stands in the code as a text, or is made of one by a template such as `base_${base}` or `${name}_long`
  const unsaid = keys.filter((key) => !source.includes(`"${key}"`) && !/\b(base_\w+|\w+_long)$/.test(key) && !new RegExp(`[ {,]${key}[:,? ]`).test(source));
  expect(unsaid).toEqual([]);
});
