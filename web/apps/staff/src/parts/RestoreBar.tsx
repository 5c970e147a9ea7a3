import { Button } from "@mantine/core";
import { dateTimeIn } from "@hm/ui";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../app/workplace";
import css from "./RestoreBar.module.css";

/** Says that what stands in the form was typed before and never saved. */
export function RestoreBar({ from, onDiscard }: { from: Date | null; onDiscard: () => void }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  if (!from) return null;
  return (
    <div className={css.bar} role="status">
      {t("draft.restoredFrom", { time: dateTimeIn(timeZone, from) })}
      <Button size="compact-xs" variant="default" onClick={onDiscard}>
        {t("draft.discard")}
      </Button>
    </div>
  );
}
