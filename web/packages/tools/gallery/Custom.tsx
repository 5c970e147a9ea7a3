import { type AllowedTool, type CustomToolSource, type Host, ToolHost } from "@hm/tools";
import { TextInput } from "@mantine/core";
import { useState } from "react";

/** What the address asks to be tried: a third party's tool, and the list that allows it or not. */
export interface Trial {
  source: CustomToolSource;
  allowed: AllowedTool[];
}

/** A form of one field beside a third party's tool: whatever the tool does, the field takes what is typed. */
export function Custom({ trial, host }: { trial: Trial; host: Omit<Host, "value" | "emit"> }) {
  const [value, setValue] = useState<unknown>({ summary: "what was recorded before" });
  const [note, setNote] = useState("");
  return (
    <section className="sample">
      <h2>custom</h2>
      <TextInput label="Note" value={note} onChange={(event) => setNote(event.currentTarget.value)} />
      <ToolHost tool="custom" title="Tongue map" custom={trial.source} allowed={trial.allowed} config={{ colour: "red" }} host={{ ...host, value, emit: setValue }} />
      <output className="summary">{JSON.stringify(value)}</output>
    </section>
  );
}
