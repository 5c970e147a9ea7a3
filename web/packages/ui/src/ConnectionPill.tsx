import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import css from "./ConnectionPill.module.css";
import { type Tone, ToneMark } from "./StatusChip";

export type Connection = "live" | "polling" | "offline";

const tones: Record<Connection, Tone> = { live: "ok", polling: "warn", offline: "critical" };

/** How fresh the screen is: told at once, asked for now and then, or not at all. */
export function ConnectionPill({ connection }: { connection: Connection }) {
  const { t } = useTranslation();
  return (
    <Tooltip label={t(`ui.connection.${connection}_why`)}>
      <span className={css.pill} data-connection={connection} role="status">
        <ToneMark tone={tones[connection]} />
        <span className={css.word}>{t(`ui.connection.${connection}`)}</span>
      </span>
    </Tooltip>
  );
}
