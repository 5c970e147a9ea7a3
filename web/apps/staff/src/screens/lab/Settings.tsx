import { Button, Switch, Textarea } from "@mantine/core";
import { ApiError, lab } from "@hm/client";
import { Dialog, ErrorState, FormError, PanelSkeleton, SaveKeys, StatusChip, type Tone, dateTimeIn, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { ReportLayout } from "./ReportLayout";
import css from "./Settings.module.css";

const tones: Record<"OFF" | "ON" | "SUSPENDED", Tone> = { OFF: "neutral", ON: "ok", SUSPENDED: "warn" };

/** How this facility's laboratory works. */
export function Settings() {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const found = useQuery(read.labSettings());
  const [suspending, setSuspending] = useState(false);
  const done = { onSuccess: () => toast.done(t("lab.settings.saved")), onSettled: () => changed("lab") };
  const save = useMutation({
    mutationFn: (body: { four_eyes: boolean; autoverification: "OFF" | "ON" | "SUSPENDED" }) => lab.changeSettings({ ...body, ...(body.autoverification === "SUSPENDED" ? { suspended_reason: found.data?.settings.suspended_reason ?? "" } : {}) }, found.data?.etag ?? null),
    ...done,
    onError: (error) => (error instanceof ApiError && error.status === 412 ? toast.warn(t("lab.settings.stale")) : toast.failed(error)),
  });
  const resume = useMutation({ mutationFn: lab.resume, ...done, onError: toast.failed });
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <PanelSkeleton lines={3} />;
  const { four_eyes, autoverification, suspended_reason, updated_at } = found.data.settings;
  const busy = save.isPending || resume.isPending;
  return (
    <div className={css.settings}>
      <section className={css.part} aria-label={t("lab.settings.verification")}>
        <h2>{t("lab.settings.verification")}</h2>
        <Switch label={t("lab.settings.fourEyes")} description={t("lab.settings.fourEyesWhy")} checked={four_eyes} disabled={busy} onChange={(event) => save.mutate({ four_eyes: event.currentTarget.checked, autoverification })} />
      </section>
      <section className={css.part} aria-label={t("lab.settings.autoverification")}>
        <h2>
          {t("lab.settings.autoverification")} <StatusChip tone={tones[autoverification]}>{t(`lab.settings.state.${autoverification}`)}</StatusChip>
        </h2>
        <p className={css.why}>{t("lab.settings.autoverificationWhy")}</p>
        {autoverification === "SUSPENDED" ? (
          <p className={css.suspended}>
            {t("lab.settings.suspendedBecause")} <bdi>{suspended_reason}</bdi>
          </p>
        ) : null}
        <div className={css.acts}>
          {autoverification === "OFF" ? (
            <Button variant="default" loading={busy} onClick={() => save.mutate({ four_eyes, autoverification: "ON" })}>
              {t("lab.settings.switchOn")}
            </Button>
          ) : (
            <>
              {autoverification === "ON" ? (
                <Button color="red" disabled={busy} onClick={() => setSuspending(true)}>
                  {t("lab.settings.suspend")}
                </Button>
              ) : (
                <Button loading={busy} onClick={() => resume.mutate()}>
                  {t("lab.settings.resume")}
                </Button>
              )}
              <Button variant="default" disabled={busy} onClick={() => save.mutate({ four_eyes, autoverification: "OFF" })}>
                {t("lab.settings.switchOff")}
              </Button>
            </>
          )}
        </div>
      </section>
      <ReportLayout />
      {updated_at ? (
        <p className={css.why}>
          {t("lab.settings.updated")} <bdi className="hm-figures">{dateTimeIn(timeZone, updated_at)}</bdi>
        </p>
      ) : null}
      {suspending ? <SuspendDialog onClose={() => setSuspending(false)} /> : null}
    </div>
  );
}

/** Stops it at once; why is asked, so that the next one on duty knows. */
function SuspendDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const suspend = useMutation({
    mutationFn: () => lab.suspend(reason.trim()),
    onSuccess: () => {
      toast.done(t("lab.settings.isSuspended"));
      onClose();
    },
    onSettled: () => changed("lab"),
  });
  function submit() {
    setTried(true);
    if (reason.trim() !== "" && !suspend.isPending) suspend.mutate();
  }
  useKeys([{ keys: "mod+Enter", label: t("lab.settings.suspend"), run: submit }], { overlay: true });
  return (
    <Dialog opened onClose={onClose} title={t("lab.settings.suspend")}>
      <div className={css.form}>
        <Textarea data-autofocus label={t("lab.settings.suspendWhy")} autosize minRows={2} maxLength={1000} value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={tried && reason.trim() === "" ? t("lab.settings.suspendNeeded") : undefined} withAsterisk />
        <FormError error={suspend.error} />
        <div className={css.acts}>
          <Button color="red" loading={suspend.isPending} onClick={submit}>
            {t("lab.settings.suspend")}
          </Button>
          <SaveKeys />
        </div>
      </div>
    </Dialog>
  );
}
