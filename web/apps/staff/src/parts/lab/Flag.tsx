import type { LabFlag, LabValue } from "@hm/client";
import type { Tone } from "@hm/ui";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import css from "./Flag.module.css";

const tones: Record<LabFlag, Tone> = { N: "ok", L: "warn", H: "warn", LL: "critical", HH: "critical", A: "warn" };

/** Low points down and high points up, twice where it is critical: told without colour as well. */
const shapes: Record<LabFlag, ReactNode> = {
  N: <path d="M1.5 5.2 4 7.7l4.5-5.2" fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" />,
  L: <path d="M5 9 1 3h8z" fill="currentColor" />,
  H: <path d="M5 1 9 7H1z" fill="currentColor" />,
  LL: <path d="M5 10 1.2 5.4h7.6zM5 4.6 1.2 0h7.6z" fill="currentColor" />,
  HH: <path d="M5 0l3.8 4.6H1.2zM5 5.4 8.8 10H1.2z" fill="currentColor" />,
  A: <path d="M5 .4 9.6 5 5 9.6.4 5z" fill="currentColor" />,
};

/** A flag: word, shape and colour. `guessed` is only this screen's hint, before the server has judged. */
export function FlagChip({ flag, guessed = false, quiet = false }: { flag: LabFlag; guessed?: boolean; quiet?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={css.flag} data-tone={tones[flag]} data-guessed={guessed || undefined} data-quiet={(quiet && flag === "N") || undefined}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {shapes[flag]}
      </svg>
      {t(`lab.flag.${flag}`)}
    </span>
  );
}

/** How a value has moved since the last released one, where that is too far to be taken for granted. */
export function DeltaMark({ delta }: { delta: NonNullable<LabValue["delta_flag"]> }) {
  const { t } = useTranslation();
  return (
    <span className={css.delta} title={t("lab.delta.why")}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        <path d="M5 1.2 9 8.6H1z" fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" />
      </svg>
      {t(`lab.delta.${delta}`)}
    </span>
  );
}
