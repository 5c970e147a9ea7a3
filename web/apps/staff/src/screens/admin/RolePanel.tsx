import { Button, Checkbox, TextInput } from "@mantine/core";
import { type Role, administration } from "@hm/client";
import { FormError, PanelSkeleton, SidePanel, fieldFaults, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { inWords } from "../../parts/inWords";
import css from "./Admin.module.css";

/** A role with all its permissions; built-in ones are only shown. */
export function RolePanel({ opened, onClose }: { opened: Role | "new" | null; onClose: () => void }) {
  const { t } = useTranslation();
  const role = opened === "new" ? null : opened;
  return (
    <SidePanel opened={opened !== null} onClose={onClose} title={role?.name ?? t("admin.addRole")}>
      {opened ? <Form key={role?.id ?? "new"} role={role} onDone={onClose} /> : null}
    </SidePanel>
  );
}

/** Modules whose own name says too little to people; others read as they are called. */
const named = ["clinicaldocs", "events", "iam"] as const;

function Form({ role, onDone }: { role: Role | null; onDone: () => void }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const permissions = useQuery(read.permissions());
  const [code, setCode] = useState(role?.code ?? "");
  const [name, setName] = useState(role?.name ?? "");
  const [held, setHeld] = useState(role?.permissions ?? []);
  const fixed = role?.built_in === true || !can("iam.can_manage_roles");

  const nameOf = (module: string) => {
    const known = named.find((one) => one === module);
    return known ? t(`admin.module.${known}`) : inWords(module);
  };

  const save = useMutation({
    mutationFn: async () => {
      if (!role) return administration.createRole({ code: code.trim(), name: name.trim(), permissions: held });
      const { etag } = await administration.role(role.id);
      return administration.changeRole(role.id, { name: name.trim(), permissions: held }, etag);
    },
    onSuccess: () => {
      toast.done(t("admin.saved", { name: name.trim() }));
      onDone();
    },
    onSettled: () => changed("roles"),
  });
  const faults = fieldFaults(save.error, ["code", "name", "permissions"]);
  const submit = () => {
    if (!fixed && !save.isPending) save.mutate();
  };
  useKeys([{ keys: "mod+Enter", label: t("admin.save"), run: submit }], { overlay: true });

  if (!permissions.data) return <PanelSkeleton lines={8} />;
  const modules = [...new Set(permissions.data.map((permission) => permission.module))];
  return (
    <div className={css.form}>
      {fixed && role?.built_in ? <p className={css.muted}>{t("admin.role.builtInWhy")}</p> : null}
      {fixed ? null : <TextInput label={t("admin.role.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} error={faults.of("name")} data-autofocus />}
      {role ? null : <TextInput label={t("admin.role.code")} value={code} onChange={(event) => setCode(event.currentTarget.value)} error={faults.of("code")} />}
      {modules.map((module) => {
        const all = permissions.data.filter((permission) => permission.module === module);
        const shown = fixed ? all.filter(({ code }) => held.includes(code)) : all;
        return shown.length === 0 ? null : (
          <fieldset key={module} className={css.module}>
            <legend>{nameOf(module)}</legend>
            {shown.map((permission) =>
              fixed ? (
                <div key={permission.code} className={css.allowed}>
                  <Check size={15} aria-hidden />
                  <span>
                    {permission.description || permission.code}
                    <small>{permission.code}</small>
                  </span>
                </div>
              ) : (
                <Checkbox
                  key={permission.code}
                  size="sm"
                  label={permission.description || permission.code}
                  description={permission.code}
                  checked={held.includes(permission.code)}
                  onChange={(event) => setHeld(event.currentTarget.checked ? [...held, permission.code] : held.filter((one) => one !== permission.code))}
                />
              ),
            )}
          </fieldset>
        );
      })}
      <FormError error={save.error} faults={faults} />
      {fixed ? null : (
        <Button loading={save.isPending} onClick={submit}>
          {t("admin.save")}
        </Button>
      )}
    </div>
  );
}
