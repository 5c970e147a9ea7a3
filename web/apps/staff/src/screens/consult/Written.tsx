import type { Entry } from "@hm/client";
import { Labelled, timeIn } from "@hm/ui";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import css from "./Consult.module.css";
import { useFieldWord } from "./fieldWords";

interface WrittenProps {
  assessment?: Entry<"ASSESSMENT"> | null;
  plan?: Entry<"PLAN"> | null;
  note?: Entry<"NOTE"> | null;
}

/** What already stands in the record of this visit: the latest of each kind. */
export function Written({ assessment, plan, note }: WrittenProps) {
  const { t } = useTranslation();
  const { timeZone } = useWorkplace();
  const fieldWord = useFieldWord();
  return [assessment, plan, note].map((entry) =>
    entry ? (
      <section key={entry.id} className={css.document} aria-label={t(`consult.entry.${entry.kind}`)}>
        <div className={css.documentHead}>
          <strong>{t(`consult.entry.${entry.kind}`)}</strong>
          <span className={css.muted}>{timeIn(timeZone, entry.authored_at)}</span>
        </div>
        <dl className={`${css.documentBody} ${css.written}`}>
          {Object.entries(entry.content).map(([name, value]) =>
            value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0) ? null : (
              <Labelled key={name} label={fieldWord(name)}>
                <bdi>{Array.isArray(value) ? value.join("\n") : String(value)}</bdi>
              </Labelled>
            ),
          )}
        </dl>
      </section>
    ) : null,
  );
}
