import { Button, Textarea } from "@mantine/core";
import { ApiError, type ControlHold, qualitycontrol } from "@hm/client";
import { Dialog, ErrorState, FormError, Labelled, PanelSkeleton, SaveKeys, dateTimeIn, fieldFaults, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import { Suspects } from "./Suspects";
import css from "./Quality.module.css";

/** Lets the patient results of an analyte go on, with the reason that an auditor will read. */
export function ResolveDialog({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const hold = useQuery({ ...read.controlHold(id ?? ""), enabled: id !== null });
  return (
    <Dialog opened={id !== null} onClose={onClose} title={t("quality.resolveTitle")} size={640}>
      {hold.isError ? (
        <ErrorState error={hold.error} onRetry={() => void hold.refetch()} />
      ) : hold.data ? (
        <Form hold={hold.data.hold} etag={hold.data.etag} onDone={onClose} />
      ) : (
        <PanelSkeleton lines={3} />
      )}
    </Dialog>
  );
}

function Form({ hold, etag, onDone }: { hold: ControlHold; etag: string | null; onDone: () => void }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const resolve = useMutation({
    mutationFn: () => qualitycontrol.resolve(hold.id, reason.trim(), etag),
    onSuccess: () => {
      toast.done(t("quality.resolved", { name: hold.name }));
      onDone();
    },
    onSettled: () => changed("qualitycontrol", "lab"),
  });
  const faults = fieldFaults(resolve.error, ["reason"]);
  const isStale = resolve.error instanceof ApiError && resolve.error.status === 412;
  const submit = () => {
    setAsked(true);
    if (reason.trim() && !resolve.isPending) resolve.mutate();
  };
  useKeys([{ keys: "mod+Enter", label: t("quality.resolve"), run: submit }], { overlay: true });
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <dl className={css.facts}>
        <Labelled label={t("quality.analyte")}>
          <bdi>{hold.name}</bdi>
        </Labelled>
        <Labelled label={t("quality.rules")}>
          <bdi dir="ltr">{hold.rules.join(" ")}</bdi>
        </Labelled>
        <Labelled label={t("quality.lot")}>
          <bdi>{t("quality.levelOf", { material: hold.material, level: hold.level })}</bdi>
        </Labelled>
        <Labelled label={t("quality.heldSince")}>
          <bdi dir="ltr">{dateTimeIn(timeZone, hold.opened_at)}</bdi>
        </Labelled>
      </dl>
      <ul className={css.broken}>
        {hold.rules.map((rule) => (
          <li key={rule}>
            <bdi dir="ltr">{rule}</bdi> {t(`quality.rule.${rule as Rule}`)}
          </li>
        ))}
      </ul>
      {hold.has_good_run_since === false ? (
        <p role="alert" className={css.noGoodRun}>
          {t("quality.noGoodRun")}
        </p>
      ) : null}
      <Suspects hold={hold} />
      <Textarea
        // the dialog was open before the hold was read
        autoFocus
        label={t("quality.reason")}
        description={t("quality.reasonWhy")}
        autosize
        minRows={3}
        maxRows={8}
        maxLength={2000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        error={faults.of("reason") ?? (asked && !reason.trim() ? t("quality.reasonNeeded") : undefined)}
        withAsterisk
      />
      {isStale ? <p role="alert">{t("quality.grew", { count: hold.run_count })}</p> : <FormError error={resolve.error} faults={faults} />}
      <div className={css.acts}>
        <Button type="submit" loading={resolve.isPending}>
          {t("quality.resolve")}
        </Button>
        <SaveKeys />
      </div>
    </form>
  );
}

export type Rule = "1-2s" | "1-3s" | "2-2s" | "R-4s" | "4-1s" | "10x";
