import { Button } from "@mantine/core";
import type { Facility } from "@hm/client";
import { Bdi, type Column, DataTable, ErrorState, StatusChip, TableSkeleton, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./Admin.module.css";
import { AdminPage } from "./AdminPage";
import { FacilityPanel } from "./FacilityPanel";

/** The tenant's facilities and their settings. */
export function Facilities() {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const facilities = useQuery(read.facilities());
  const [opened, setOpened] = useState<string | null>(null);
  const mayOpen = can("facilities.can_create");
  useKeys(mayOpen ? [{ keys: "n", label: t("admin.addFacility"), run: () => setOpened("new") }] : []);

  const columns: Column<Facility>[] = [
    { id: "name", header: t("admin.facility.name"), cell: (facility) => <bdi className={css.name}>{facility.name}</bdi> },
    { id: "code", header: t("admin.facility.code"), width: "120px", cell: (facility) => <Bdi>{facility.code}</Bdi> },
    { id: "zone", header: t("admin.facility.timeZone"), width: "180px", hide: "narrow", cell: (facility) => <Bdi>{facility.time_zone}</Bdi> },
    { id: "mrn", header: t("admin.facility.mrnPattern"), hide: "narrow", cell: (facility) => <Bdi>{facility.mrn_pattern}</Bdi> },
    {
      id: "active",
      header: t("admin.column.state"),
      width: "120px",
      cell: (facility) => <StatusChip tone={facility.is_active ? "ok" : "neutral"}>{t(facility.is_active ? "admin.facility.open" : "admin.facility.closed")}</StatusChip>,
    },
  ];
  return (
    <AdminPage
      acts={
        mayOpen ? (
          <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setOpened("new")}>
            {t("admin.addFacility")}
          </Button>
        ) : null
      }
    >
      {facilities.isPending ? (
        <TableSkeleton />
      ) : facilities.isError ? (
        <ErrorState error={facilities.error} onRetry={() => void facilities.refetch()} />
      ) : (
        <DataTable label={t("admin.part.facilities")} rows={facilities.data} columns={columns} rowKey={(facility) => facility.id} selectedKey={opened} onOpen={(facility) => setOpened(facility.id)} />
      )}
      <FacilityPanel facilityId={opened} onClose={() => setOpened(null)} />
    </AdminPage>
  );
}
