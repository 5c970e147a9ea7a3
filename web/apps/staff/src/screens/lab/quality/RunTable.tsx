import { Button, Textarea } from "@mantine/core";
import { type ControlRun, qualitycontrol } from "@hm/client";
import { type Column, DataTable, Dialog, FormError, Quantity, SaveKeys, dateTimeIn, fieldFaults, toast, unitText, useKeys } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import { signed } from "./LeveyJennings";
import { Verdict } from "./Verdict";
import css from "./Quality.module.css";

/** The chart in figures: every run with who made it, those that count no more with why. */
export function RunTable({ lotId, runs }: { lotId: string; runs: ControlRun[] }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const [excluding, setExcluding] = useState<ControlRun | null>(null);
  const columns: Column<ControlRun>[] = [
    { id: "at", header: t("quality.at"), width: "168px", figures: true, cell: (run) => <bdi dir="ltr">{dateTimeIn(timeZone, run.at)}</bdi> },
    { id: "value", header: t("quality.value"), width: "110px", align: "end", figures: true, cell: (run) => <Quantity value={run.value} unit={unitText(run.unit)} /> },
    { id: "z", header: t("quality.z"), width: "70px", align: "end", figures: true, hide: "tiny", cell: (run) => <bdi dir="ltr">{signed(run.z, 2)}</bdi> },
    { id: "status", header: t("quality.state"), width: "180px", cell: (run) => <Verdict run={run} /> },
    { id: "by", header: t("quality.by"), width: "150px", hide: "narrow", cell: (run) => <bdi>{run.recorded_by?.full_name ?? ""}</bdi> },
    { id: "comment", header: t("quality.note"), hide: "medium", cell: (run) => <bdi className={css.quiet}>{run.excluded ? t("quality.excludedBecause", { reason: run.excluded.reason }) : (run.comment ?? "")}</bdi> },
    {
      id: "acts",
      header: <span className="hm-visually-hidden">{t("quality.acts")}</span>,
      width: "100px",
      hide: "narrow",
      cell: (run) =>
        run.actions.includes("exclude") ? (
          <Button size="compact-xs" variant="subtle" color="gray" aria-label={t("quality.excludeOf", { at: dateTimeIn(timeZone, run.at) })} onClick={() => setExcluding(run)}>
            {t("quality.exclude")}
          </Button>
        ) : null,
    },
  ];
  return (
    <>
      <DataTable label={t("quality.part.runs")} rows={runs} columns={columns} rowKey={(run) => run.id} />
      <Dialog opened={excluding !== null} onClose={() => setExcluding(null)} title={t("quality.excludeTitle")}>
        {excluding ? <Form lotId={lotId} run={excluding} onDone={() => setExcluding(null)} /> : null}
      </Dialog>
    </>
  );
}

function Form({ lotId, run, onDone }: { lotId: string; run: ControlRun; onDone: () => void }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const exclude = useMutation({
    mutationFn: () => qualitycontrol.exclude(lotId, run.id, reason.trim()),
    onSuccess: () => {
      toast.done(t("quality.wasExcluded"));
      onDone();
    },
    onSettled: () => changed("qualitycontrol"),
  });
  const faults = fieldFaults(exclude.error, ["reason"]);
  const submit = () => {
    setAsked(true);
    if (reason.trim() && !exclude.isPending) exclude.mutate();
  };
  useKeys([{ keys: "mod+Enter", label: t("quality.exclude"), run: submit }], { overlay: true });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p className={css.quiet}>
        <bdi>{run.name}</bdi> <Quantity value={run.value} unit={unitText(run.unit)} /> · <bdi dir="ltr">{dateTimeIn(timeZone, run.at)}</bdi>
      </p>
      <Textarea data-autofocus label={t("quality.reason")} description={t("quality.excludeWhy")} autosize minRows={2} maxLength={2000} value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={faults.of("reason") ?? (asked && !reason.trim() ? t("quality.reasonNeeded") : undefined)} withAsterisk />
      <FormError error={exclude.error} faults={faults} />
      <div className={css.acts}>
        <Button type="submit" loading={exclude.isPending}>
          {t("quality.exclude")}
        </Button>
        <SaveKeys />
      </div>
    </form>
  );
}
