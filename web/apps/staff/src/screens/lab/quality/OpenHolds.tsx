import { Button } from "@mantine/core";
import { StatusChip, dateTimeIn } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../../app/queries";
import { useWorkplace } from "../../../app/workplace";
import { ResolveDialog } from "./ResolveDialog";
import { Suspects } from "./Suspects";
import css from "./Quality.module.css";

/** What may not be vouched for now. It stands above everything else until somebody answers for it. */
export function OpenHolds() {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const holds = useQuery(read.controlHolds("OPEN"));
  const [resolving, setResolving] = useState<string | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  return (
    <>
      {holds.data && holds.data.length > 0 ? (
        <section className={css.held} aria-label={t("quality.held")}>
          <ul>
            {holds.data.map((hold) => (
              <li key={hold.id}>
                <StatusChip tone="critical">{t("quality.hold.OPEN")}</StatusChip>
                <strong>
                  <bdi>{hold.name}</bdi>
                </strong>
                <span>
                  <bdi dir="ltr">{hold.rules.join(" ")}</bdi> ·{" "}
                  <Link to="/lab/quality/$lotId" params={{ lotId: hold.lot_id }} search={{ analyte: hold.analyte }}>
                    <bdi>{t("quality.levelOf", { material: hold.material, level: hold.level })}</bdi>
                  </Link>{" "}
                  · <time dateTime={hold.opened_at}>{t("quality.since", { at: dateTimeIn(timeZone, hold.opened_at) })}</time>
                  {hold.run_count > 1 ? ` · ${t("quality.rejectedRuns", { count: hold.run_count })}` : ""}
                </span>
                {hold.actions.includes("resolve") ? (
                  <Button size="xs" variant="default" aria-label={t("quality.resolveOf", { name: hold.name })} onClick={() => setResolving(hold.id)}>
                    {t("quality.resolve")}
                  </Button>
                ) : null}
                <details className={css.lookBack} open={shown === hold.id} onToggle={({ currentTarget: { open } }) => setShown((now) => (open ? hold.id : now === hold.id ? null : now))}>
                  <summary>{t("quality.suspects.title")}</summary>
                  {shown === hold.id ? <Suspects hold={hold} /> : null}
                </details>
              </li>
            ))}
          </ul>
          <p>{t("quality.heldWhy")}</p>
        </section>
      ) : null}
      <ResolveDialog id={resolving} onClose={() => setResolving(null)} />
    </>
  );
}
