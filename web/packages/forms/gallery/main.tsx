import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/noto-sans-devanagari/wght.css";
import "@mantine/core/styles.layer.css";
import "@hm/ui/theme.css";
import { DirectionProvider, MantineProvider } from "@mantine/core";
import { cssVariables, theme } from "@hm/ui";
import i18next from "i18next";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { initReactI18next } from "react-i18next";
import { type Template, SchemaForm, useFormWords } from "../src";
import { type Sample, about, samples } from "./samples";
import "./gallery.css";

// ?sample=empty&dir=rtl&locale=hi; a pack's own forms, with the fullest payload of its tests: ?pack=ayurveda&read
const asked = new URLSearchParams(location.search);
const locale = asked.get("locale") ?? "en";
const dir = asked.get("dir") === "rtl" ? "rtl" : "ltr";
document.documentElement.lang = locale;
document.documentElement.dir = dir;
void i18next.use(initReactI18next).init({ lng: locale, resources: {}, initAsync: false });

type Document = Template & { code: string; title: string };
const testdata = "../../../../modules/packs/testdata";
const documents = import.meta.glob<Document[]>("../../../../modules/packs/testdata/documents/*.json", { import: "default" });
const vectors = import.meta.glob<{ template: string; payload: Record<string, unknown> }[]>("../../../../modules/packs/testdata/vectors/*.json", { import: "default" });

async function chosen(): Promise<Sample[]> {
  const pack = asked.get("pack");
  if (!pack) return samples.filter(({ name }) => (asked.get("sample") ?? name) === name);
  const templates = await documents[`${testdata}/documents/${pack}.json`]!();
  const cases = await vectors[`${testdata}/vectors/${pack}.json`]!();
  return templates
    .filter(({ code }) => (asked.get("template") ?? code) === code)
    .map((template) => {
      const [fullest] = cases.filter((one) => one.template === template.code).sort((a, b) => Object.keys(b.payload).length - Object.keys(a.payload).length);
      return { name: template.title, template, value: asked.has("empty") ? {} : (fullest?.payload ?? {}), readOnly: asked.has("read") };
    });
}

function Shown({ sample }: { sample: Sample }) {
  const [value, setValue] = useState(sample.value);
  const words = useFormWords(locale);
  return (
    <section className="sample">
      <h2>{sample.name}</h2>
      <SchemaForm template={sample.template} value={value} onChange={setValue} faults={sample.faults} carry={sample.carry} readOnly={sample.readOnly} about={about} words={words} />
    </section>
  );
}

const shown = await chosen();
createRoot(document.getElementById("root")!).render(
  <DirectionProvider initialDirection={dir} detectDirection={false}>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables}>
      <main className="gallery">
        {shown.map((sample) => (
          <Shown key={sample.name} sample={sample} />
        ))}
      </main>
    </MantineProvider>
  </DirectionProvider>,
);
