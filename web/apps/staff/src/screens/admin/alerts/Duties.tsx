import { ActionIcon, Button, Select, TextInput } from "@mantine/core";
import { type AlertDuty, alerts } from "@hm/client";
import { type Column, DataTable, DateField, EmptyState, ErrorState, FormError, SaveKeys, SidePanel, StatusChip, TableSkeleton, dateTimeIn, fieldFaults, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import { useRoleName } from "../../../parts/alerts/useRoleName";
import { AdminPage } from "../AdminPage";
import css from "./AlertSetup.module.css";
import { momentAt } from "./dutyTimes";

/** Who answers for a role or a team, now and later. */
export function Duties({ parts }: { parts: ReactNode }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const roleName = useRoleName();
  const since = useMemo(() => new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString(), []);
  const duties = useQuery(read.alertDuties(since));
  const [adding, setAdding] = useState(false);
  const remove = useMutation({
    mutationFn: (id: string) => alerts.removeDuty(id),
    onSuccess: () => toast.done(t("alerts.setup.duty.removed")),
    onError: toast.failed,
    onSettled: () => changed("alertDuties"),
  });
  useKeys([{ keys: "n", label: t("alerts.setup.duty.add"), run: () => setAdding(true) }]);
  const columns: Column<AlertDuty>[] = [
    { id: "who", header: t("alerts.setup.duty.who"), cell: ({ user }) => <bdi className={css.name}>{user.full_name}</bdi> },
    { id: "for", header: t("alerts.setup.duty.for"), cell: ({ role, team_name }) => <bdi>{role ? roleName(role) : t("alerts.setup.duty.team", { name: team_name ?? "" })}</bdi> },
    { id: "from", header: t("alerts.setup.duty.from"), width: "150px", figures: true, hide: "narrow", cell: ({ starts_at }) => <bdi>{dateTimeIn(timeZone, starts_at)}</bdi> },
    { id: "until", header: t("alerts.setup.duty.until"), width: "150px", figures: true, hide: "tiny", cell: ({ ends_at }) => <bdi>{dateTimeIn(timeZone, ends_at)}</bdi> },
    { id: "state", header: t("alerts.setup.duty.state"), width: "88px", hide: "narrow", cell: ({ is_now }) => <StatusChip tone={is_now ? "ok" : "neutral"}>{t(is_now ? "alerts.setup.duty.now" : "alerts.setup.duty.later")}</StatusChip> },
    {
      id: "acts",
      header: <span className="hm-visually-hidden">{t("alerts.setup.duty.remove")}</span>,
      width: "56px",
      align: "end",
      cell: (duty) => (
        <ActionIcon variant="subtle" color="gray" aria-label={`${t("alerts.setup.duty.remove")}: ${duty.user.full_name}`} loading={remove.isPending && remove.variables === duty.id} onClick={() => remove.mutate(duty.id)}>
          <Trash2 size={15} aria-hidden />
        </ActionIcon>
      ),
    },
  ];
  return (
    <AdminPage
      acts={
        <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
          {t("alerts.setup.duty.add")}
        </Button>
      }
    >
      <div className={css.bar}>{parts}</div>
      {duties.isPending ? (
        <TableSkeleton rows={3} />
      ) : duties.isError ? (
        <ErrorState error={duties.error} onRetry={() => void duties.refetch()} />
      ) : duties.data.length === 0 ? (
        <EmptyState>{t("alerts.setup.duty.none")}</EmptyState>
      ) : (
        <DataTable label={t("alerts.setup.duties")} rows={duties.data} columns={columns} rowKey={(duty) => duty.id} />
      )}
      <SidePanel opened={adding} onClose={() => setAdding(false)} title={t("alerts.setup.duty.add")}>
        {adding ? <Form onDone={() => setAdding(false)} /> : null}
      </SidePanel>
    </AdminPage>
  );
}

function Form({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const { membership, timeZone, today } = useWorkplace();
  const colleagues = useQuery(read.colleagues(membership.facility_id));
  const roles = useQuery(read.roles());
  const teams = useQuery(read.alertTeams());
  const [user, setUser] = useState<string | null>(null);
  const [duty, setDuty] = useState<string | null>(null);
  const [fromDay, setFromDay] = useState<string | undefined>(today);
  const [untilDay, setUntilDay] = useState<string | undefined>(today);
  const [fromTime, setFromTime] = useState("08:00");
  const [untilTime, setUntilTime] = useState("20:00");
  const [tried, setTried] = useState(false);
  const starts = momentAt(timeZone, fromDay, fromTime);
  const ends = momentAt(timeZone, untilDay, untilTime);
  const save = useMutation({
    mutationFn: () => {
      const [kind, value] = [duty!.slice(0, 1), duty!.slice(1)];
      return alerts.createDuty({ user_id: user!, starts_at: starts!, ends_at: ends!, ...(kind === "r" ? { role: value } : { team_id: value }) });
    },
    onSuccess: (made) => {
      toast.done(t("alerts.setup.saved", { name: made.user.full_name }));
      onDone();
    },
    onSettled: () => changed("alertDuties"),
  });
  const faults = fieldFaults(save.error, ["user_id", "ends_at", "starts_at"]);
  function submit() {
    setTried(true);
    if (user && duty && starts && ends && !save.isPending) save.mutate();
  }
  useKeys([{ keys: "mod+Enter", label: t("alerts.setup.save"), run: submit }], { overlay: true });
  const dayFault = (day: string | undefined) => (tried && !day ? t("alerts.setup.duty.badDate") : undefined);
  const timeFault = (day: string | undefined, moment: string | null) => (tried && day && !moment ? t("alerts.setup.duty.badTime") : undefined);
  return (
    <div className={css.form}>
      <Select data-autofocus openOnFocus={false} label={t("alerts.setup.duty.who")} searchable value={user} onChange={setUser} data={(colleagues.data ?? []).map((one) => ({ value: one.id, label: one.full_name }))} error={faults.of("user_id") ?? (tried && !user)} withAsterisk />
      <Select
        label={t("alerts.setup.duty.for")}
        searchable
        value={duty}
        onChange={setDuty}
        data={[
          ...(roles.data ?? []).map((role) => ({ value: `r${role.code}`, label: role.name || role.code })),
          ...(teams.data ?? []).filter((team) => team.is_active).map((team) => ({ value: `t${team.id}`, label: t("alerts.setup.duty.team", { name: team.name }) })),
        ]}
        error={tried && !duty}
        withAsterisk
      />
      <div className={css.times}>
        <DateField quiet label={t("alerts.setup.duty.fromDate")} value={fromDay} onChange={setFromDay} error={dayFault(fromDay) ?? faults.of("starts_at")} />
        <TextInput label={t("alerts.setup.duty.fromTime")} inputMode="numeric" value={fromTime} onChange={(event) => setFromTime(event.currentTarget.value)} error={timeFault(fromDay, starts)} />
        <DateField quiet label={t("alerts.setup.duty.untilDate")} value={untilDay} onChange={setUntilDay} error={dayFault(untilDay) ?? faults.of("ends_at")} />
        <TextInput label={t("alerts.setup.duty.untilTime")} inputMode="numeric" value={untilTime} onChange={(event) => setUntilTime(event.currentTarget.value)} error={timeFault(untilDay, ends)} />
      </div>
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
