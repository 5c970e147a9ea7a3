import { Button, PasswordInput } from "@mantine/core";
import { identity } from "@hm/client";
import { FormError, fieldFaults, toast } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import css from "./Account.module.css";

/** A new password of one's own; it is typed twice, for nobody can read it back. */
export function Password() {
  const { t } = useTranslation();
  const { me } = useWorkplace();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const differs = again !== "" && again !== next;
  const save = useMutation({
    mutationFn: () => identity.changePassword(current, next),
    onSuccess: () => {
      toast.done(t("account.passwordSaved"));
      setCurrent("");
      setNext("");
      setAgain("");
    },
  });
  const faults = fieldFaults(save.error, ["current_password", "new_password"]);
  const toggle = { "aria-label": t("signIn.showPassword") };
  return (
    <section className={css.card} aria-labelledby="account-password">
      <h2 id="account-password">{t("account.password")}</h2>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!differs && !save.isPending) save.mutate();
        }}
      >
        {/* password managers ask whose password this is */}
        <input className="hm-visually-hidden" type="text" autoComplete="username" value={me.user.username} readOnly tabIndex={-1} aria-hidden />
        <PasswordInput label={t("account.current")} autoComplete="current-password" value={current} onChange={(event) => setCurrent(event.currentTarget.value)} error={faults.of("current_password")} visibilityToggleButtonProps={toggle} required withAsterisk={false} />
        <PasswordInput
          label={t("admin.newPassword")}
          description={t("admin.passwordRule")}
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
          error={faults.of("new_password")}
          visibilityToggleButtonProps={toggle}
          required
          withAsterisk={false}
        />
        <PasswordInput label={t("account.again")} autoComplete="new-password" value={again} onChange={(event) => setAgain(event.currentTarget.value)} error={differs ? t("account.differs") : undefined} visibilityToggleButtonProps={toggle} required withAsterisk={false} />
        <FormError error={save.error} faults={faults} />
        <div className={css.acts}>
          <Button type="submit" loading={save.isPending}>
            {t("account.changePassword")}
          </Button>
          <span className={css.muted}>{t("account.passwordEnds")}</span>
        </div>
      </form>
    </section>
  );
}
