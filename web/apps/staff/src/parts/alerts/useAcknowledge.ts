import { type Alert, alerts, hasCode } from "@hm/client";
import { toast } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { changed, queryClient, read } from "../../app/queries";
import { useAlertTitle } from "./words";

/** Acknowledging, the same wherever an alert stands. */
export function useAcknowledge(): { acknowledge: (alert: Alert) => void; acknowledging: string | null } {
  const { t } = useTranslation();
  const title = useAlertTitle();
  const acknowledge = useMutation({
    mutationFn: (alert: Alert) => alerts.acknowledge(alert.id),
    onSuccess: (answer) => {
      queryClient.setQueryData(read.alert(answer.id).queryKey, answer);
      toast.done(t("alerts.acknowledged", { title: title(answer) }));
    },
    onError: (error) => (hasCode(error, "alerts.illegal_transition") ? toast.warn(t("alerts.tooLate")) : toast.failed(error)),
    onSettled: () => changed("alerts", "encounters", "tasks"),
  });
  return {
    acknowledge: (alert) => {
      if (!acknowledge.isPending) acknowledge.mutate(alert);
    },
    acknowledging: acknowledge.isPending ? acknowledge.variables.id : null,
  };
}
