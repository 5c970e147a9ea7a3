import { Button } from "@mantine/core";
import { type ControlHold, qualitycontrol } from "@hm/client";
import { ErrorState, PanelSkeleton, dateTimeIn } from "@hm/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../../app/workplace";
import css from "./Quality.module.css";

/** What a failed control casts doubt on: who answers for the hold answers for these too. */
export function Suspects({ hold }: { hold: ControlHold }) {
  const { t } = useTranslation();
  const { timeZone, can } = useWorkplace();
  const mayRead = can("lab.can_read");
  const suspects = useInfiniteQuery({
    queryKey: ["lab", "suspects", hold.id],
    queryFn: ({ pageParam, signal }) => qualitycontrol.suspects(hold.id, { limit: 20, cursor: pageParam, count: !pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    enabled: mayRead,
  });
  if (!mayRead) return null;
  const results = suspects.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <section className={css.suspects} aria-labelledby={`suspects-${hold.id}`}>
      <h3 id={`suspects-${hold.id}`}>
        {t("quality.suspects.title")}
        {suspects.data ? ` (${suspects.data.pages[0]?.count ?? results.length})` : ""}
      </h3>
      <p>{hold.last_good_run_at ? t("quality.suspects.since", { at: dateTimeIn(timeZone, hold.last_good_run_at) }) : t("quality.suspects.ever")}</p>
      {suspects.isError ? (
        <ErrorState error={suspects.error} onRetry={() => void suspects.refetch()} />
      ) : suspects.isPending ? (
        <PanelSkeleton lines={2} />
      ) : results.length === 0 ? (
        <p>{t("quality.suspects.none")}</p>
      ) : (
        <ul>
          {results.map((result) => (
            <li key={result.id}>
              {result.status === "RELEASED" ? (
                <Link to="/patients/$patientId" params={{ patientId: result.patient_id }} search={{ encounter: result.encounter_id }}>
                  <bdi>{result.patient.full_name}</bdi>
                </Link>
              ) : (
                <Link to="/lab/verify" search={{ item: result.order_item_id }}>
                  <bdi>{result.patient.full_name}</bdi>
                </Link>
              )}
              <bdi>{result.name}</bdi>
              <bdi dir="ltr">{result.values.find(({ code }) => code === hold.analyte)?.display}</bdi>
              <span>{t(`lab.result.status.${result.status}`)}</span>
              <time dateTime={result.released_at ?? result.verified_at ?? result.entered_at}>{dateTimeIn(timeZone, result.released_at ?? result.verified_at ?? result.entered_at)}</time>
              {result.is_latest ? null : <span>{t("quality.suspects.superseded")}</span>}
            </li>
          ))}
        </ul>
      )}
      {suspects.hasNextPage ? (
        <Button size="xs" variant="default" loading={suspects.isFetchingNextPage} onClick={() => void suspects.fetchNextPage()}>
          {t("quality.suspects.more")}
        </Button>
      ) : null}
    </section>
  );
}
