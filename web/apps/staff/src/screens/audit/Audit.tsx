import { Button } from "@mantine/core";
import { type AuditEvent, audit, hasCode } from "@hm/client";
import { Bdi, type Column, DataTable, EmptyState, ErrorState, StatusChip, TableSkeleton, dateTimeIn } from "@hm/ui";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import { More } from "../../parts/More";
import { useScreenTitle } from "../../shell/navigation";
import { Page } from "../../shell/Pane";
import css from "./Audit.module.css";
import { AuditFilters, type Chosen, queryOf, unfiltered } from "./AuditFilters";
import { EventPanel } from "./EventPanel";
import { Verification } from "./Verification";
import { outcomeTones } from "./outcomes";

/** Who did what, and the proof that nobody rewrote it. */
export function Audit() {
  const { t } = useTranslation();
  const screenTitle = useScreenTitle("audit");
  const { timeZone, can } = useWorkplace();
  const [chosen, setChosen] = useState<Chosen>(unfiltered);
  const [opened, setOpened] = useState<AuditEvent | null>(null);
  const query = queryOf(chosen, timeZone);
  const events = useInfiniteQuery({
    queryKey: ["audit", "events", query],
    queryFn: ({ pageParam, signal }) => audit.events({ ...query, limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  const verify = useMutation({
    mutationFn: () => audit.verify(),
    // a long trail is still being checked: ask until it is done
    retry: (tries, error) => tries < 60 && hasCode(error, "audit.verifying"),
    retryDelay: 2_000,
  });
  const rows = events.data?.pages.flatMap((page) => page.results) ?? [];

  const columns: Column<AuditEvent>[] = [
    { id: "at", header: t("audit.column.at"), width: "168px", figures: true, cell: (event) => <Bdi>{dateTimeIn(timeZone, event.at)}</Bdi> },
    { id: "code", header: t("audit.column.code"), cell: (event) => <code className={css.code}>{event.code}</code> },
    { id: "actor", header: t("audit.column.actor"), hide: "tiny", cell: (event) => <Bdi>{event.actor ? event.actor.name || event.actor.id : t("audit.system")}</Bdi> },
    { id: "outcome", header: t("audit.column.outcome"), width: "112px", hide: "tiny", cell: (event) => <StatusChip tone={outcomeTones[event.outcome]}>{t(`audit.outcome.${event.outcome}`)}</StatusChip> },
    { id: "entity", header: t("audit.column.entity"), hide: "narrow", cell: (event) => <bdi className={css.muted}>{`${event.entity_type} ${event.entity_id ?? ""}`}</bdi> },
  ];

  return (
    <Page
      title={screenTitle}
      acts={
        can("audit.can_verify") ? (
          <Button variant="light" leftSection={<ShieldCheck size={16} aria-hidden />} loading={verify.isPending} onClick={() => verify.mutate()}>
            {t("audit.verify")}
          </Button>
        ) : null
      }
    >
      {verify.error ? <ErrorState error={verify.error} onRetry={() => verify.mutate()} /> : null}
      {verify.data ? <Verification result={verify.data} /> : null}
      <AuditFilters chosen={chosen} onChange={setChosen} />
      {events.isPending ? (
        <TableSkeleton rows={12} />
      ) : events.isError ? (
        <ErrorState error={events.error} onRetry={() => void events.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState>{t("audit.none")}</EmptyState>
      ) : (
        <DataTable label={screenTitle} rows={rows} columns={columns} rowKey={(event) => event.id} selectedKey={opened?.id ?? null} onOpen={setOpened} footer={<More pages={events} />} />
      )}
      <EventPanel event={opened} onClose={() => setOpened(null)} />
    </Page>
  );
}
