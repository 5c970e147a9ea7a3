import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/noto-sans-devanagari/wght.css";
import "@mantine/core/styles.layer.css";
import "@hm/ui/theme.css";
import { DirectionProvider, MantineProvider } from "@mantine/core";
import { cssVariables, theme } from "@hm/ui";
import { ToolHost, pageTokens } from "@hm/tools";
import i18next from "i18next";
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { initReactI18next } from "react-i18next";
import { Custom, type Trial } from "./Custom";
import { answer } from "./answers";
import { type Sample, samples } from "./samples";
import "./gallery.css";

// ?tool=radar&dir=rtl&locale=hi, or ?trial={"source":{...},"allowed":[...]}
const asked = new URLSearchParams(location.search);
const locale = asked.get("locale") ?? "en";
const dir = asked.get("dir") === "rtl" ? "rtl" : "ltr";
document.documentElement.lang = locale;
document.documentElement.dir = dir;
void i18next.use(initReactI18next).init({ lng: locale, resources: {}, initAsync: false });

const trial = asked.has("trial") ? (JSON.parse(asked.get("trial")!) as Trial) : null;
const place = { patient: { id: "p1" }, encounter: { id: "e1" }, readOnly: false, locale, dir, tokens: pageTokens(), timeZone: "Asia/Kolkata", fetch: answer } as const;

function Shown({ sample }: { sample: Sample }) {
  const [value, setValue] = useState<unknown>(sample.value);
  const summary = (value as { summary?: string } | null)?.summary;
  return (
    <section className="sample" id={sample.name}>
      <h2>{sample.name}</h2>
      <ToolHost
        {...sample.props}
        title={sample.title}
        host={{ ...place, value, readOnly: sample.readOnly ?? false, emit: setValue }}
      />
      <output className="summary">{summary}</output>
    </section>
  );
}

createRoot(document.getElementById("root")!).render(
  <DirectionProvider initialDirection={dir} detectDirection={false}>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables}>
      <main className="gallery">
        <h1>HM tools</h1>
        {trial ? <Custom trial={trial} host={place} /> : samples.filter(({ name }) => (asked.get("tool") ?? name) === name).map((sample) => <Shown key={sample.name} sample={sample} />)}
      </main>
    </MantineProvider>
  </DirectionProvider>,
);
