import { Button, Select, Switch, TextInput } from "@mantine/core";
import { type Facility, administration } from "@hm/client";
import { ErrorState, FormError, PanelSkeleton, SidePanel, fieldFaults, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import css from "./Admin.module.css";

/** One facility's settings; `new` opens another. */
export function FacilityPanel({ facilityId, onClose }: { facilityId: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const isNew = facilityId === "new";
  const known = useQuery({ ...read.facility(facilityId ?? ""), enabled: facilityId !== null && !isNew });
  return (
    <SidePanel opened={facilityId !== null} onClose={onClose} title={isNew ? t("admin.addFacility") : (known.data?.facility.name ?? t("admin.part.facilities"))}>
      {isNew ? (
        <Form facility={null} etag={null} onDone={onClose} />
      ) : known.isError ? (
        <ErrorState error={known.error} onRetry={() => void known.refetch()} />
      ) : known.data ? (
        <Form key={known.data.facility.id} facility={known.data.facility} etag={known.data.etag} onDone={onClose} />
      ) : (
        <PanelSkeleton />
      )}
    </SidePanel>
  );
}

const zones = Intl.supportedValuesOf("timeZone");

function Form({ facility, etag, onDone }: { facility: Facility | null; etag: string | null; onDone: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState(facility?.code ?? "");
  const [name, setName] = useState(facility?.name ?? "");
  const [timeZone, setTimeZone] = useState(facility?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const [pattern, setPattern] = useState(facility?.mrn_pattern ?? "");
  const [several, setSeveral] = useState(facility?.several_active_encounters ?? false);
  const [open, setOpen] = useState(facility?.is_active ?? true);
  const settings = { name: name.trim(), time_zone: timeZone, ...(pattern.trim() ? { mrn_pattern: pattern.trim() } : {}), several_active_encounters: several };

  const save = useMutation({
    mutationFn: () =>
      facility ? administration.changeFacility(facility.id, { ...settings, is_active: open }, etag) : administration.createFacility({ code: code.trim(), ...settings }),
    onSuccess: () => {
      toast.done(t("admin.saved", { name: name.trim() }));
      onDone();
    },
    onSettled: () => changed("facilities"),
  });
  const faults = fieldFaults(save.error, ["code", "name", "time_zone", "mrn_pattern", "several_active_encounters", "is_active"]);
  const submit = () => {
    if (!save.isPending) save.mutate();
  };
  useKeys([{ keys: "mod+Enter", label: t("admin.save"), run: submit }], { overlay: true });

  return (
    <div className={css.form}>
      {facility ? null : (
        <TextInput label={t("admin.facility.code")} description={t("admin.facility.codeWhy")} value={code} onChange={(event) => setCode(event.currentTarget.value)} error={faults.of("code")} data-autofocus />
      )}
      <TextInput label={t("admin.facility.name")} value={name} onChange={(event) => setName(event.currentTarget.value)} error={faults.of("name")} data-autofocus={facility !== null || undefined} />
      <Select
        label={t("admin.facility.timeZone")}
        data={zones.includes(timeZone) ? zones : [timeZone, ...zones]}
        value={timeZone}
        onChange={(zone) => zone && setTimeZone(zone)}
        limit={60}
        searchable
        error={faults.of("time_zone")}
      />
      <TextInput label={t("admin.facility.mrnPattern")} description={t("admin.facility.mrnWhy")} value={pattern} onChange={(event) => setPattern(event.currentTarget.value)} error={faults.of("mrn_pattern")} />
      <Switch label={t("admin.facility.several")} description={t("admin.facility.severalWhy")} checked={several} onChange={(event) => setSeveral(event.currentTarget.checked)} />
      {facility ? <Switch label={t("admin.facility.isOpen")} checked={open} onChange={(event) => setOpen(event.currentTarget.checked)} error={faults.of("is_active")} /> : null}
      <FormError error={save.error} faults={faults} />
      <Button loading={save.isPending} onClick={submit}>
        {t("admin.save")}
      </Button>
    </div>
  );
}
