import { Button } from "@mantine/core";
import { ApiError, type Encounter, encounters } from "@hm/client";
import { ErrorState, FormError, PanelSkeleton, SaveKeys, SidePanel, fieldFaults, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { PencilLine } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useDraft } from "../../app/drafts";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { usePack, useWord } from "../../app/workspace";
import { DataForm, DataView, asksForData, faultsWithin } from "../../parts/DataForm";
import { RestoreBar } from "../../parts/RestoreBar";
import css from "./Consult.module.css";

/** What the visit's system of medicine wants to know of every visit. */
export function VisitData({ encounter }: { encounter: Encounter }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const schema = usePack()?.encounter_schema;
  const title = useWord("encounter", t("desk.visit"));
  const [editing, setEditing] = useState(false);
  if (!asksForData(schema)) return null;
  const open = encounter.status !== "CLOSED" && encounter.status !== "CANCELLED";
  const known = Object.keys(encounter.system_data).length > 0;
  return (
    <section className={css.visitData} aria-label={t("consult.visitData", { visit: title })}>
      <div className={css.visitDataHead}>
        <h2>{t("consult.visitData", { visit: title })}</h2>
        {open && can("encounters.can_update") ? (
          <Button size="compact-sm" variant="default" leftSection={<PencilLine size={14} aria-hidden />} onClick={() => setEditing(true)}>
            {t(known ? "patient.editShort" : "consult.fillIn")}
          </Button>
        ) : null}
      </div>
      {known ? <DataView schema={schema} value={encounter.system_data} /> : null}
      <SidePanel opened={editing} onClose={() => setEditing(false)} title={t("consult.visitData", { visit: title })}>
        {editing ? <Loaded encounterId={encounter.id} schema={schema} onDone={() => setEditing(false)} /> : null}
      </SidePanel>
    </section>
  );
}

function Loaded({ encounterId, ...rest }: { encounterId: string; schema: unknown; onDone: () => void }) {
  const known = useQuery(read.taggedEncounter(encounterId));
  if (known.isError) return <ErrorState error={known.error} onRetry={() => void known.refetch()} />;
  if (!known.data) return <PanelSkeleton />;
  return <Form key={known.data.etag} encounter={known.data.encounter} etag={known.data.etag} {...rest} />;
}

function Form({ encounter, etag, schema, onDone }: { encounter: Encounter; etag: string | null; schema: unknown; onDone: () => void }) {
  const { t } = useTranslation();
  const { me } = useWorkplace();
  const draft = useDraft<Record<string, unknown>>(me.user.id, `${encounter.id}.visit-data`, encounter.system_data);
  const save = useMutation({
    mutationFn: () => encounters.change(encounter.id, { system_data: draft.value }, etag),
    onSuccess: () => {
      draft.clear();
      toast.done(t("consult.visitDataSaved"));
      onDone();
    },
    onSettled: () => changed("encounters"),
  });
  const submit = () => {
    if (!save.isPending) save.mutate();
  };
  useKeys([{ keys: "mod+Enter", label: t("admin.save"), run: submit }], { overlay: true });
  const faults = save.error instanceof ApiError ? faultsWithin(save.error.faults, "system_data") : undefined;
  return (
    <div className={css.form}>
      <RestoreBar from={draft.restoredFrom} onDiscard={draft.clear} />
      <DataForm schema={schema} value={draft.value} onChange={draft.set} faults={faults} autoFocus />
      <FormError error={save.error} faults={fieldFaults(save.error, ["system_data"])} />
      <div className={css.acts}>
        <Button loading={save.isPending} onClick={submit}>
          {t("admin.save")}
        </Button>
        <SaveKeys />
      </div>
    </div>
  );
}
