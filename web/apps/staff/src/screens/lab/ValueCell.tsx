import { type KeyboardEvent, memo } from "react";
import { useTranslation } from "react-i18next";
import { type Cell, type Move, cellId, choiceFor, moveOf } from "./cells";
import type { Line } from "./entry";
import css from "./EntryBlock.module.css";

interface CellProps {
  item: string;
  line: Line;
  label: string;
  invalid: boolean;
  describedBy: string | undefined;
  onType: (code: string, value: string) => void;
  onMean: (code: string, value: string) => void;
  onMove: (from: Cell, move: Move) => void;
}

/** One value of a test. Enter goes on; a value beyond belief takes a second Enter. */
export const ValueCell = memo(function ValueCell({ item, line, label, invalid, describedBy, onType, onMean, onMove }: CellProps) {
  const { t } = useTranslation();
  const { analyte, text, doubted } = line;
  const cell = { item, code: analyte.code };
  const common = { id: cellId(cell), className: css.cell, "aria-label": label, "aria-invalid": invalid || undefined, "aria-describedby": describedBy, "data-doubted": doubted || undefined };

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const move = moveOf(event);
    if (move) {
      event.preventDefault();
      // the first Enter shows the question, the second answers it
      if (doubted && event.key === "Enter") {
        if (event.currentTarget.dataset.asked === text) {
          onMean(analyte.code, text);
          onMove(cell, move);
        } else event.currentTarget.dataset.asked = text;
        return;
      }
      onMove(cell, move);
      return;
    }
    if (analyte.kind !== "coded" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Backspace" || event.key === "Delete") {
      event.preventDefault();
      onType(analyte.code, "");
    } else if (event.key.length === 1 && event.key !== " ") {
      // the same in every browser: a letter chooses, and never opens the list
      event.preventDefault();
      const choice = choiceFor(analyte.choices, text, event.key);
      if (choice) onType(analyte.code, choice.code);
    }
  }

  if (analyte.kind === "coded") {
    return (
      <select {...common} value={text} onKeyDown={onKeyDown} onChange={(event) => onType(analyte.code, event.currentTarget.value)} data-empty={text === "" || undefined}>
        <option value="">{t("lab.entry.choose")}</option>
        {analyte.choices.map(({ code, title }) => (
          <option key={code} value={code}>
            {title}
          </option>
        ))}
      </select>
    );
  }
  if (analyte.kind === "text") {
    return <textarea {...common} rows={Math.min(6, Math.max(1, text.split("\n").length))} maxLength={4000} value={text} onKeyDown={onKeyDown} onFocus={(event) => event.currentTarget.select()} onChange={(event) => onType(analyte.code, event.currentTarget.value)} />;
  }
  return (
    <input
      {...common}
      inputMode={analyte.kind === "number" ? "decimal" : "text"}
      autoComplete="off"
      spellCheck={false}
      value={text}
      placeholder={analyte.kind === "titre" ? "1:80" : undefined}
      onKeyDown={onKeyDown}
      // typing replaces what stands there
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => onType(analyte.code, event.currentTarget.value)}
    />
  );
});
