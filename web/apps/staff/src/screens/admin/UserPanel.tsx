import { Button, MultiSelect, PasswordInput, Switch, TextInput } from "@mantine/core";
import { type Facility, type User, administration } from "@hm/client";
import { ErrorState, FormError, Labelled, PanelSkeleton, SidePanel, StatusChip, fieldFaults, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./Admin.module.css";

/** One person: account, and roles in each facility. */
export function UserPanel({ userId, onClose }: { userId: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const known = useQuery({ ...read.user(userId ?? ""), enabled: userId !== null });
  const facilities = useQuery({ ...read.facilities(), enabled: userId !== null });
  const failed = known.error ?? facilities.error;
  return (
    <SidePanel opened={userId !== null} onClose={onClose} title={known.data?.user.full_name ?? t("admin.part.users")}>
      {failed ? (
        <ErrorState error={failed} onRetry={() => void Promise.all([known.refetch(), facilities.refetch()])} />
      ) : known.data && facilities.data ? (
        <Form key={known.data.user.id} user={known.data.user} etag={known.data.etag} facilities={facilities.data} onDone={onClose} />
      ) : (
        <PanelSkeleton lines={6} />
      )}
    </SidePanel>
  );
}

function Form({ user, etag, facilities, onDone }: { user: User; etag: string | null; facilities: Facility[]; onDone: () => void }) {
  const { t } = useTranslation();
  const { me, can } = useWorkplace();
  const mayManage = can("iam.can_manage_users");
  const rolesAt = (facilityId: string) => user.memberships.find((place) => place.facility_id === facilityId && place.is_active)?.roles;
  const [name, setName] = useState(user.full_name);
  const [email, setEmail] = useState(user.email ?? "");
  const [active, setActive] = useState(user.is_active);
  const [password, setPassword] = useState("");
  const [chosen, setChosen] = useState(() => new Map(facilities.map(({ id }) => [id, rolesAt(id) ?? null])));
  const roles = useQuery(read.roles());

  const save = useMutation({
    mutationFn: async () => {
      const account = {
        ...(name.trim() !== user.full_name ? { full_name: name.trim() } : {}),
        ...(email.trim() !== (user.email ?? "") ? { email: email.trim() || null } : {}),
        ...(active !== user.is_active ? { is_active: active } : {}),
        ...(password ? { password } : {}),
      };
      if (Object.keys(account).length > 0) await administration.changeUser(user.id, account, etag);
      for (const [facilityId, now] of chosen) {
        const place = user.memberships.find((one) => one.facility_id === facilityId);
        const before = place?.is_active ? place.roles : null;
        if (now === null && before === null) continue;
        if (now !== null && before !== null && same(now, before)) continue;
        if (!place) await administration.createMembership({ user_id: user.id, facility_id: facilityId, roles: now ?? [] });
        else await administration.changeMembership(place.id, now === null ? { is_active: false } : { roles: now, is_active: true });
      }
    },
    onSuccess: () => {
      toast.done(t("admin.saved", { name: name.trim() }));
      onDone();
    },
    onSettled: () => changed("users"),
  });
  const faults = fieldFaults(save.error, ["full_name", "email", "password", "is_active", "roles"]);
  const submit = () => {
    if (mayManage && !save.isPending) save.mutate();
  };
  useKeys([{ keys: "mod+Enter", label: t("admin.save"), run: submit }], { overlay: true });

  return (
    <div className={css.form}>
      <dl className={css.facts}>
        <Labelled label={t("admin.column.username")}>
          <bdi>{user.username}</bdi>
        </Labelled>
        <Labelled label={t("admin.secondStep")}>
          <StatusChip tone={user.otp_enabled ? "ok" : "neutral"}>{t(user.otp_enabled ? "admin.secondStepOn" : "admin.secondStepOff")}</StatusChip>
        </Labelled>
      </dl>
      <TextInput label={t("admin.column.name")} value={name} disabled={!mayManage} onChange={(event) => setName(event.currentTarget.value)} error={faults.of("full_name")} />
      <TextInput label={t("admin.column.email")} type="email" value={email} disabled={!mayManage} onChange={(event) => setEmail(event.currentTarget.value)} error={faults.of("email")} />
      <Switch
        label={t("admin.letIn")}
        description={t("admin.letInWhy")}
        checked={active}
        disabled={!mayManage || user.id === me.user.id}
        onChange={(event) => setActive(event.currentTarget.checked)}
        error={faults.of("is_active")}
      />
      <h3>{t("admin.places")}</h3>
      {facilities.map((facility) => {
        const held = chosen.get(facility.id) ?? null;
        return (
          <div key={facility.id} className={css.place}>
            <Switch
              label={<bdi>{facility.name}</bdi>}
              checked={held !== null}
              disabled={!mayManage}
              onChange={(event) => setChosen(new Map(chosen).set(facility.id, event.currentTarget.checked ? (rolesAt(facility.id) ?? []) : null))}
            />
            {held === null ? null : (
              <MultiSelect
                aria-label={t("admin.rolesAt", { facility: facility.name })}
                data={(roles.data ?? []).map((role) => ({ value: role.code, label: role.name }))}
                value={held}
                disabled={!mayManage}
                onChange={(codes) => setChosen(new Map(chosen).set(facility.id, codes))}
                searchable
              />
            )}
          </div>
        );
      })}
      {mayManage ? (
        <>
          <PasswordInput
            label={t("admin.newPassword")}
            description={t("admin.newPasswordWhy")}
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            error={faults.of("password")}
            visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
          />
          <FormError error={save.error} faults={faults} />
          <Button loading={save.isPending} onClick={submit}>
            {t("admin.save")}
          </Button>
        </>
      ) : null}
    </div>
  );
}

const same = (a: string[], b: string[]): boolean => a.length === b.length && a.toSorted().join() === b.toSorted().join();
