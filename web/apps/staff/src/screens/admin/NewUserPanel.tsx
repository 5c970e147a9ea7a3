import { Button, MultiSelect, PasswordInput, TextInput } from "@mantine/core";
import { administration } from "@hm/client";
import { FormError, SidePanel, fieldFaults, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./Admin.module.css";

const empty = { full_name: "", username: "", email: "", password: "", roles: [] as string[] };

/** A new person at this facility. */
export function NewUserPanel({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { membership } = useWorkplace();
  const [typed, setTyped] = useState(empty);
  const roles = useQuery({ ...read.roles(), enabled: opened });
  const add = useMutation({
    mutationFn: () =>
      administration.createUser({
        full_name: typed.full_name.trim(),
        username: typed.username.trim(),
        password: typed.password,
        ...(typed.email.trim() ? { email: typed.email.trim() } : {}),
        memberships: [{ facility_id: membership.facility_id, roles: typed.roles }],
      }),
    onSuccess: () => {
      toast.done(t("admin.added", { name: typed.full_name }));
      setTyped(empty);
      onClose();
      return changed("users");
    },
  });
  const faults = fieldFaults(add.error, ["full_name", "username", "email", "password", "memberships"]);
  const submit = () => {
    if (!add.isPending) add.mutate();
  };
  useKeys(opened ? [{ keys: "mod+Enter", label: t("admin.addUser"), run: submit }] : [], { overlay: true });
  const set = (change: Partial<typeof empty>) => setTyped({ ...typed, ...change });

  return (
    <SidePanel
      opened={opened}
      onClose={onClose}
      title={t("admin.addUser")}
      footer={
        <Button loading={add.isPending} onClick={submit}>
          {t("admin.addUser")}
        </Button>
      }
    >
      <div className={css.form}>
        <TextInput data-autofocus label={t("admin.column.name")} value={typed.full_name} onChange={(event) => set({ full_name: event.currentTarget.value })} error={faults.of("full_name")} withAsterisk />
        <TextInput label={t("admin.column.username")} autoComplete="off" value={typed.username} onChange={(event) => set({ username: event.currentTarget.value })} error={faults.of("username")} withAsterisk />
        <TextInput label={t("admin.column.email")} type="email" autoComplete="off" value={typed.email} onChange={(event) => set({ email: event.currentTarget.value })} error={faults.of("email")} />
        <PasswordInput
          label={t("admin.password")}
          description={t("admin.passwordRule")}
          autoComplete="new-password"
          value={typed.password}
          onChange={(event) => set({ password: event.currentTarget.value })}
          error={faults.of("password")}
          visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
          withAsterisk
        />
        <MultiSelect
          label={t("admin.rolesAt", { facility: membership.facility_name })}
          data={(roles.data ?? []).map((role) => ({ value: role.code, label: role.name || role.code }))}
          value={typed.roles}
          onChange={(chosen) => set({ roles: chosen })}
          error={faults.of("memberships")}
          searchable
        />
        <FormError error={add.error} faults={faults} />
      </div>
    </SidePanel>
  );
}
