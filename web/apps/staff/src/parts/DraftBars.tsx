import { Button } from "@mantine/core";
import { dateTimeIn, timeIn, toast } from "@hm/ui";
import { useTranslation } from "react-i18next";
import type { SavedDraft } from "../app/savedDraft";
import { useWorkplace } from "../app/workplace";
import css from "./RestoreBar.module.css";

/** Where the words of a form are: on the server, on their way, or only on this device. */
export function SavingText({ draft }: { draft: SavedDraft<Record<string, unknown>> }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const { saving, savedAt } = draft;
  const text =
    saving === "saving"
      ? t("draft.saving")
      : saving === "offline"
        ? t("draft.offline")
        : saving === "refused"
          ? t("draft.refused")
          : saving !== "conflict" && savedAt
            ? t("documents.savedAt", { time: timeIn(timeZone, savedAt) })
            : null;
  return (
    <span className={css.saving} role="status" data-kept={saving === "offline" || saving === "refused" || undefined}>
      {text}
    </span>
  );
}

/** What a form held before, and whose words stand now where two wrote. */
export function DraftBars({ draft }: { draft: SavedDraft<Record<string, unknown>> }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const { saving, restoredFrom, offered } = draft;
  return (
    <>
      {restoredFrom ? (
        <div className={css.bar} role="status">
          {t("draft.restoredFrom", { time: dateTimeIn(timeZone, restoredFrom) })}
          <Button size="compact-xs" variant="default" onClick={draft.revert}>
            {t("draft.discard")}
          </Button>
        </div>
      ) : null}
      {offered ? (
        <div className={css.bar} role="status">
          {t("draft.offered", { time: dateTimeIn(timeZone, offered) })}
          <Button size="compact-xs" variant="default" onClick={draft.takeOffered}>
            {t("draft.take")}
          </Button>
          <Button size="compact-xs" variant="default" onClick={draft.dropOffered}>
            {t("draft.discard")}
          </Button>
        </div>
      ) : null}
      {saving === "conflict" ? (
        <div className={css.bar} role="alert" data-tone="warn">
          {t("draft.conflict")}
          <Button size="compact-xs" variant="default" onClick={() => void draft.takeTheirs().catch(toast.failed)}>
            {t("draft.takeTheirs")}
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => void draft.keepMine().catch(toast.failed)}>
            {t("draft.keepMine")}
          </Button>
        </div>
      ) : null}
    </>
  );
}
