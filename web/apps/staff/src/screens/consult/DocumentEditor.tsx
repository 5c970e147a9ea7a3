import { Button } from "@mantine/core";
import { ApiError, type ClinicalDocument, type Template, clinicaldocs } from "@hm/client";
import { type Faults, SchemaForm, formOf, validate } from "@hm/forms";
import { Dialog, ErrorState, FormError, PanelSkeleton, fieldFaults, focusFirstFault, timeIn, toast, useKeys, SaveKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDraft } from "../../app/drafts";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./Consult.module.css";
import { RestoreBar } from "../../parts/RestoreBar";
import { payloadFaults, useFormWords } from "./documentWords";

interface DocumentEditorProps {
  encounterId: string;
  templateCode: string;
  /** The server's draft, when one was begun before. */
  draft: ClinicalDocument | null;
  onDone: () => void;
}

export function DocumentEditor(props: DocumentEditorProps) {
  const template = useQuery(read.template(props.templateCode));
  if (template.isError) return <ErrorState error={template.error} onRetry={() => void template.refetch()} />;
  if (!template.data) return <PanelSkeleton />;
  return <Editor {...props} template={template.data} />;
}

const pauseBeforeSaving = 1_200;

function Editor({ encounterId, template, draft, onDone }: DocumentEditorProps & { template: Template }) {
  const { t } = useTranslation();
  const { me, timeZone } = useWorkplace();
  const start = draft?.payload ?? {};
  const local = useDraft<Record<string, unknown>>(me.user.id, `${encounterId}.${template.code}`, start);
  const frame = useRef<HTMLElement>(null);
  const [faults, setFaults] = useState<Faults>({});
  const [discarding, setDiscarding] = useState(false);
  const [savedAt, setSavedAt] = useState<Date | null>(null);
  const documentId = useRef(draft?.id ?? null);
  const onServer = useRef(JSON.stringify(start));
  const words = useFormWords();
  const form = formOf(template);

  /** Brings the server's draft up to what is typed; one after the other, never two at once. */
  const chain = useRef(Promise.resolve());
  const saveDraft = (payload: Record<string, unknown>): Promise<void> => {
    const text = JSON.stringify(payload);
    const next = chain.current.then(async () => {
      if (text === onServer.current) return;
      if (documentId.current) {
        const document = await clinicaldocs.replaceDraft(documentId.current, payload);
        documentId.current = document.id;
      } else {
        documentId.current = (await clinicaldocs.draft(encounterId, template.code, payload)).id;
      }
      onServer.current = text;
      local.safe(payload);
      setSavedAt(new Date());
    });
    chain.current = next.catch(() => {});
    return next;
  };

  const sign = useMutation({
    mutationFn: async () => {
      await saveDraft(local.value);
      if (!documentId.current) documentId.current = (await clinicaldocs.draft(encounterId, template.code, local.value)).id;
      return clinicaldocs.finalize(documentId.current);
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
    if (sign.isPending) return;
    const found = validate(form.schema, local.value, { required: t("desk.form.needed"), invalid: t("documents.invalid") });
    setFaults(found);
    focusFirstFault(frame.current);
    if (Object.keys(found).length === 0) sign.mutate();
  }
  useKeys([{ keys: "mod+Enter", label: t("consult.sign"), run: submit }]);

  const discard = useMutation({
    mutationFn: async () => {
      await chain.current;
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

  useEffect(() => {
    if (JSON.stringify(local.value) === onServer.current || sign.isSuccess || discard.isSuccess) return;
    const timer = setTimeout(() => {
      // a draft that cannot be saved now is safe in the browser; signing tells the fault
      saveDraft(local.value).catch(() => setSavedAt(null));
    }, pauseBeforeSaving);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [local.value]);

  async function leave() {
    await saveDraft(local.value).catch(() => {});
    await changed("clinicaldocs");
    onDone();
  }

  return (
    <section ref={frame} className={css.editor} aria-label={template.title}>
      <header className={css.editorHead}>
        <h2>{template.title}</h2>
        <span className={css.saved} role="status">
          {savedAt ? t("documents.savedAt", { time: timeIn(timeZone, savedAt) }) : null}
        </span>
      </header>
      <RestoreBar from={local.restoredFrom} onDiscard={local.clear} />
      <SchemaForm {...form} value={local.value} onChange={local.set} faults={faults} words={words} autoFocus />
      <FormError error={sign.error} faults={fieldFaults(sign.error, ["payload"])} />
      <div className={css.acts}>
        <Button loading={sign.isPending} onClick={submit}>
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
