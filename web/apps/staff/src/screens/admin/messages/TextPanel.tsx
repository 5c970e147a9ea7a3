import { Button, TextInput, Textarea } from "@mantine/core";
import { type MessageTemplate, type MessageText, notifications } from "@hm/client";
import { FormError, SaveKeys, SidePanel, fieldFaults, toast, useKeys } from "@hm/ui";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { changed } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import { languageName } from "../../../parts/notifications/languageName";
import css from "./Messages.module.css";

/** One message: its words, the facts it may name, and how it reads. */
export function TextPanel({ template, onClose }: { template: MessageTemplate | null; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <SidePanel opened={template !== null} onClose={onClose} title={template ? template.kind_title : t("notifications.admin.text")} size={560}>
      {template ? <Form key={`${template.kind} ${template.channel} ${template.language} ${template.updated_at ?? ""}`} template={template} onDone={onClose} /> : null}
    </SidePanel>
  );
}

function Form({ template, onDone }: { template: MessageTemplate; onDone: () => void }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const mayChange = can("notifications.can_configure");
  const [subject, setSubject] = useState(template.subject);
  const [body, setBody] = useState(template.body);
  const area = useRef<HTMLTextAreaElement>(null);
  const key = { kind: template.kind, channel: template.channel, language: template.language };
  const text: MessageText = { ...key, ...(template.channel === "sms" ? {} : { subject }), body };

  const save = useMutation({
    mutationFn: (useBuiltIn: boolean) => notifications.saveTemplate(useBuiltIn ? { ...key, use_built_in: true } : text),
    onSuccess: () => {
      toast.done(t("admin.saved", { name: template.kind_title }));
      onDone();
    },
    onSettled: () => changed("messages", "notifications"),
  });
  const preview = usePreview(text, mayChange);
  // what the server has against the words as they stand, before anybody saves them
  const faults = fieldFaults(preview.error ?? save.error, ["subject", "body"]);
  const submit = () => {
    if (mayChange && !save.isPending) save.mutate(false);
  };
  useKeys([{ keys: "mod+Enter", label: t("admin.save"), run: submit }], { overlay: true });

  /** Puts a fact where the cursor is. */
  function insert(name: string) {
    const at = area.current?.selectionStart ?? body.length;
    const end = area.current?.selectionEnd ?? at;
    setBody(`${body.slice(0, at)}{${name}}${body.slice(end)}`);
    area.current?.focus();
  }

  return (
    <div className={css.form}>
      <p className={css.muted}>{t("notifications.admin.of", { channel: t(`notifications.channel.${template.channel}`), language: languageName(template.language) })}</p>
      {template.channel === "sms" ? null : (
        <TextInput label={t("notifications.admin.subject")} value={subject} maxLength={200} readOnly={!mayChange} onChange={(event) => setSubject(event.currentTarget.value)} error={faults.of("subject")} />
      )}
      <Textarea ref={area} label={t("notifications.admin.body")} autosize minRows={4} value={body} maxLength={4000} readOnly={!mayChange} onChange={(event) => setBody(event.currentTarget.value)} error={faults.of("body")} />
      {mayChange ? (
        <div className={css.facts} role="group" aria-label={t("notifications.admin.facts")}>
          <span className={css.muted}>{t("notifications.admin.facts")}</span>
          {template.placeholders.map((name) => (
            <Button key={name} variant="default" size="compact-xs" onClick={() => insert(name)}>
              {`{${name}}`}
            </Button>
          ))}
        </div>
      ) : null}
      {template.channel === "in_app" ? null : <p className={css.muted}>{t("notifications.admin.noClinical")}</p>}
      {preview.data && !preview.isError ? <Preview subject={preview.data.subject} body={preview.data.body} /> : null}
      <FormError error={save.error} faults={fieldFaults(save.error, ["subject", "body"])} />
      {mayChange ? (
        <div className={css.acts}>
          <Button loading={save.isPending && !save.variables} onClick={submit}>
            {t("admin.save")}
          </Button>
          {template.is_built_in ? null : (
            <Button variant="default" loading={save.isPending && save.variables} onClick={() => save.mutate(true)}>
              {t("notifications.admin.restore")}
            </Button>
          )}
          <SaveKeys />
        </div>
      ) : null}
    </div>
  );
}

/** Asks how the words read, a moment after the last key. */
function usePreview(text: MessageText, enabled: boolean) {
  const [settled] = useDebouncedValue(JSON.stringify(text), 300);
  return useQuery({
    queryKey: ["messages", "preview", settled],
    queryFn: () => notifications.preview(JSON.parse(settled) as MessageText),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
    enabled,
  });
}

/** The message as its reader would see it. */
function Preview({ subject, body }: { subject: string; body: string }) {
  const { t } = useTranslation();
  return (
    <section className={css.preview} aria-label={t("notifications.admin.preview")} aria-live="polite">
      <h3>{t("notifications.admin.preview")}</h3>
      {subject ? (
        <p className={css.previewSubject}>
          <bdi>{subject}</bdi>
        </p>
      ) : null}
      <p className={css.previewBody} dir="auto">
        {body}
      </p>
    </section>
  );
}
