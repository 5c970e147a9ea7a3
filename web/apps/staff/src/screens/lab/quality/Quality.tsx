import { ErrorState, TableSkeleton } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { read } from "../../../app/queries";
import { qualityParts } from "../../../app/router";
import { useWorkplace } from "../../../app/workplace";
import { Holds } from "./Holds";
import { Lots } from "./Lots";
import { OpenHolds } from "./OpenHolds";
import { RunEntry } from "./RunEntry";
import css from "./Quality.module.css";

/** Whether the laboratory measures right: what is held now, today's controls, the lots, what was held. */
export function Quality() {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const { part } = useSearch({ from: "/person/workplace/lab/quality" });
  const shown = part ?? (can("qualitycontrol.can_run") ? "runs" : "lots");
  const lots = useQuery(read.controlLots({}));
  return (
    <div className={css.quality}>
      <OpenHolds />
      <nav className={css.parts} aria-label={t("quality.parts")}>
        {qualityParts
          .filter((name) => name !== "runs" || can("qualitycontrol.can_run"))
          .map((name) => (
            <Link key={name} to="/lab/quality" search={{ part: name }} className={css.part} aria-current={name === shown ? "page" : undefined}>
              {t(`quality.part.${name}`)}
            </Link>
          ))}
      </nav>
      {shown === "holds" ? (
        <Holds />
      ) : lots.isPending ? (
        <TableSkeleton />
      ) : lots.isError ? (
        <ErrorState error={lots.error} onRetry={() => void lots.refetch()} />
      ) : shown === "runs" ? (
        <RunEntry lots={lots.data} />
      ) : (
        <Lots lots={lots.data} />
      )}
    </div>
  );
}
