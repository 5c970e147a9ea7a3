import { TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import css from "./Lab.module.css";

/** Finds tests by patient, number or barcode. Enter leads from here to what was found: no hand leaves the keys. */
export function SearchField({ value, onChange, onEnter }: { value: string; onChange: (value: string) => void; onEnter?: () => void }) {
  const { t } = useTranslation();
  return (
    <TextInput
      className={css.search}
      size="xs"
      aria-label={t("lab.bench.search")}
      placeholder={t("lab.bench.search")}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !onEnter) return;
        event.preventDefault();
        onEnter();
      }}
    />
  );
}
