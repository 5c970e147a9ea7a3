import { Button, Checkbox, MultiSelect, TextInput } from "@mantine/core";
import { type AlertTeam, alerts } from "@hm/client";
import { type Column, DataTable, EmptyState, ErrorState, FormError, SaveKeys, SidePanel, StatusChip, TableSkeleton, fieldFaults, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import { AdminPage } from "../AdminPage";
import css from "./AlertSetup.module.css";

/** People of this facility who are told together. */
export function Teams({ parts }: { parts: ReactNode }) {
  const { t } = useTranslation();
  const teams = useQuery(read.alertTeams());
  const [opened, setOpened] = useState<AlertTeam | "new" | null>(null);
  useKeys([{ keys: "n", label: t("alerts.setup.team.add"), run: () => setOpened("new") }]);
  const add = (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setOpened("new")}>
      {t("alerts.setup.team.add")}
    </Button>
  );
  const columns: Column<AlertTeam>[] = [
    { id: "name", header: t("alerts.setup.team.name"), cell: (team) => <bdi className={css.name}>{team.name}</bdi> },
    { id: "code", header: t("alerts.setup.team.code"), width: "180px", hide: "narrow", cell: (team) => <bdi>{team.code}</bdi> },
    { id: "members", header: t("alerts.setup.team.members"), cell: (team) => <bdi>{team.members.map(({ full_name }) => full_name).join(", ")}</bdi> },
    { id: "state", header: t("alerts.setup.team.state"), width: "120px", hide: "tiny", cell: (team) => <StatusChip tone={team.is_active ? "ok" : "neutral"}>{t(team.is_active ? "alerts.setup.team.active" : "alerts.setup.team.inactive")}</StatusChip> },
  ];
  return (
    <AdminPage acts={add}>
      <div className={css.bar}>{parts}</div>
      {teams.isPending ? (
        <TableSkeleton rows={3} />
      ) : teams.isError ? (
        <ErrorState error={teams.error} onRetry={() => void teams.refetch()} />
      ) : teams.data.length === 0 ? (
        <EmptyState>{t("alerts.setup.team.none")}</EmptyState>
      ) : (
        <DataTable label={t("alerts.setup.teams")} rows={teams.data} columns={columns} rowKey={(team) => team.id} onOpen={setOpened} />
      )}
      <SidePanel opened={opened !== null} onClose={() => setOpened(null)} title={opened === "new" || opened === null ? t("alerts.setup.team.add") : opened.name}>
        {opened ? <Form key={opened === "new" ? "new" : opened.id} team={opened === "new" ? null : opened} onDone={() => setOpened(null)} /> : null}
      </SidePanel>
    </AdminPage>
  );
}

function Form({ team, onDone }: { team: AlertTeam | null; onDone: () => void }) {
  const { t } = useTranslation();
  const { membership } = useWorkplace();
  const colleagues = useQuery(read.colleagues(membership.facility_id));
  const [name, setName] = useState(team?.name ?? "");
  const [code, setCode] = useState(team?.code ?? "");
  const [members, setMembers] = useState(team?.members.map(({ id }) => id) ?? []);
  const [active, setActive] = useState(team?.is_active ?? true);
  const save = useMutation({
    mutationFn: async () => {
      if (!team) return alerts.createTeam({ code: code.trim(), name: name.trim(), member_ids: members });
      const { etag } = await alerts.team(team.id);
      return alerts.changeTeam(team.id, { name: name.trim(), member_ids: members, is_active: active }, etag);
    },
    onSuccess: () => {
      toast.done(t("alerts.setup.saved", { name: name.trim() }));
      onDone();
    },
    onSettled: () => changed("alertTeams"),
  });
  const faults = fieldFaults(save.error, ["name", "code", "member_ids"]);
  const submit = () => {
    if (!save.isPending) save.mutate();
  };
  useKeys([{ keys: "mod+Enter", label: t("alerts.setup.save"), run: submit }], { overlay: true });
  // who left stays by name until they are taken out
  const known = new Map((colleagues.data ?? []).map((user) => [user.id, user.full_name]));
  for (const member of team?.members ?? []) if (!known.has(member.id)) known.set(member.id, member.full_name);
  return (
    <div className={css.form}>
      <TextInput data-autofocus label={t("alerts.setup.team.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} error={faults.of("name")} withAsterisk />
      {team ? null : <TextInput label={t("alerts.setup.team.code")} description={t("alerts.setup.team.codeWhy")} value={code} onChange={(event) => setCode(event.currentTarget.value)} error={faults.of("code")} withAsterisk />}
      <MultiSelect label={t("alerts.setup.team.members")} searchable data={[...known].map(([value, label]) => ({ value, label }))} value={members} onChange={setMembers} error={faults.of("member_ids")} />
      {team ? <Checkbox label={t("alerts.setup.team.isActive")} checked={active} onChange={(event) => setActive(event.currentTarget.checked)} /> : null}
      <FormError error={save.error} faults={faults} />
      <div className={css.formActs}>
        <Button loading={save.isPending} onClick={submit}>
          {t("alerts.setup.save")}
        </Button>
        <SaveKeys />
      </div>
    </div>
  );
}
