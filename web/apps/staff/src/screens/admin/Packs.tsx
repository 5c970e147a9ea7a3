import { Button, Menu } from "@mantine/core";
import type { Pack } from "@hm/client";
import { Bdi, type Column, DataTable, ErrorState, StatusChip, TableSkeleton, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MoreHorizontal, Upload } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { nameOfLanguage } from "../../i18n/translations";
import css from "./Admin.module.css";
import { AdminPage } from "./AdminPage";
import { AllowedTools } from "./AllowedTools";
import { FacilityPacks } from "./FacilityPacks";
import { InstallPack } from "./InstallPack";
import { SignedOff } from "./SignedOff";

/** The medical systems that this hospital can work by: built in, and its own. */
export function Packs() {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const navigate = useNavigate();
  const packs = useQuery(read.packs());
  const [panel, setPanel] = useState<"install" | "facility" | "tools" | null>(null);
  const mayInstall = can("packs.can_install");
  useKeys(mayInstall ? [{ keys: "n", label: t("packs.install"), run: () => setPanel("install") }] : []);

  const columns: Column<Pack>[] = [
    { id: "name", header: t("packs.column.name"), cell: (pack) => <bdi className={css.name}>{pack.name}</bdi> },
    { id: "version", header: t("packs.column.version"), width: "96px", figures: true, cell: (pack) => <Bdi>{pack.version}</Bdi> },
    { id: "kind", header: t("packs.column.kind"), width: "164px", hide: "narrow", cell: (pack) => t(`packs.kinds.${pack.kind}`) },
    { id: "origin", header: t("packs.column.origin"), width: "120px", hide: "tiny", cell: (pack) => t(`packs.origins.${pack.origin}`) },
    { id: "languages", header: t("packs.column.languages"), hide: "medium", cell: (pack) => <bdi>{pack.locales.map(nameOfLanguage).join(", ")}</bdi> },
    { id: "signed", header: t("packs.column.signOff"), width: "190px", cell: (pack) => (pack.problem ? <StatusChip tone="critical">{t("packs.notInUse")}</StatusChip> : <SignedOff signOff={pack.sign_off} />) },
  ];
  return (
    <AdminPage
      acts={
        <>
          {mayInstall ? (
            <Button leftSection={<Upload size={16} aria-hidden />} onClick={() => setPanel("install")}>
              {t("packs.install")}
            </Button>
          ) : null}
          {mayInstall || can("facilities.can_update") ? (
            <Menu position="bottom-end" width={240}>
              <Menu.Target>
                <Button variant="default" px={8} aria-label={t("packs.more")}>
                  <MoreHorizontal size={16} aria-hidden />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {can("facilities.can_update") ? <Menu.Item onClick={() => setPanel("facility")}>{t("packs.ofFacility")}</Menu.Item> : null}
                {mayInstall ? <Menu.Item onClick={() => setPanel("tools")}>{t("packs.tools.title")}</Menu.Item> : null}
              </Menu.Dropdown>
            </Menu>
          ) : null}
        </>
      }
    >
      {packs.isPending ? (
        <TableSkeleton />
      ) : packs.isError ? (
        <ErrorState error={packs.error} onRetry={() => void packs.refetch()} />
      ) : (
        <DataTable label={t("admin.part.packs")} rows={packs.data} columns={columns} rowKey={(pack) => pack.id} onOpen={(pack) => void navigate({ to: "/admin/packs/$packId", params: { packId: pack.id } })} />
      )}
      <InstallPack opened={panel === "install"} onClose={() => setPanel(null)} />
      <FacilityPacks opened={panel === "facility"} packs={packs.data ?? []} onClose={() => setPanel(null)} />
      <AllowedTools opened={panel === "tools"} onClose={() => setPanel(null)} />
    </AdminPage>
  );
}
