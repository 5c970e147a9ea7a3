import { SidePanel } from "@hm/ui";
import { useTranslation } from "react-i18next";
import { AlertsSection } from "../parts/alerts/AlertsSection";
import { NotificationsSection } from "../parts/notifications/NotificationsSection";
import css from "./Bell.module.css";

/** What wants to be looked at, and below it what there is to know. */
export function BellPanel({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <SidePanel opened={opened} onClose={onClose} title={t("notifications.panel")} size={420}>
      <div className={css.sections}>
        <AlertsSection onFollow={onClose} />
        <NotificationsSection onFollow={onClose} />
      </div>
    </SidePanel>
  );
}
