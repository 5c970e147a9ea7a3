import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import css from "./Dialog.module.css";

interface DialogProps {
  opened: boolean;
  /** Without it the dialog can only be left through its content. */
  onClose?: () => void;
  title: ReactNode;
  size?: number;
  zIndex?: number;
  children: ReactNode;
}

/** A dialog in the middle. Its head is no landmark: the page has one banner only. */
export function Dialog({ opened, onClose, title, size = 440, zIndex, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose ?? (() => {})}
      closeOnEscape={onClose !== undefined}
      closeOnClickOutside={onClose !== undefined}
      size={size}
      zIndex={zIndex}
      centered
      transitionProps={{ duration: 80 }}
    >
      <Modal.Overlay backgroundOpacity={0.28} />
      <Modal.Content>
        <div className={css.header}>
          <Modal.Title className={css.title}>{title}</Modal.Title>
          {onClose ? <Modal.CloseButton aria-label={t("ui.close")} /> : null}
        </div>
        <Modal.Body className={css.body}>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
