import { Button, PasswordInput, TextInput } from "@mantine/core";
import { ApiError, hasCode, identity } from "@hm/client";
import { FormError } from "@hm/ui";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./SignIn.module.css";

interface SignInFormProps {
  /** When the session ended under an open form, only the same person may go on with it. */
  username?: string;
  onDone: () => void | Promise<void>;
}

export function SignInForm({ username: fixed, onDone }: SignInFormProps) {
  const { t } = useTranslation();
  const [username, setUsername] = useState(fixed ?? "");
  const [password, setPassword] = useState("");
  const [otp, setOtp] = useState("");
  const [asksOtp, setAsksOtp] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await identity.signIn({ username: username.trim(), password, ...(asksOtp ? { otp: otp.trim() } : {}) });
      await onDone();
    } catch (failure) {
      if (hasCode(failure, "auth.otp_required")) setAsksOtp(true);
      else setError(failure);
      setOtp("");
    } finally {
      setBusy(false);
    }
  }

  const wrong = error instanceof ApiError && error.status === 401;
  return (
    <form className={css.form} onSubmit={(event) => void submit(event)}>
      {asksOtp ? (
        <TextInput
          key="otp"
          autoFocus
          label={t("signIn.otp")}
          description={t("signIn.otpWhy")}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={8}
          value={otp}
          onChange={(event) => setOtp(event.currentTarget.value)}
          required
          withAsterisk={false}
        />
      ) : (
        <>
          <TextInput
            label={t("signIn.username")}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus={!fixed}
            readOnly={fixed !== undefined}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
            required
            withAsterisk={false}
          />
          <PasswordInput
            label={t("signIn.password")}
            autoComplete="current-password"
            autoFocus={fixed !== undefined}
            data-autofocus={fixed !== undefined || undefined}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
            required
            withAsterisk={false}
          />
        </>
      )}
      {wrong ? (
        <p className={css.wrong} role="alert">
          {t(asksOtp ? "signIn.wrongOtp" : "signIn.wrong")}
        </p>
      ) : (
        <FormError error={error} />
      )}
      <Button type="submit" fullWidth loading={busy}>
        {t(asksOtp ? "signIn.confirm" : "signIn.submit")}
      </Button>
      {asksOtp ? (
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          onClick={() => {
            setAsksOtp(false);
            setError(null);
          }}
        >
          {t("signIn.back")}
        </Button>
      ) : null}
    </form>
  );
}
