import { Button } from "@mantine/core";
import { type User, administration } from "@hm/client";
import { Bdi, type Column, DataTable, EmptyState, ErrorState, StatusChip, TableSkeleton, useKeys } from "@hm/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../app/workplace";
import { More } from "../../parts/More";
import css from "./Admin.module.css";
import { AdminPage } from "./AdminPage";
import { NewUserPanel } from "./NewUserPanel";
import { UserPanel } from "./UserPanel";

/** The people of this hospital and what they may do. */
export function Users() {
  const { t } = useTranslation();
  const { can, membership } = useWorkplace();
  const [adding, setAdding] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  const mayManage = can("iam.can_manage_users");
  const users = useInfiniteQuery({
    queryKey: ["users", "list"],
    queryFn: ({ pageParam, signal }) => administration.users({ limit: 100, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const rows = users.data?.pages.flatMap((page) => page.results) ?? [];
  useKeys(mayManage ? [{ keys: "n", label: t("admin.addUser"), run: () => setAdding(true) }] : []);

  const columns: Column<User>[] = [
    { id: "name", header: t("admin.column.name"), cell: (user) => <bdi className={css.name}>{user.full_name}</bdi> },
    { id: "username", header: t("admin.column.username"), width: "200px", hide: "tiny", cell: (user) => <Bdi>{user.username}</Bdi> },
    { id: "email", header: t("admin.column.email"), hide: "narrow", cell: (user) => <Bdi>{user.email}</Bdi> },
    {
      id: "roles",
      header: t("admin.column.roles"),
      hide: "tiny",
      cell: (user) => (user.memberships ?? []).find((place) => place.is_active && place.facility_id === membership.facility_id)?.roles.join(", "),
    },
    {
      id: "active",
      header: t("admin.column.state"),
      width: "120px",
      cell: (user) => <StatusChip tone={user.is_active ? "ok" : "neutral"}>{t(user.is_active ? "admin.active" : "admin.inactive")}</StatusChip>,
    },
  ];

  return (
    <AdminPage
      acts={
        mayManage ? (
          <Button leftSection={<UserPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
            {t("admin.addUser")}
          </Button>
        ) : null
      }
    >
      {users.isPending ? (
        <TableSkeleton />
      ) : users.isError ? (
        <ErrorState error={users.error} onRetry={() => void users.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState>{t("admin.noUsers")}</EmptyState>
      ) : (
        <DataTable label={t("admin.users")} rows={rows} columns={columns} rowKey={(user) => user.id} selectedKey={opened} onOpen={(user) => setOpened(user.id)} footer={<More pages={users} />} />
      )}
      <UserPanel userId={opened} onClose={() => setOpened(null)} />
      <NewUserPanel opened={adding} onClose={() => setAdding(false)} />
    </AdminPage>
  );
}
