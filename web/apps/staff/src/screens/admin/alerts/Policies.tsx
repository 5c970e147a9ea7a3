import type { AlertPolicy, AlertStep } from "@hm/client";
import { type Column, DataTable, ErrorState, StatusChip, TableSkeleton } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../../app/queries";
import { useRoleName } from "../../../parts/alerts/useRoleName";
import { severityTone, useKindName } from "../../../parts/alerts/words";
import { AdminPage } from "../AdminPage";
import css from "./AlertSetup.module.css";
import { PolicyPanel } from "./PolicyPanel";
import { draftOf } from "./whom";

/** Who is told when nobody acknowledges, by kind of alert. */
export function Policies({ parts }: { parts: ReactNode }) {
  const { t } = useTranslation();
  const policies = useQuery(read.alertPolicies());
  const kindName = useKindName();
  const [opened, setOpened] = useState<AlertPolicy | null>(null);
  const columns: Column<AlertPolicy>[] = [
    { id: "kind", header: t("alerts.setup.policy.kind"), width: "30%", cell: ({ kind }) => <span className={css.name}>{kindName(kind)}</span> },
    {
      id: "severity",
      header: t("alerts.setup.policy.severity"),
      width: "140px",
      hide: "narrow",
      cell: ({ severity }) => (severity ? <StatusChip tone={severityTone[severity]}>{t(`alerts.severity.${severity}`)}</StatusChip> : <span className={css.quiet}>{t("alerts.setup.policy.asRaised")}</span>),
    },
    { id: "steps", header: t("alerts.setup.policy.steps"), cell: (policy) => <Steps policy={policy} /> },
    { id: "own", header: t("alerts.setup.team.state"), width: "136px", hide: "narrow", cell: ({ is_built_in }) => <StatusChip tone={is_built_in ? "neutral" : "info"}>{t(is_built_in ? "alerts.setup.policy.builtIn" : "alerts.setup.policy.own")}</StatusChip> },
  ];
  return (
    <AdminPage>
      <div className={css.bar}>{parts}</div>
      {policies.isPending ? (
        <TableSkeleton rows={5} />
      ) : policies.isError ? (
        <ErrorState error={policies.error} onRetry={() => void policies.refetch()} />
      ) : (
        <div className={css.tall}>
          <DataTable label={t("alerts.setup.policies")} rows={policies.data} columns={columns} rowKey={({ kind }) => kind} onOpen={setOpened} />
        </div>
      )}
      <PolicyPanel opened={opened} onClose={() => setOpened(null)} />
    </AdminPage>
  );
}

function Steps({ policy }: { policy: AlertPolicy }) {
  const { t } = useTranslation();
  const whom = useWhom();
  if (policy.steps.length === 0) return <span className={css.quiet}>{t("alerts.setup.policy.none")}</span>;
  return (
    <span className={css.steps}>
      {policy.steps.map((step, index) => (
        <span key={index}>{t("alerts.setup.policy.step", { minutes: step.after_minutes, whom: whom(step) })}</span>
      ))}
      {policy.repeats > 0 ? <span className={css.quiet}>{t("alerts.setup.policy.repeats", { count: policy.repeats })}</span> : null}
    </span>
  );
}

/** Whom a step is for, in words. */
function useWhom(): (step: AlertStep) => string {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const teams = useQuery(read.alertTeams());
  return (step) => {
    const { kind, code } = draftOf(step);
    const team = kind === "role" ? undefined : teams.data?.find((one) => one.code === code);
    const name = team?.name ?? roleName(code ?? "");
    return kind === "duty" ? t("alerts.reason.duty", { of: name }) : kind === "team" ? t("alerts.reason.team", { of: name }) : name;
  };
}
