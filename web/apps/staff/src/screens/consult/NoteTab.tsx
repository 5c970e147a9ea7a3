import type { Encounter, Entry } from "@hm/client";
import { fieldFaults } from "@hm/ui";
import { may } from "../../parts/EncounterStatus";
import { latest } from "../../parts/latestEntries";
import { RestoreBar } from "../../parts/RestoreBar";
import css from "./Consult.module.css";
import { useFieldWord } from "./fieldWords";
import { LongField } from "./TextFields";
import type { Unsigned } from "./unsigned";
import { Written } from "./Written";

const fields = ["subjective", "objective", "assessment", "plan"] as const;

/** A note in four parts. */
export function NoteTab({ encounter, entries, unsigned }: { encounter: Encounter; entries: Entry[] | undefined; unsigned: Unsigned }) {
  const fieldWord = useFieldWord();
  const draft = unsigned.note;
  const faults = fieldFaults(unsigned.sign.error, fields.map((name) => `note.${name}`));
  return (
    <div className={css.form}>
      <Written note={latest(entries, "NOTE")} />
      {may(encounter, "notes") ? (
        <>
          <RestoreBar from={draft.restoredFrom} onDiscard={draft.clear} />
          {fields.map((name, index) => (
            <LongField
              key={name}
              label={fieldWord(name)}
              rows={3}
              autoFocus={index === 0}
              value={draft.value[name]}
              onChange={(text) => draft.set({ ...draft.value, [name]: text })}
              error={faults.of(`note.${name}`)}
            />
          ))}
        </>
      ) : null}
    </div>
  );
}
