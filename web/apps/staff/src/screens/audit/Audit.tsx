import { Button, TextInput } from "@mantine/core";
import { type AuditEvent, type AuditVerification, audit, hasCode } from "@hm/client";
import { Bdi, type Column, DataTable, EmptyState, ErrorState, StatusChip, TableSkeleton, type Tone, ToneMark, dateTimeIn } from "@hm/ui";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import { Page } from "../../shell/Pane";
import css from "./Audit.module.css";

const outcomes: Record<AuditEvent["outcome"], Tone> = { ok: "ok", refused: "warn", failed: "critical" };

/** Who did what, and the proof that nobody rewrote it. */
export function Audit() {
  const { t } = useTranslation();
  const { timeZone, can } = useWorkplace();
  const [code, setCode] = useState("");
  const [entity, setEntity] = useState("");
  const [filter, setFilter] = useState<{ code?: string; entity_id?: string }>({});
  const events = useInfiniteQuery({
    queryKey: ["audit", "events", filter],
    queryFn: ({ pageParam, signal }) => audit.events({ ...filter, limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const verify = useMutation({
    mutationFn: () => audit.verify(),
    // a long trail is still being checked: ask until it is done
    retry: (tries, error) => tries < 60 && hasCode(error, "audit.verifying"),
    retryDelay: 2_000,
  });
  const rows = events.data?.pages.flatMap((page) => page.results) ?? [];

  const columns: Column<AuditEvent>[] = [
    { id: "at", header: t("audit.column.at"), width: "160px", figures: true, cell: (event) => <Bdi>{dateTimeIn(timeZone, event.at)}</Bdi> },
    { id: "code", header: t("audit.column.code"), cell: (event) => <code className={css.code}>{event.code}</code> },
    { id: "actor", header: t("audit.column.actor"), width: "190px", hide: "tiny", cell: (event) => <Bdi>{event.actor ? event.actor.name || event.actor.id : t("audit.system")}</Bdi> },
    { id: "outcome", header: t("audit.column.outcome"), width: "110px", cell: (event) => <StatusChip tone={outcomes[event.outcome]}>{t(`audit.outcome.${event.outcome}`)}</StatusChip> },
    { id: "entity", header: t("audit.column.entity"), hide: "narrow", cell: (event) => <span className={css.muted}>{`${event.entity_type} ${event.entity_id ?? ""}`}</span> },
  ];

  return (
    <Page
      title={t("shell.screens.audit")}
      acts={
        can("audit.can_verify") ? (
          <Button variant="light" leftSection={<ShieldCheck size={16} aria-hidden />} loading={verify.isPending} onClick={() => verify.mutate()}>
            {t("audit.verify")}
          </Button>
        ) : null
      }
    >
      {verify.error ? <ErrorState error={verify.error} /> : null}
      {verify.data ? <Verification result={verify.data} /> : null}
      <form
        className={css.filters}
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          setFilter({ code: code.trim() || undefined, entity_id: entity.trim() || undefined });
        }}
      >
        <TextInput label={t("audit.filter.code")} value={code} onChange={(event) => setCode(event.currentTarget.value)} />
        <TextInput label={t("audit.filter.entity")} value={entity} onChange={(event) => setEntity(event.currentTarget.value)} />
        <Button type="submit" variant="default">
          {t("audit.filter.apply")}
        </Button>
      </form>
      {events.isPending ? (
        <TableSkeleton rows={12} />
      ) : events.isError ? (
        <ErrorState error={events.error} onRetry={() => void events.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState>{t("audit.none")}</EmptyState>
      ) : (
        <DataTable
          label={t("shell.screens.audit")}
          rows={rows}
          columns={columns}
          rowKey={(event) => event.id}
          footer={
            events.hasNextPage ? (
              <div className={css.more}>
                <Button variant="default" loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
                  {t("audit.more")}
                </Button>
              </div>
            ) : null
          }
        />
      )}
    </Page>
  );
}

function Verification({ result }: { result: AuditVerification }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  return (
    <section className={css.verification} role="status" aria-label={t("audit.verify")}>
      <StatusChip tone={result.ok ? "ok" : "critical"}>{t(result.ok ? "audit.whole" : "audit.broken")}</StatusChip>
      <span>{t("audit.sealed", { count: result.tree_size })}</span>
      {result.sealed_until ? <span className={css.muted}>{t("audit.sealedUntil", { time: dateTimeIn(timeZone, result.sealed_until) })}</span> : null}
      <code className={css.hash}>{result.root_hash}</code>
      {result.broken.length > 0 ? (
        <ul className={css.brokenRows}>
          {result.broken.map(({ id, reason }) => (
            <li key={id}>
              <ToneMark tone="critical" /> <bdi>{id}</bdi> {reason}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
