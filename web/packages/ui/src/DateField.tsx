import { TextInput, type TextInputProps } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./DateField.module.css";
import { calendarDate, readDate } from "./dates";

interface DateFieldProps extends Omit<TextInputProps, "value" | "onChange"> {
  /** `YYYY-MM-DD`, or undefined for none. */
  value: string | undefined;
  onChange: (date: string | undefined) => void;
  /** In a narrow place: what was typed stands alone. */
  quiet?: boolean;
}

/** A date typed as day-month-year in every browser; beside it stands how it was read. */
export function DateField({ value, onChange, error, quiet = false, ...input }: DateFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value ? dayFirst(value) : "");
  const read = readDate(typed);
  const unreadable = typed.trim() !== "" && read === null;
  const [seen, setSeen] = useState(value);
  // the value changed from outside, as when a draft is thrown away
  if (seen !== value) {
    setSeen(value);
    if ((read ?? undefined) !== value) setTyped(value ? dayFirst(value) : "");
  }
  const meaning: ReactNode = read && !quiet ? <bdi className={css.meaning}>{calendarDate(read)}</bdi> : null;
  return (
    <TextInput
      {...input}
      inputMode="numeric"
      autoComplete="off"
      placeholder={t("ui.date.hint")}
      value={typed}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        onChange(readDate(text) ?? undefined);
      }}
      rightSection={meaning}
      rightSectionWidth={meaning ? 104 : 0}
      rightSectionPointerEvents="none"
      error={error ?? (unreadable && typed.trim().length >= 8 ? t("ui.date.unreadable") : undefined)}
    />
  );
}

/** A text that is no date stays as it is: who looks at it shall see what is wrong. */
function dayFirst(date: string): string {
  const [year, month, day, ...more] = date.split("-");
  return month && day && more.length === 0 ? `${day}-${month}-${year}` : date;
}
