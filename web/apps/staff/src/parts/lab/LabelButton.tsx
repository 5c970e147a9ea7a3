import { Button, Menu } from "@mantine/core";
import { labprint } from "@hm/client";
import { ChevronDown, Tag } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import css from "./LabelButton.module.css";
import { openFile, saveFile } from "./openFile";

/** Prints the labels of samples, one a page; the arrow beside has them for a label printer that speaks ZPL. */
export function LabelButton({ sampleIds, label, size = "compact-sm" }: { sampleIds: string[]; label?: string; size?: "compact-sm" | "sm" }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const [busy, setBusy] = useState(false);
  if (!can("labprint.can_print_labels") || sampleIds.length === 0) return null;
  const run = (act: () => Promise<void>) => {
    setBusy(true);
    void act().finally(() => setBusy(false));
  };
  const name = label ?? t("reports.printLabels", { count: sampleIds.length });
  return (
    <span className={css.pair}>
      <Button size={size} variant="default" loading={busy} leftSection={<Tag size={14} aria-hidden />} onClick={() => run(() => openFile(() => labprint.labels(sampleIds, "pdf")))}>
        {name}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button size={size} variant="default" px={6} aria-label={t("reports.labelFormats")}>
            <ChevronDown size={14} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => run(() => openFile(() => labprint.labels(sampleIds, "pdf")))}>{t("reports.labelPDF")}</Menu.Item>
          <Menu.Item onClick={() => run(() => saveFile(() => labprint.labels(sampleIds, "zpl")))}>{t("reports.labelZPL")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </span>
  );
}
