import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "./Dialog";
import { Key } from "./Written";
import css from "./KeySheet.module.css";
import { useKeys, useListedKeys } from "./keys";

/** The sheet behind `?`: every key that works on this screen. */
export function KeySheet() {
  const { t } = useTranslation();
  const [rows, setRows] = useState<{ keys: string; label: string }[] | null>(null);
  const listed = useListedKeys();
  useKeys([{ keys: "?", label: t("ui.keys.sheet"), run: () => setRows(listed()) }]);
  return (
    <Dialog opened={rows !== null} onClose={() => setRows(null)} title={t("ui.keys.title")}>
      <dl className={css.keys}>
        {rows?.map(({ keys, label }) => (
          <div key={keys} className={css.row}>
            <dt>{label}</dt>
            <dd>
              {keys.split(/[ +]/).map((part) => (
                <Key key={part}>{part === "mod" ? t("ui.keys.ctrl") : part}</Key>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
