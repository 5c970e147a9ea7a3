import { Button } from "@mantine/core";
import { ApiError, type ClinicalDocument, type Template, clinicaldocs } from "@hm/client";
import { type Faults, type FieldSchema, SchemaForm, evaluator, validate, withoutHidden } from "@hm/forms";
import { Dialog, ErrorState, FormError, PanelSkeleton, SaveKeys, dateTimeIn, fieldFaults, focusFirstFault, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { type Versioned, useSavedDraft } from "../../app/savedDraft";
import { useWorkplace } from "../../app/workplace";
import { useVisit } from "../../parts/about";
import { DraftBars, SavingText } from "../../parts/DraftBars";
import { useToolPlaces } from "../../parts/FormTool";
import { useRuled } from "../../parts/RulesDialog";
import css from "./Consult.module.css";
import { payloadFaults, useFormWords } from "./documentWords";

interface DocumentEditorProps {
  encounterId: string;
  templateCode: string;
  /** The server's draft, when one was begun before. */
  draft: ClinicalDocument | null;
  onDone: () => void;
}

export function DocumentEditor(props: DocumentEditorProps) {
  const { encounter } = useVisit(props.encounterId);
  // the draft that the form was opened with: the one that it makes itself comes back in the list while somebody types
  const [draft] = useState(props.draft);
  // a draft keeps the version of the form that it was begun with
  const template = useQuery({ ...read.template(props.templateCode, draft?.template_version, encounter?.pack), enabled: encounter !== undefined });
  if (template.isError) return <ErrorState error={template.error} onRetry={() => void template.refetch()} />;
  if (!template.data) return <PanelSkeleton />;
  return <Editor {...props} draft={draft} template={template.data} />;
}

type Payload = Record<string, unknown>;

const versionOf = (document: ClinicalDocument): Versioned<Payload> => ({ value: document.payload, version: `"${document.version}"` });

function Editor({ encounterId, template, draft, onDone }: DocumentEditorProps & { template: Template }) {
  const { t } = useTranslation();
  const { me, timeZone, can } = useWorkplace();
  const frame = useRef<HTMLElement>(null);
  const [faults, setFaults] = useState<Faults>({});
  const [discarding, setDiscarding] = useState(false);
  const documentId = useRef(draft?.id ?? null);
  const words = useFormWords();
  const { about } = useVisit(encounterId);
  const evaluate = useMemo(() => evaluator(template), [template]);

  const carries = useMemo(() => Object.values((template.schema as FieldSchema).properties ?? {}).some((field) => field["x-carry"]), [template]);
  const last = useQuery({ ...read.carryOver(encounterId, template.code), enabled: carries && can("clinicaldocs.can_read") }).data;
  const carried = last?.recorded_at ? { values: last.values, when: dateTimeIn(timeZone, last.recorded_at).slice(0, 11) } : null;

  const local = useSavedDraft<Payload>({
    userId: me.user.id,
    form: `${encounterId}.${template.code}`,
    start: draft ? versionOf(draft) : { value: {}, version: null },
    load: async () => versionOf(await clinicaldocs.get(documentId.current!)),
    save: async (payload, version) => {
      const document = documentId.current ? await clinicaldocs.replaceDraft(documentId.current, payload, version) : await clinicaldocs.draft(encounterId, template.code, payload);
      documentId.current = document.id;
      return versionOf(document).version!;
    },
    // what a draft may not hold either, such as a number out of bounds, is told while it is typed
    onRefused: (error) => setFaults((others) => ({ ...others, ...payloadFaults(error) })),
  });
  const renderTool = useToolPlaces({ encounterId, pack: template.pack });

  const change = (payload: Payload) => {
    // a fault is told until its answer is changed
    setFaults((told) => Object.fromEntries(Object.entries(told).filter(([path]) => sameAt(path, payload, local.value))));
    local.set(payload);
  };

  const sign = useRuled({
    act: async (overrides) => {
      await local.flush();
      documentId.current ??= (await clinicaldocs.draft(encounterId, template.code, local.value)).id;
      return clinicaldocs.finalize(documentId.current, overrides);
    },
    onSuccess: async () => {
      local.clear();
      toast.done(t("documents.signed", { title: template.title }));
      await changed("clinicaldocs", "encounters", "tasks");
      onDone();
    },
    onError: (error) => {
      if (error instanceof ApiError) setFaults(payloadFaults(error));
      focusFirstFault(frame.current);
    },
  });

  function submit() {
    if (sign.pending) return;
    // answers to questions that are no longer asked do not go into the record
    const asked = withoutHidden(evaluate, local.value, about);
    if (Object.keys(asked).length < Object.keys(local.value).length) local.set(asked);
    const found = validate(template.schema, asked, words);
    setFaults(found);
    focusFirstFault(frame.current);
    if (Object.keys(found).length === 0) sign.run();
  }
  useKeys([{ keys: "mod+Enter", label: t("consult.sign"), run: submit }]);

  const discard = useMutation({
    mutationFn: async () => {
      await local.rest();
      if (documentId.current) await clinicaldocs.discard(documentId.current);
    },
    onSuccess: () => {
      local.clear();
      toast.done(t("documents.discarded"));
      onDone();
    },
    onError: toast.failed,
    onSettled: () => changed("clinicaldocs", "encounters"),
  });

  async function leave() {
    await local.flush().catch(() => {});
    await changed("clinicaldocs");
    onDone();
  }

  return (
    <section ref={frame} className={css.editor} aria-label={template.title}>
      <header className={css.editorHead}>
        <h2>{template.title}</h2>
        <SavingText draft={local} />
      </header>
      <DraftBars draft={local} />
      <SchemaForm template={template} value={local.value} onChange={change} faults={faults} about={about} words={words} timeZone={timeZone} carry={carried} renderTool={renderTool} autoFocus />
      <FormError error={sign.error} faults={fieldFaults(sign.error, ["payload"])} />
      <div className={css.acts}>
        <Button loading={sign.pending} onClick={submit}>
          {t("consult.sign")}
        </Button>
        <Button variant="default" onClick={() => void leave()}>
          {t("documents.later")}
        </Button>
        <SaveKeys />
        <Button className={css.discard} variant="subtle" color="red" onClick={() => setDiscarding(true)}>
          {t("documents.discard")}
        </Button>
      </div>
      {sign.dialog}
      <Dialog opened={discarding} onClose={() => setDiscarding(false)} title={t("documents.discardTitle", { title: template.title })}>
        <p className={css.question}>{t("documents.discardWhy")}</p>
        <div className={css.acts}>
          <Button color="red" loading={discard.isPending} onClick={() => discard.mutate()}>
            {t("documents.discard")}
          </Button>
          <Button variant="default" data-autofocus onClick={() => setDiscarding(false)}>
            {t("documents.goOn")}
          </Button>
        </div>
      </Dialog>
    </section>
  );
}

/** Whether the answer at a place is the same in two payloads. */
function sameAt(path: string, one: unknown, other: unknown): boolean {
  const at = (payload: unknown) => path.split(".").reduce<unknown>((here, step) => (typeof here === "object" && here !== null ? (here as Record<string, unknown>)[step] : undefined), payload);
  return JSON.stringify(at(one)) === JSON.stringify(at(other));
}
