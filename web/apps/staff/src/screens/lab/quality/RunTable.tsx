import { Button, Textarea } from "@mantine/core";
import { type ControlRun, qualitycontrol } from "@hm/client";
import { type Column, DataTable, Dialog, FormError, Labelled, Quantity, SaveKeys, dateTimeIn, fieldFaults, toast, unitText, useKeys } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import { lineValue } from "./chart";
import { signed } from "./LeveyJennings";
import { Verdict } from "./Verdict";
import css from "./Quality.module.css";

/** The chart in figures: every run with who made it, those that count no more with why. */
export function RunTable({ lotId, runs }: { lotId: string; runs: ControlRun[] }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const [opened, setOpened] = useState<ControlRun | null>(null);
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
      hide: "medium",
      cell: (run) =>
        run.actions.includes("exclude") ? (
          <Button size="compact-xs" variant="subtle" color="gray" aria-label={t("quality.excludeOf", { at: dateTimeIn(timeZone, run.at) })} onClick={() => setOpened(run)}>
            {t("quality.exclude")}
          </Button>
        ) : null,
    },
  ];
  return (
    <>
      <DataTable label={t("quality.part.runs")} rows={runs} columns={columns} rowKey={(run) => run.id} onOpen={setOpened} />
      <Dialog opened={opened !== null} onClose={() => setOpened(null)} title={t(opened?.actions.includes("exclude") ? "quality.excludeTitle" : "quality.runTitle")} size={520}>
        {opened ? (
          <>
            <Facts run={opened} />
            {opened.actions.includes("exclude") ? <Form lotId={lotId} run={opened} onDone={() => setOpened(null)} /> : null}
          </>
        ) : null}
      </Dialog>
    </>
  );
}

/** All that is known of a run, for what a narrow table leaves out. */
function Facts({ run }: { run: ControlRun }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  return (
    <dl className={css.runFacts}>
      <Labelled label={t("quality.value")}>
        <Quantity value={run.value} unit={unitText(run.unit)} />
      </Labelled>
      <Labelled label={t("quality.z")}>
        <bdi dir="ltr">{signed(run.z, 2)}</bdi>
      </Labelled>
      <Labelled label={t("quality.target")}>
        <bdi dir="ltr">{`${lineValue(run.mean, run.sd, 0)} ± ${run.sd}`}</bdi>
      </Labelled>
      <Labelled label={t("quality.state")}>
        <Verdict run={run} />
      </Labelled>
      <Labelled label={t("quality.at")}>
        <bdi dir="ltr">{dateTimeIn(timeZone, run.at)}</bdi>
      </Labelled>
      <Labelled label={t("quality.by")}>
        <bdi>{run.recorded_by?.full_name ?? "–"}</bdi>
      </Labelled>
      {run.comment || run.excluded ? <Labelled label={t("quality.note")}>{[run.comment, run.excluded ? t("quality.excludedBecause", { reason: run.excluded.reason }) : null].filter(Boolean).join(" · ")}</Labelled> : null}
    </dl>
  );
}

function Form({ lotId, run, onDone }: { lotId: string; run: ControlRun; onDone: () => void }) {
  const { t } = useTranslation();
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
