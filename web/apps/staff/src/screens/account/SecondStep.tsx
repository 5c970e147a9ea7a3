import { Button, PasswordInput, TextInput } from "@mantine/core";
import { identity } from "@hm/client";
import { ErrorState, FormError, PanelSkeleton, StatusChip, fieldFaults, toast } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient, read } from "../../app/queries";
import css from "./Account.module.css";

/** A code from an authenticator app beside the password: to enrol, to confirm, to take off. */
export function SecondStep() {
  const { t } = useTranslation();
  const status = useQuery(read.secondStep());
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <section className={css.card} aria-labelledby="account-second-step">
      <div className={css.head}>
        <h2 id="account-second-step">{t("admin.secondStep")}</h2>
        {status.data ? <StatusChip tone={status.data.enrolled ? "ok" : "neutral"}>{t(status.data.enrolled ? "admin.secondStepOn" : "admin.secondStepOff")}</StatusChip> : null}
      </div>
      <p className={css.lead}>{t("account.secondStepWhy")}</p>
      {status.isError ? (
        <ErrorState error={status.error} onRetry={() => void status.refetch()} />
      ) : status.isPending ? (
        <PanelSkeleton lines={1} />
      ) : !open ? (
        <div>
          <Button variant="default" onClick={() => setOpen(true)}>
            {t(status.data.enrolled ? "account.takeOff" : "account.setUp")}
          </Button>
        </div>
      ) : status.data.enrolled ? (
        <TakeOff onDone={close} />
      ) : (
        <SetUp onDone={close} />
      )}
    </section>
  );
}

function Form({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) {
  return (
    <form
      className={css.form}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}

/** First the password, so that nobody enrols at an unlocked screen; then the app's first code. */
function SetUp({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const start = useMutation({ mutationFn: () => identity.startSecondStep(password), onSuccess: () => setPassword("") });
  const confirm = useMutation({
    mutationFn: () => identity.confirmSecondStep(code.trim()),
    onSuccess: (status) => {
      queryClient.setQueryData(read.secondStep().queryKey, status);
      toast.done(t("account.isSetUp"));
      onDone();
    },
  });
  const offered = start.data;
  if (!offered) {
    const faults = fieldFaults(start.error, ["password"]);
    return (
      <Form onSubmit={() => start.mutate()}>
        <OwnPassword value={password} onChange={setPassword} error={faults.of("password")} />
        <FormError error={start.error} faults={faults} />
        <Acts label={t("account.next")} busy={start.isPending} onCancel={onDone} />
      </Form>
    );
  }
  const faults = fieldFaults(confirm.error, ["otp"]);
  return (
    <Form onSubmit={() => confirm.mutate()}>
      <div className={css.enrolment}>
        <img className={css.qr} src={offered.qr} alt={t("account.qr")} width={168} height={168} />
        <div className={css.steps}>
          <p>{t("account.scan")}</p>
          <p className={css.muted}>{t("account.byHand")}</p>
          <code className={css.secret}>{offered.secret.match(/.{1,4}/g)?.join(" ")}</code>
          <a href={offered.uri}>{t("account.openApp")}</a>
        </div>
      </div>
      <Code value={code} onChange={setCode} error={faults.of("otp")} autoFocus />
      <FormError error={confirm.error} faults={faults} />
      <Acts label={t("account.turnOn")} busy={confirm.isPending} onCancel={onDone} />
    </Form>
  );
}

function TakeOff({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const end = useMutation({
    mutationFn: () => identity.endSecondStep(password, code.trim()),
    onSuccess: () => {
      queryClient.setQueryData(read.secondStep().queryKey, { enrolled: false });
      toast.done(t("account.isTakenOff"));
      onDone();
    },
  });
  const faults = fieldFaults(end.error, ["password", "otp"]);
  return (
    <Form onSubmit={() => end.mutate()}>
      <OwnPassword value={password} onChange={setPassword} error={faults.of("password")} />
      <Code value={code} onChange={setCode} error={faults.of("otp")} />
      <FormError error={end.error} faults={faults} />
      <Acts label={t("account.takeOff")} busy={end.isPending} onCancel={onDone} danger />
    </Form>
  );
}

function OwnPassword({ value, onChange, error }: { value: string; onChange: (value: string) => void; error?: string }) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      autoFocus
      label={t("account.confirmPassword")}
      autoComplete="current-password"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
      required
      withAsterisk={false}
    />
  );
}

function Code({ value, onChange, error, autoFocus }: { value: string; onChange: (value: string) => void; error?: string; autoFocus?: boolean }) {
  const { t } = useTranslation();
  return (
    <TextInput
      className={css.code}
      label={t("signIn.otp")}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={6}
      autoFocus={autoFocus}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      required
      withAsterisk={false}
    />
  );
}

function Acts({ label, busy, danger, onCancel }: { label: string; busy: boolean; danger?: boolean; onCancel: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={css.acts}>
      <Button type="submit" loading={busy} color={danger ? "red" : undefined}>
        {label}
      </Button>
      <Button variant="default" onClick={onCancel}>
        {t("account.cancel")}
      </Button>
    </div>
  );
}
