import { Button } from "@mantine/core";
import { type Encounter, type Entry, type Note, encounters } from "@hm/client";
import { FormError, fieldFaults, toast, useKeys, SaveKeys } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useDraft } from "../../app/drafts";
import { changed } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { may } from "../../parts/EncounterStatus";
import { latest } from "../../parts/latestEntries";
import css from "./Consult.module.css";
import { RestoreBar } from "../../parts/RestoreBar";
import { LongField, filled } from "./TextFields";
import { Written } from "./Written";

const fields = ["subjective", "objective", "assessment", "plan"] as const;

/** A note in four parts. */
export function NoteTab({ encounter, entries }: { encounter: Encounter; entries: Entry[] | undefined }) {
  const { t } = useTranslation();
  const { me } = useWorkplace();
  const draft = useDraft<Note>(me.user.id, `${encounter.id}.note`, {});
  const note = filled(draft.value);
  const empty = Object.keys(note).length === 0;
  const sign = useMutation({
    mutationFn: () => encounters.recordNote(encounter.id, note),
    onSuccess: () => {
      draft.clear();
      toast.done(t("consult.signed"));
    },
    onSettled: () => changed("encounters", "tasks"),
  });
  const faults = fieldFaults(sign.error, fields);
  const submit = () => {
    if (!empty && !sign.isPending) sign.mutate();
  };
  const mayWrite = may(encounter, "notes");
  useKeys(mayWrite ? [{ keys: "mod+Enter", label: t("consult.sign"), run: submit }] : []);

  return (
    <div className={css.form}>
      <Written note={latest(entries, "NOTE")} />
      {mayWrite ? (
        <>
          <RestoreBar from={draft.restoredFrom} onDiscard={draft.clear} />
          {fields.map((name) => (
            <LongField
              key={name}
              label={t(`consult.field.${name}`)}
              rows={3}
              value={draft.value[name]}
              onChange={(text) => draft.set({ ...draft.value, [name]: text })}
              error={faults.of(name)}
            />
          ))}
          <FormError error={sign.error} faults={faults} />
          <div className={css.acts}>
            <Button loading={sign.isPending} disabled={empty} onClick={submit}>
              {t("consult.sign")}
            </Button>
            <SaveKeys />
          </div>
        </>
      ) : null}
    </div>
  );
}
