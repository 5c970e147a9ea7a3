import type { Encounter } from "@hm/client";
import { ErrorState, PanelSkeleton, PatientBanner, SidePanel } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { VitalsForm, VitalsFormFooter, useVitalsForm } from "./VitalsForm";

/** Vitals of one visit, in a drawer over whatever screen asked for it. */
export function VitalsDrawer({ encounter, onClose }: { encounter: Encounter | null; onClose: () => void }) {
  // the drawer keeps its last patient while it slides away, and never shows two
  const [shown, setShown] = useState(encounter);
  if (encounter && encounter !== shown) setShown(encounter);
  if (!shown) return null;
  return <Drawer key={shown.id} encounter={shown} opened={encounter !== null} onClose={onClose} />;
}

function Drawer({ encounter, opened, onClose }: { encounter: Encounter; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { today } = useWorkplace();
  const known = useQuery({ ...read.patient(encounter.patient_id), enabled: opened });
  const form = useVitalsForm({ encounter, patient: known.data?.patient ?? null, opened, onDone: onClose });
  return (
    <SidePanel
      opened={opened}
      onClose={onClose}
      title={t("vitals.title")}
      banner={known.data ? <PatientBanner patient={known.data.patient} today={today} inPanel /> : null}
      footer={known.data ? <VitalsFormFooter form={form} /> : null}
    >
      {known.isError ? (
        <ErrorState error={known.error} onRetry={() => void known.refetch()} />
      ) : known.data ? (
        <VitalsForm form={form} />
      ) : (
        <PanelSkeleton lines={6} />
      )}
    </SidePanel>
  );
}
