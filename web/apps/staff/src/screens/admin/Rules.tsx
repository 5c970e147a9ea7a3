import type { Rule } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, StatusChip, TableSkeleton } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import css from "./Admin.module.css";
import { AdminPage } from "./AdminPage";
import { RulePanel, isTuned } from "./RulePanel";
import { inWords, momentInWords } from "../../parts/inWords";

/** What an act must satisfy here: the packs' rules, and what this hospital changed about them. */
export function Rules() {
  const { t } = useTranslation();
  const rules = useQuery(read.rules());
  const [opened, setOpened] = useState<string | null>(null);

  const columns: Column<Rule>[] = [
    { id: "rule", header: t("admin.rule.rule"), cell: (rule) => <span className={css.name}>{inWords(rule.code)}</span> },
    { id: "on", header: t("admin.rule.on"), width: "170px", hide: "narrow", cell: (rule) => momentInWords(rule.on) },
    { id: "effect", header: t("admin.rule.effect"), width: "150px", hide: "tiny", cell: (rule) => t(`admin.rule.effects.${rule.effect}`) },
    { id: "pack", header: t("admin.rule.pack"), width: "110px", hide: "narrow", cell: (rule) => <bdi>{rule.pack}</bdi> },
    {
      id: "state",
      header: t("admin.column.state"),
      width: "150px",
      cell: (rule) => (
        <StatusChip tone={!rule.enabled ? "warn" : isTuned(rule) ? "info" : "ok"}>{t(!rule.enabled ? "admin.rule.off" : isTuned(rule) ? "admin.rule.changed" : "admin.rule.asInPack")}</StatusChip>
      ),
    },
  ];
  return (
    <AdminPage>
      {rules.isPending ? (
        <TableSkeleton />
      ) : rules.isError ? (
        <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />
      ) : rules.data.length === 0 ? (
        <EmptyState>{t("admin.rule.none")}</EmptyState>
      ) : (
        <DataTable label={t("admin.part.rules")} rows={rules.data} columns={columns} rowKey={(rule) => rule.code} selectedKey={opened} onOpen={(rule) => setOpened(rule.code)} />
      )}
      <RulePanel code={opened} onClose={() => setOpened(null)} />
    </AdminPage>
  );
}
