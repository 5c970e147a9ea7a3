import { Button } from "@mantine/core";
import { Dialog, toast } from "@hm/ui";
import { useTranslation } from "react-i18next";
import { signOut } from "../app/signOut";
import css from "./LeaveDialog.module.css";

interface LeaveDialogProps {
  userId: string;
  /** How many forms hold words that were never saved. */
  unsaved: number;
  opened: boolean;
  onStay: () => void;
}

/** Before somebody with unsaved words signs out: what shall become of them? */
export function LeaveDialog({ userId, unsaved, opened, onStay }: LeaveDialogProps) {
  const { t } = useTranslation();
  const leave = (keepDrafts: boolean) => void signOut(userId, { keepDrafts }).catch(toast.failed);
  return (
    <Dialog opened={opened} onClose={onStay} title={t("shell.leave.title")}>
      <p className={css.why}>{t("shell.leave.why", { count: unsaved })}</p>
      <div className={css.choices}>
        <Button data-autofocus onClick={onStay}>
          {t("shell.leave.stay")}
        </Button>
        <Button variant="default" onClick={() => leave(true)}>
          {t("shell.leave.keep")}
        </Button>
        <Button variant="subtle" color="red" onClick={() => leave(false)}>
          {t("shell.leave.delete")}
        </Button>
      </div>
    </Dialog>
  );
}
