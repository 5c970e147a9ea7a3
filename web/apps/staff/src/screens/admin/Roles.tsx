import { Button } from "@mantine/core";
import type { Role } from "@hm/client";
import { type Column, DataTable, ErrorState, StatusChip, TableSkeleton, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./Admin.module.css";
import { AdminPage } from "./AdminPage";
import { RolePanel } from "./RolePanel";

/** What each role allows; the tenant's own roles can be made and changed. */
export function Roles() {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const roles = useQuery(read.roles());
  const [opened, setOpened] = useState<Role | "new" | null>(null);
  const mayManage = can("iam.can_manage_roles");
  useKeys(mayManage ? [{ keys: "n", label: t("admin.addRole"), run: () => setOpened("new") }] : []);

  const columns: Column<Role>[] = [
    { id: "name", header: t("admin.role.name"), cell: (role) => <bdi className={css.name}>{role.name}</bdi> },
    { id: "code", header: t("admin.role.code"), width: "200px", hide: "tiny", cell: (role) => <bdi>{role.code}</bdi> },
    { id: "count", header: t("admin.role.permissions"), width: "130px", align: "end", figures: true, cell: (role) => role.permissions.length },
    {
      id: "kind",
      header: t("admin.role.kind"),
      width: "150px",
      cell: (role) => <StatusChip tone={role.built_in ? "neutral" : "info"}>{t(role.built_in ? "admin.role.builtIn" : "admin.role.own")}</StatusChip>,
    },
  ];
  return (
    <AdminPage
      acts={
        mayManage ? (
          <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setOpened("new")}>
            {t("admin.addRole")}
          </Button>
        ) : null
      }
    >
      {roles.isPending ? (
        <TableSkeleton />
      ) : roles.isError ? (
        <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />
      ) : (
        <DataTable label={t("admin.part.roles")} rows={roles.data} columns={columns} rowKey={(role) => role.id} onOpen={setOpened} />
      )}
      <RolePanel opened={opened} onClose={() => setOpened(null)} />
    </AdminPage>
  );
}
