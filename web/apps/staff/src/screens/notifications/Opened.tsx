import { notifications } from "@hm/client";
import { EmptyState, ErrorState, PanelSkeleton } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { changed } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { addressOf } from "../../parts/notifications/link";
import { Page } from "../../shell/Pane";

/** From a mail, an SMS or a message of the browser to what it is about: read now, and shown where it belongs. */
export function Opened() {
  const { t } = useTranslation();
  const { notificationId } = useParams({ from: "/person/workplace/notifications/$notificationId" });
  const { can } = useWorkplace();
  const navigate = useNavigate();
  const one = useQuery({ queryKey: ["notifications", notificationId], queryFn: ({ signal }) => notifications.get(notificationId, signal), retry: false });
  const address = one.data ? addressOf(one.data) : null;
  const unread = one.data !== undefined && !one.data.is_read;

  useEffect(() => {
    if (unread && can("notifications.can_mark")) void notifications.markRead(notificationId).then(() => changed("notifications"), () => undefined);
    if (address !== null) void navigate({ href: address, replace: true });
  }, [address, unread, notificationId, navigate, can]);

  return (
    <Page title={one.data ? one.data.title : t("notifications.notifications")}>
      {one.isError ? (
        <>
          <ErrorState error={one.error} />
          <EmptyState action={<Link to="/choose-facility">{t("notifications.otherFacility")}</Link>}>{t("notifications.notHere")}</EmptyState>
        </>
      ) : one.data && address === null ? (
        <EmptyState>{one.data.body}</EmptyState>
      ) : (
        <PanelSkeleton />
      )}
    </Page>
  );
}
