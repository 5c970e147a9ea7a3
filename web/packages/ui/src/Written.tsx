import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import css from "./Written.module.css";

/** A name, number or record number in its own direction, whatever script surrounds it. */
export function Bdi({ children }: { children: ReactNode }) {
  return <bdi>{children}</bdi>;
}

/** A record number: stands apart from names by its weight. */
export function RecordNumber({ children }: { children: ReactNode }) {
  return <bdi className={css.recordNumber}>{children}</bdi>;
}

/** A value with its unit lighter than itself. */
export function Quantity({ value, unit }: { value: ReactNode; unit?: string }) {
  return (
    <bdi className={css.quantity} dir="ltr">
      {value}
      {unit ? <span className={css.unit}>{`\u202f${unit}`}</span> : null}
    </bdi>
  );
}

/** Label above value, label lighter. */
export function Labelled({ label, children }: { label: ReactNode; children: ReactNode }) {
  return (
    <div className={css.labelled}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function Key({ children }: { children: ReactNode }) {
  return <kbd className={css.key}>{children}</kbd>;
}

/** Beside a saving button: the keys that press it. */
export function SaveKeys() {
  const { t } = useTranslation();
  return (
    <span className={css.saveKeys} dir="ltr" aria-hidden>
      <Key>{t("ui.keys.ctrl")}</Key>
      <Key>{t("ui.keys.enter")}</Key>
    </span>
  );
}
