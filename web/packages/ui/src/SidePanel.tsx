import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import css from "./SidePanel.module.css";

interface SidePanelProps {
  opened: boolean;
  onClose: () => void;
  title: ReactNode;
  /** The patient banner, when the panel is about a patient. */
  banner?: ReactNode;
  /** Buttons, in a bar that never scrolls away. */
  footer?: ReactNode;
  size?: number;
  children: ReactNode;
}

/** A drawer from the reading direction's end; Esc closes it. */
export function SidePanel({ opened, onClose, title, banner, footer, size = 480, children }: SidePanelProps) {
  const { t } = useTranslation();
  return (
    <Drawer.Root opened={opened} onClose={onClose} size={size} position={document.dir === "rtl" ? "left" : "right"} transitionProps={{ duration: 100 }}>
      <Drawer.Overlay backgroundOpacity={0.28} />
      <Drawer.Content>
        <div className={css.frame}>
          <div className={css.header}>
            <Drawer.Title className={css.title}>{title}</Drawer.Title>
            <Drawer.CloseButton aria-label={t("ui.close")} />
          </div>
          {banner}
          <Drawer.Body className={css.body} tabIndex={0}>
            {children}
          </Drawer.Body>
          {footer ? <div className={css.footer}>{footer}</div> : null}
        </div>
      </Drawer.Content>
    </Drawer.Root>
  );
}
