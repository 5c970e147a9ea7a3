import { ActionIcon, Button, TextInput } from "@mantine/core";
import { ApiError, packs } from "@hm/client";
import { ErrorState, FormError, PanelSkeleton, SidePanel, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import css from "./Admin.module.css";
import packCss from "./Packs.module.css";

type Allowed = { url: string; integrity: string };

/** Which third parties' tools may run in this hospital's forms, each by address and hash. */
export function AllowedTools({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const known = useQuery({ ...read.allowedTools(), enabled: opened });
  return (
    <SidePanel opened={opened} onClose={onClose} title={t("packs.tools.title")} size={560}>
      {known.isError ? (
        <ErrorState error={known.error} onRetry={() => void known.refetch()} />
      ) : known.data ? (
        <Form key={JSON.stringify(known.data)} known={known.data} onDone={onClose} />
      ) : (
        <PanelSkeleton />
      )}
    </SidePanel>
  );
}

function Form({ known, onDone }: { known: Allowed[]; onDone: () => void }) {
  const { t } = useTranslation();
  const [tools, setTools] = useState<Allowed[]>(known);
  const save = useMutation({
    mutationFn: () => packs.allowTools(tools.map(({ url, integrity }) => ({ url: url.trim(), integrity: integrity.trim() }))),
    onSuccess: () => {
      toast.done(t("packs.tools.saved"));
      onDone();
    },
    onSettled: () => changed("packs", "workspace"),
  });
  const submit = () => {
    if (!save.isPending) save.mutate();
  };
  useKeys([{ keys: "mod+Enter", label: t("admin.save"), run: submit }], { overlay: true });
  const faultOf = (index: number, field: keyof Allowed) =>
    save.error instanceof ApiError ? save.error.faults.find(({ location }) => location === `body.tools[${index}].${field}` || location === `body.tools.${index}.${field}`)?.message : undefined;
  const set = (index: number, change: Partial<Allowed>) => setTools(tools.map((tool, at) => (at === index ? { ...tool, ...change } : tool)));
  return (
    <div className={css.form}>
      <p className={css.muted}>{t("packs.tools.why")}</p>
      {tools.map((tool, index) => (
        <fieldset key={index} className={packCss.tool}>
          <legend>{t("packs.tools.tool", { number: index + 1 })}</legend>
          <TextInput label={t("packs.tools.url")} dir="ltr" value={tool.url} onChange={(event) => set(index, { url: event.currentTarget.value })} error={faultOf(index, "url")} />
          <TextInput label={t("packs.tools.integrity")} dir="ltr" value={tool.integrity} onChange={(event) => set(index, { integrity: event.currentTarget.value })} error={faultOf(index, "integrity")} />
          <ActionIcon className={packCss.drop} variant="subtle" color="gray" aria-label={t("packs.tools.drop", { number: index + 1 })} onClick={() => setTools(tools.filter((_, at) => at !== index))}>
            <X size={16} aria-hidden />
          </ActionIcon>
        </fieldset>
      ))}
      <Button variant="default" leftSection={<Plus size={15} aria-hidden />} onClick={() => setTools([...tools, { url: "", integrity: "" }])}>
        {t("packs.tools.add")}
      </Button>
      <FormError error={save.error} />
      <Button loading={save.isPending} onClick={submit}>
        {t("admin.save")}
      </Button>
    </div>
  );
}
