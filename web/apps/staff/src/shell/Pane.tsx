import { useKeys } from "@hm/ui";
import { Link, type LinkProps } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import css from "./Pane.module.css";

/** A page of one pane: its title and acts in a bar, its content below. */
export function Page({ title, acts, children }: { title: ReactNode; acts?: ReactNode; children: ReactNode }) {
  return (
    <div className={css.page}>
      <header className={css.bar}>
        <h1>{title}</h1>
        <div className={css.acts}>{acts}</div>
      </header>
      <div className={css.content}>{children}</div>
    </div>
  );
}

/**
 * List and detail side by side; on narrow screens one at a time. The list stays
 * mounted, so that its search and place are there on the way back.
 */
export function Split({ title, list, detail, showsDetail }: { title: string; list: ReactNode; detail: ReactNode; showsDetail: boolean }) {
  return (
    <div className={css.split} data-shows={showsDetail ? "detail" : "list"}>
      <h1 className="hm-visually-hidden">{title}</h1>
      <section className={css.list}>{list}</section>
      <section className={css.detail}>{detail}</section>
    </div>
  );
}

/** The head of a detail pane; Esc and, on narrow screens, an arrow lead back to the list. */
export function PaneHeader({ title, back, onBack, acts }: { title: ReactNode; back: LinkProps["to"]; onBack: () => void; acts?: ReactNode }) {
  const { t } = useTranslation();
  useKeys([{ keys: "Escape", label: t("shell.back"), run: onBack }]);
  return (
    <header className={css.bar}>
      <Link to={back} className={css.back} aria-label={t("shell.back")}>
        <ArrowLeft size={18} aria-hidden />
      </Link>
      <h2>{title}</h2>
      <div className={css.acts}>{acts}</div>
    </header>
  );
}

/** Content of a pane with the usual padding; focusable, so that the keyboard can scroll it. */
export function PaneBody({ children }: { children: ReactNode }) {
  return (
    <div className={css.body} tabIndex={0}>
      {children}
    </div>
  );
}

/** Buttons that stay in sight while a pane scrolls. */
export function PaneFooter({ children }: { children: ReactNode }) {
  return <footer className={css.footer}>{children}</footer>;
}
