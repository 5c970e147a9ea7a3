import { Button, TextInput } from "@mantine/core";
import { identity } from "@hm/client";
import { FormError, fieldFaults, toast } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient, read } from "../../app/queries";
import css from "./Account.module.css";

/** The one thing of one's own account that needs no administrator. */
export function Email({ email }: { email: string | null }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(email ?? "");
  const save = useMutation({
    mutationFn: () => identity.changeEmail(typed.trim() || null),
    onSuccess: (me) => {
      queryClient.setQueryData(read.me().queryKey, me);
      toast.done(t("account.emailSaved"));
    },
  });
  const faults = fieldFaults(save.error, ["email"]);
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TextInput label={t("admin.column.email")} type="email" autoComplete="email" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} error={faults.of("email")} />
      <FormError error={save.error} faults={faults} />
      <div>
        <Button type="submit" variant="default" loading={save.isPending} disabled={typed.trim() === (email ?? "")}>
          {t("account.saveEmail")}
        </Button>
      </div>
    </form>
  );
}
