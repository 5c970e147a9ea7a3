import { Button } from "@mantine/core";
import type { LabResult, WorklistRow } from "@hm/client";
import { SaveKeys, SidePanel, toast, useKeys } from "@hm/ui";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { LabPatientLine } from "../../parts/lab/LabPatientLine";
import { ResultWarnings } from "../../parts/lab/ResultWarnings";
import { AddComment, Comment, Notes, Reason, StateChip } from "./EntryBlock";
import { EntryLines } from "./EntryLines";
import { useCells } from "./useCells";
import { useEntry } from "./useEntry";
import css from "./Verify.module.css";

interface CorrectProps {
  row: WorklistRow;
  onSaved: (result: LabResult) => void;
  onClose: () => void;
}

/** Other values for a result: its next version. What was released is changed with a reason only. */
export function CorrectPanel({ row, onSaved, onClose }: CorrectProps) {
  const { t } = useTranslation();
  const corrects = row.result?.status === "RELEASED";
  const entry = useEntry({
    row,
    corrects,
    onSaved: (result) => {
      onSaved(result);
      toast.done(t("lab.verify.changed", { version: result.version }));
      onClose();
    },
  });
  const [commenting, setCommenting] = useState(false);
  const rows = useMemo(() => [row], [row]);
  const { move, focus } = useCells(rows);
  useKeys([{ keys: "mod+Enter", label: t("lab.entry.save"), run: entry.save }], { overlay: true });
  const first = row.analytes.find(({ calculated }) => !calculated)?.code;
  useEffect(() => {
    if (first) focus({ item: row.order_item_id, code: first });
  }, [first, focus, row.order_item_id]);

  return (
    <SidePanel
      opened
      onClose={onClose}
      size={760}
      title={t(corrects ? "lab.verify.correctTitle" : "lab.verify.changeTitle", { name: row.name })}
      banner={
        <div className={css.panelBanner}>
          <LabPatientLine patient={row.patient} large />
        </div>
      }
      footer={
        <>
          {entry.state === "saved" ? null : <StateChip entry={entry} />}
          <SaveKeys />
          <Button loading={entry.state === "saving"} disabled={entry.overtakenBy !== null} onClick={entry.save}>
            {t("lab.entry.save")}
          </Button>
        </>
      }
    >
      <div className={css.correct}>
        {entry.result ? <ResultWarnings result={entry.result} /> : null}
        <EntryLines item={row.order_item_id} patient={row.patient.full_name} entry={entry} onMove={move} />
        {commenting || entry.comment ? <Comment entry={entry} name={row.name} patient={row.patient.full_name} opened={commenting} /> : <AddComment name={row.name} patient={row.patient.full_name} onAdd={() => setCommenting(true)} />}
        <Reason entry={entry} />
        <Notes entry={entry} />
      </div>
      {entry.dialog}
    </SidePanel>
  );
}
