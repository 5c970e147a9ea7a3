import { Button } from "@mantine/core";
import type { ControlLot } from "@hm/client";
import { type Column, DataTable, EmptyState, StatusChip, calendarDate, useKeys } from "@hm/ui";
import { useNavigate } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../../../app/workplace";
import { LotPanel } from "./LotPanel";
import { inOrder } from "./typing";
import css from "./Quality.module.css";

/** Every lot of control material, those in use first. */
export function Lots({ lots }: { lots: ControlLot[] }) {
  const { t } = useTranslation();
  const { can } = useWorkplace();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const mayAdd = can("qualitycontrol.can_manage");
  useKeys(mayAdd && !adding ? [{ keys: "n", label: t("quality.newLot"), run: () => setAdding(true) }] : []);
  const add = mayAdd ? (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t("quality.newLot")}
    </Button>
  ) : null;
  const inUse = (lot: ControlLot) => lot.is_active && !lot.is_expired;
  const rows = [...inOrder(lots.filter(inUse)), ...inOrder(lots.filter((lot) => !inUse(lot)))];
  const columns: Column<ControlLot>[] = [
    { id: "material", header: t("quality.material"), cell: (lot) => <bdi className={css.name}>{lot.material}</bdi> },
    { id: "level", header: t("quality.level"), width: "70px", figures: true, cell: (lot) => lot.level },
    { id: "number", header: t("quality.lotNumber"), width: "130px", hide: "tiny", cell: (lot) => <bdi>{lot.lot_number}</bdi> },
    { id: "expires", header: t("quality.expires"), width: "120px", hide: "narrow", figures: true, cell: (lot) => <bdi dir="ltr">{calendarDate(lot.expires_on)}</bdi> },
    { id: "analytes", header: t("quality.analytes"), hide: "medium", cell: (lot) => <bdi className={css.quiet}>{lot.targets.map(({ name }) => name).join(", ")}</bdi> },
    { id: "state", header: t("quality.state"), width: "150px", cell: (lot) => <LotState lot={lot} /> },
  ];
  return (
    <>
      {rows.length === 0 ? (
        <EmptyState action={add}>{t("quality.noLots")}</EmptyState>
      ) : (
        <>
          <div className={css.bar}>{add}</div>
          <DataTable label={t("quality.part.lots")} rows={rows} columns={columns} rowKey={(lot) => lot.id} onOpen={(lot) => void navigate({ to: "/lab/quality/$lotId", params: { lotId: lot.id } })} />
        </>
      )}
      <LotPanel opened={adding} onClose={() => setAdding(false)} onSaved={(lot) => void navigate({ to: "/lab/quality/$lotId", params: { lotId: lot.id } })} />
    </>
  );
}

/** Whether it may be run, and whether something it controls is held. */
export function LotState({ lot }: { lot: ControlLot }) {
  const { t } = useTranslation();
  if (lot.is_expired) return <StatusChip tone="warn">{t("quality.expired")}</StatusChip>;
  if (!lot.is_active) return <StatusChip tone="neutral">{t("quality.inactive")}</StatusChip>;
  const held = lot.targets.filter(({ is_held }) => is_held).length;
  return held > 0 ? <StatusChip tone="critical">{t("quality.heldCount", { count: held })}</StatusChip> : <StatusChip tone="ok">{t("quality.inUse")}</StatusChip>;
}
