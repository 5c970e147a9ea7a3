import { Button } from "@mantine/core";
import { Quantity, dateTimeIn, unitText } from "@hm/ui";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import css from "./Overtaken.module.css";
import type { Entry } from "./useEntry";

/** Two wrote the same test: whose values stand there since when, each beside what is typed here, and which are to hold. */
export function Overtaken({ entry }: { entry: Entry }) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const { overtakenBy: theirs, lines, comment } = entry;
  if (!theirs) return null;
  const who = theirs.entered_by?.full_name ?? t("lab.overtaken.somebody");
  const differing = lines.filter(({ dirty }) => dirty);
  return (
    <section className={css.overtaken} aria-label={t("lab.overtaken.title")}>
      <p role="alert">
        <bdi>{t("lab.overtaken.why", { name: who, at: dateTimeIn(timeZone, theirs.entered_at) })}</bdi>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("lab.result.analyte")}</th>
            <th scope="col">{t("lab.overtaken.mine")}</th>
            <th scope="col">
              <bdi>{who}</bdi>
            </th>
            <th scope="col">
              <span className="hm-visually-hidden">{t("lab.overtaken.take")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {differing.map(({ analyte, text, unit, saved }) => (
            <tr key={analyte.code}>
              <th scope="row">
                <bdi>{analyte.name}</bdi>
              </th>
              <td>{text.trim() ? <Quantity value={text.trim()} unit={unit ? unitText(unit) : undefined} /> : "–"}</td>
              <td>{saved && !saved.withdrawn ? <Quantity value={saved.entered_value ?? saved.display} unit={unitOf(saved.entered_unit ?? saved.unit)} /> : "–"}</td>
              <td>
                <Button size="compact-xs" variant="subtle" aria-label={t("lab.overtaken.takeOne", { name: analyte.name, who })} onClick={() => entry.takeOne(analyte.code)}>
                  {t("lab.overtaken.take")}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {comment.trim() !== (theirs.comment ?? "") ? (
        <p>
          {t("lab.entry.comment")}: <bdi>{comment.trim() || "–"}</bdi> / <bdi>{theirs.comment || "–"}</bdi>
        </p>
      ) : null}
      <div className={css.acts}>
        <Button size="compact-sm" variant="default" onClick={entry.takeTheirs}>
          {t("lab.overtaken.takeAll")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={entry.keepMine}>
          {t("lab.overtaken.keep")}
        </Button>
      </div>
    </section>
  );
}

const unitOf = (unit: string | null | undefined): string | undefined => (unit ? unitText(unit) : undefined);
