import { Select } from "@mantine/core";
import type { MessageTemplate } from "@hm/client";
import { type Column, DataTable, ErrorState, StatusChip, TableSkeleton } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import i18next from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../../app/queries";
import { languageName } from "../../../parts/notifications/languageName";
import css from "./Messages.module.css";
import { TextPanel } from "./TextPanel";

const keyOf = ({ kind, channel, language }: Pick<MessageTemplate, "kind" | "channel" | "language">) => `${kind} ${channel} ${language}`;

/** Every message as it is worded now, one language at a time. */
export function Texts() {
  const { t } = useTranslation();
  const templates = useQuery(read.messageTemplates());
  const [chosen, setChosen] = useState(i18next.language.split("-")[0] ?? "en");
  const [opened, setOpened] = useState<string | null>(null);
  if (templates.isPending) return <TableSkeleton />;
  if (templates.isError) return <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />;
  const languages = [...new Set(templates.data.map((one) => one.language))];
  const language = languages.includes(chosen) ? chosen : "en";
  const rows = templates.data.filter((one) => one.language === language);

  const columns: Column<MessageTemplate>[] = [
    { id: "channel", header: t("notifications.admin.channel"), width: "120px", cell: (one) => t(`notifications.channel.${one.channel}`) },
    {
      id: "text",
      header: t("notifications.admin.text"),
      cell: (one) => (
        <bdi className={css.line}>
          {one.subject ? <strong>{one.subject}</strong> : null} {one.body}
        </bdi>
      ),
    },
    {
      id: "state",
      header: t("admin.column.state"),
      width: "140px",
      hide: "tiny",
      cell: (one) => <StatusChip tone={one.is_built_in ? "neutral" : "info"}>{t(one.is_built_in ? "notifications.admin.builtIn" : "notifications.admin.own")}</StatusChip>,
    },
  ];
  return (
    <>
      <div className={css.filters}>
        <Select
          label={t("notifications.preferences.language")}
          data={languages.map((code) => ({ value: code, label: languageName(code) }))}
          value={language}
          onChange={(value) => value && setChosen(value)}
          w={180}
        />
      </div>
      <DataTable label={t("notifications.admin.part.texts")} rows={rows} columns={columns} rowKey={keyOf} groupOf={(one) => one.kind_title} selectedKey={opened} onOpen={(one) => setOpened(keyOf(one))} />
      <TextPanel template={templates.data.find((one) => keyOf(one) === opened) ?? null} onClose={() => setOpened(null)} />
    </>
  );
}
