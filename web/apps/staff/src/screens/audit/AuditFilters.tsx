import { Button, Select, TextInput } from "@mantine/core";
import { type AuditFilter, audit } from "@hm/client";
import { DateField, FormError, instantIn } from "@hm/ui";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import css from "./Audit.module.css";

/** What is chosen; days are the facility's own, both included. */
export interface Chosen {
  from?: string;
  to?: string;
  actor?: string;
  patient?: string;
  code: string;
}

export const unfiltered: Chosen = { code: "" };

/** The server's question for what is chosen. */
export function queryOf({ from, to, actor, patient, code }: Chosen, timeZone: string): AuditFilter {
  return {
    ...(from ? { since: instantIn(timeZone, from) } : {}),
    ...(to ? { until: instantIn(timeZone, dayAfter(to)) } : {}),
    ...(actor ? { actor_id: actor } : {}),
    ...(patient ? { patient_id: patient } : {}),
    ...(code.trim() ? { code: code.trim() } : {}),
  };
}

function dayAfter(date: string): string {
  const next = new Date(`${date}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

/** By days, person, patient and event; and the chosen range as a file. */
export function AuditFilters({ chosen, onChange }: { chosen: Chosen; onChange: (chosen: Chosen) => void }) {
  const { t } = useTranslation();
  const { membership, timeZone } = useWorkplace();
  const colleagues = useQuery(read.colleagues(membership.facility_id));
  const [code, setCode] = useState(chosen.code);
  const [asked, setAsked] = useState(false);
  const set = (change: Partial<Chosen>) => onChange({ ...chosen, ...change });
  const save = useMutation({
    mutationFn: (from: string) => audit.export({ ...queryOf(chosen, timeZone), since: instantIn(timeZone, from) }),
    onSuccess: ({ name, content }) => saveAs(name, content),
  });
  const isFiltered = Object.values(chosen).some(Boolean);

  return (
    <form
      className={css.filters}
      role="search"
      aria-label={t("audit.filter.label")}
      onSubmit={(event) => {
        event.preventDefault();
        set({ code });
      }}
    >
      <DateField label={t("audit.filter.from")} value={chosen.from} onChange={(from) => set({ from })} error={asked && !chosen.from ? t("audit.exportWhy") : undefined} />
      <DateField label={t("audit.filter.to")} value={chosen.to} onChange={(to) => set({ to })} />
      <Select
        label={t("audit.filter.actor")}
        placeholder={t("audit.filter.anybody")}
        data={(colleagues.data ?? []).map((user) => ({ value: user.id, label: user.full_name }))}
        value={chosen.actor ?? null}
        onChange={(actor) => set({ actor: actor ?? undefined })}
        searchable
        clearable
        clearButtonProps={{ "aria-label": t("patient.clear") }}
      />
      <PatientSelect value={chosen.patient} onChange={(patient) => set({ patient })} />
      <TextInput
        label={t("audit.filter.code")}
        placeholder={t("audit.filter.codeHint")}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        onBlur={() => code !== chosen.code && set({ code })}
      />
      <div className={css.filterActs}>
        <Button type="submit" variant="default">
          {t("audit.filter.apply")}
        </Button>
        {isFiltered ? (
          <Button
            variant="subtle"
            color="gray"
            onClick={() => {
              setCode("");
              onChange(unfiltered);
            }}
          >
            {t("audit.filter.clear")}
          </Button>
        ) : null}
        <Button variant="default" leftSection={<Download size={15} aria-hidden />} loading={save.isPending} onClick={() => (chosen.from ? save.mutate(chosen.from) : setAsked(true))}>
          {t("audit.export")}
        </Button>
      </div>
      {save.error ? (
        <div className={css.wide}>
          <FormError error={save.error} />
        </div>
      ) : null}
    </form>
  );
}

/** A patient found by name, number or phone. */
function PatientSelect({ value, onChange }: { value: string | undefined; onChange: (patientId: string | undefined) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 200);
  const [label, setLabel] = useState("");
  // the chosen one's own name is no question
  const found = useQuery(read.patientSearch(q === label ? "" : q));
  const data = (found.data?.results ?? []).map((patient) => ({ value: patient.id, label: `${patient.full_name} · ${patient.mrn}` }));
  const chosen = value && !data.some((one) => one.value === value) ? [{ value, label }] : [];
  return (
    <Select
      label={t("audit.filter.patient")}
      placeholder={t("audit.filter.anyPatient")}
      data={[...chosen, ...data]}
      filter={({ options }) => options}
      value={value ?? null}
      onChange={(patientId, option) => {
        setLabel(option?.label ?? "");
        onChange(patientId ?? undefined);
      }}
      searchValue={typed}
      onSearchChange={setTyped}
      nothingFoundMessage={q && found.isSuccess ? t("shell.find.nobody", { q }) : undefined}
      searchable
      clearable
      clearButtonProps={{ "aria-label": t("patient.clear") }}
    />
  );
}

function saveAs(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
