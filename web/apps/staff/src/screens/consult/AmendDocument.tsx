import { Button, Textarea } from "@mantine/core";
import { ApiError, type ClinicalDocument, type Template, clinicaldocs, hasCode } from "@hm/client";
import { type Faults, SchemaForm, evaluator, validate, withoutHidden } from "@hm/forms";
import { ErrorState, FormError, PanelSkeleton, SaveKeys, fieldFaults, focusFirstFault, toast, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDraft } from "../../app/drafts";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { useVisit } from "../../parts/about";
import { useToolPlaces } from "../../parts/FormTool";
import { RestoreBar } from "../../parts/RestoreBar";
import { useRuled } from "../../parts/RulesDialog";
import css from "./Consult.module.css";
import { payloadFaults, useFormWords } from "./documentWords";

/** A signed document is never changed: an amended version, with its reason, takes its place. */
export function AmendDocument({ document, onDone }: { document: ClinicalDocument; onDone: () => void }) {
  const template = useQuery(read.template(document.template_code, document.template_version, document.pack));
  if (template.isError) return <ErrorState error={template.error} onRetry={() => void template.refetch()} />;
  if (!template.data) return <PanelSkeleton />;
  return <Form document={document} template={template.data} onDone={onDone} />;
}

interface Typed {
  payload: Record<string, unknown>;
  reason: string;
}

function Form({ document, template, onDone }: { document: ClinicalDocument; template: Template; onDone: () => void }) {
  const { t } = useTranslation();
  const { me, timeZone } = useWorkplace();
  const draft = useDraft<Typed>(me.user.id, `${document.id}.amend`, { payload: document.payload, reason: "" });
  const { payload, reason } = draft.value;
  const frame = useRef<HTMLDivElement>(null);
  const [faults, setFaults] = useState<Faults>({});
  const [tried, setTried] = useState(false);
  const words = useFormWords();
  const { about } = useVisit(document.encounter_id);
  const evaluate = useMemo(() => evaluator(template), [template]);
  const renderTool = useToolPlaces({ encounterId: document.encounter_id, pack: document.pack, summary: document.summary });
  const asked = withoutHidden(evaluate, payload, about);

  const amend = useRuled({
    act: (overrides) => clinicaldocs.amend(document.id, asked, reason.trim(), overrides),
    onSuccess: () => {
      draft.clear();
      toast.done(t("documents.amended", { title: template.title }));
      onDone();
    },
    onError: (error) => {
      if (error instanceof ApiError) setFaults(payloadFaults(error));
      focusFirstFault(frame.current);
      // somebody else amended it meanwhile: the newest is read again, and what was typed stays here
      if (hasCode(error, "clinicaldocs.not_current")) toast.warn(error.message);
    },
    onSettled: () => changed("clinicaldocs", "encounters"),
  });
  const refused = fieldFaults(amend.error, ["payload", "reason"]);
  const noReason = tried && reason.trim() === "" ? t("documents.reasonNeeded") : undefined;

  function submit() {
    if (amend.pending) return;
    setTried(true);
    const found = validate(template.schema, asked, words);
    setFaults(found);
    focusFirstFault(frame.current);
    if (Object.keys(found).length === 0 && reason.trim() !== "") amend.run();
  }
  useKeys([{ keys: "mod+Enter", label: t("documents.signAmended"), run: submit }]);

  return (
    <div className={css.documentBody}>
      <div ref={frame} className={css.editor}>
        <RestoreBar from={draft.restoredFrom} onDiscard={draft.clear} />
        <SchemaForm template={template} value={payload} onChange={(next) => draft.set({ ...draft.value, payload: next })} faults={faults} about={about} words={words} timeZone={timeZone} renderTool={renderTool} autoFocus />
        <Textarea
          label={t("documents.reason")}
          autosize
          minRows={2}
          maxLength={1000}
          value={reason}
          onChange={(event) => draft.set({ ...draft.value, reason: event.currentTarget.value })}
          error={refused.of("reason") ?? noReason}
          withAsterisk
        />
        <FormError error={amend.error} faults={refused} />
        <div className={css.acts}>
          <Button loading={amend.pending} onClick={submit}>
            {t("documents.signAmended")}
          </Button>
          <Button
            variant="default"
            onClick={() => {
              draft.clear();
              onDone();
            }}
          >
            {t("documents.keep")}
          </Button>
          <SaveKeys />
        </div>
        {amend.dialog}
      </div>
    </div>
  );
}
