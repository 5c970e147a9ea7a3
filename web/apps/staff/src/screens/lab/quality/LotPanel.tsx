import { ActionIcon, Autocomplete, Button, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { type ControlLot, qualitycontrol } from "@hm/client";
import { DateField, FormError, SaveKeys, SidePanel, fieldFaults, focusFirstFault, toast, unitText, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../../app/queries";
import css from "./Quality.module.css";

interface TypedTarget {
  analyte: string;
  mean: string | number;
  sd: string | number;
  unit: string;
}

const blank: TypedTarget = { analyte: "", mean: "", sd: "", unit: "" };

interface LotPanelProps {
  opened: boolean;
  onClose: () => void;
  /** A lot to change; a new one without. */
  lot?: ControlLot;
  etag?: string | null;
  onSaved: (lot: ControlLot) => void;
}

/** A new lot with its targets as the insert in its box tells them; or the changes to one. */
export function LotPanel({ opened, onClose, lot, etag, onSaved }: LotPanelProps) {
  const { t } = useTranslation();
  return (
    <SidePanel opened={opened} onClose={onClose} title={lot ? t("quality.changeLot") : t("quality.newLot")} size={680}>
      {opened ? <Form key={lot?.id ?? "new"} lot={lot} etag={etag ?? null} onClose={onClose} onSaved={onSaved} /> : null}
    </SidePanel>
  );
}

function Form({ lot, etag, onClose, onSaved }: { lot: ControlLot | undefined; etag: string | null; onClose: () => void; onSaved: (lot: ControlLot) => void }) {
  const { t } = useTranslation();
  const form = useRef<HTMLFormElement>(null);
  const [material, setMaterial] = useState(lot?.material ?? "");
  const [lotNumber, setLotNumber] = useState(lot?.lot_number ?? "");
  const [level, setLevel] = useState<string | null>(String(lot?.level ?? 1));
  const [expires, setExpires] = useState<string | undefined>(lot?.expires_on);
  const [active, setActive] = useState(lot?.is_active ?? true);
  const [targets, setTargets] = useState<TypedTarget[]>(lot ? lot.targets.map(({ analyte, mean, sd, unit }) => ({ analyte, mean, sd, unit })) : [blank]);
  const known = useQuery(read.controlAnalytes());
  const lots = useQuery(read.controlLots({}));
  const materials = [...new Set((lots.data ?? []).map((one) => one.material))];
  const fixed = lot?.targets.length ?? 0;

  const save = useMutation({
    mutationFn: () => {
      const written = targets.filter(({ analyte }) => analyte).map(({ analyte, mean, sd, unit }) => ({ analyte, mean: Number(mean), sd: Number(sd), ...(unit.trim() ? { unit: unit.trim() } : {}) }));
      return lot
        ? qualitycontrol.change(lot.id, { expires_on: expires, is_active: active, targets: written }, etag)
        : qualitycontrol.open({ material: material.trim(), lot_number: lotNumber.trim(), level: Number(level), expires_on: expires ?? "", targets: written });
    },
    onSuccess: async (saved) => {
      toast.done(t("quality.lotSaved", { material: saved.material, level: saved.level }));
      onClose();
      await changed("qualitycontrol");
      onSaved(saved);
    },
    onError: () => focusFirstFault(form.current),
  });
  const rows = targets.flatMap((_, index) => ["analyte", "mean", "sd", "unit"].map((name) => `targets[${index}].${name}`));
  const faults = fieldFaults(save.error, ["material", "lot_number", "level", "expires_on", ...rows, "targets"]);
  const [asked, setAsked] = useState(false);
  const missing = (value: string | number) => (asked && value === "" ? t("quality.needed") : undefined);
  const submit = () => {
    setAsked(true);
    const unfinished = targets.some(({ analyte, mean, sd }) => analyte && (mean === "" || sd === ""));
    if (unfinished) focusFirstFault(form.current);
    else if (!save.isPending) save.mutate();
  };
  useKeys([{ keys: "mod+Enter", label: t("quality.save"), run: submit }], { overlay: true });
  const set = (index: number, change: Partial<TypedTarget>) => setTargets(targets.map((target, at) => (at === index ? { ...target, ...change } : target)));
  const analytes = (known.data ?? []).filter(({ kind }) => kind === "number");

  return (
    <form
      ref={form}
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className={css.pair}>
        <Autocomplete data-autofocus={lot ? undefined : true} label={t("quality.material")} description={t("quality.materialWhy")} data={materials} value={material} onChange={setMaterial} disabled={lot !== undefined} error={faults.of("material")} maxLength={100} withAsterisk />
        <TextInput label={t("quality.lotNumber")} description={t("quality.lotNumberWhy")} value={lotNumber} onChange={(event) => setLotNumber(event.currentTarget.value)} disabled={lot !== undefined} error={faults.of("lot_number")} maxLength={60} withAsterisk />
        <Select label={t("quality.level")} data={["1", "2", "3"].map((value) => ({ value, label: t(`quality.levels.${value as "1" | "2" | "3"}`) }))} value={level} onChange={setLevel} disabled={lot !== undefined} error={faults.of("level")} allowDeselect={false} withAsterisk />
        <DateField label={t("quality.expires")} value={expires} onChange={setExpires} error={faults.of("expires_on")} withAsterisk />
      </div>
      {lot ? <Switch label={t("quality.inUse")} checked={active} onChange={(event) => setActive(event.currentTarget.checked)} /> : null}
      <fieldset className={css.targets}>
        <legend>{t("quality.targets")}</legend>
        {lot ? <p className={css.quiet}>{t("quality.targetsWhy")}</p> : null}
        {targets.map((target, index) => (
          <div key={index} className={css.target}>
            <Select
              label={t("quality.analyte")}
              data={[...(target.analyte && !analytes.some(({ code }) => code === target.analyte) ? [{ value: target.analyte, label: lot?.targets[index]?.name ?? target.analyte }] : []), ...analytes.map(({ code, name }) => ({ value: code, label: `${name} (${code})` }))]}
              value={target.analyte || null}
              onChange={(analyte) => set(index, { analyte: analyte ?? "", unit: analytes.find(({ code }) => code === analyte)?.unit ?? target.unit })}
              disabled={index < fixed}
              searchable
              nothingFoundMessage={t("quality.noAnalyte")}
              error={faults.of(`targets[${index}].analyte`)}
              className={css.wide}
            />
            <NumberInput label={t("quality.mean")} value={target.mean} onChange={(mean) => set(index, { mean })} decimalScale={6} hideControls error={faults.of(`targets[${index}].mean`) ?? (target.analyte ? missing(target.mean) : undefined)} />
            <NumberInput label={t("quality.sd")} value={target.sd} onChange={(sd) => set(index, { sd })} decimalScale={6} min={0} hideControls error={faults.of(`targets[${index}].sd`) ?? (target.analyte ? missing(target.sd) : undefined)} />
            <TextInput label={t("quality.unit")} value={target.unit} placeholder={unitText(target.unit)} onChange={(event) => set(index, { unit: event.currentTarget.value })} error={faults.of(`targets[${index}].unit`)} maxLength={40} />
            {index >= fixed && targets.length > 1 ? (
              <ActionIcon variant="subtle" color="gray" aria-label={t("quality.removeTarget", { number: index + 1 })} onClick={() => setTargets(targets.filter((_, at) => at !== index))}>
                <X size={16} aria-hidden />
              </ActionIcon>
            ) : (
              <span />
            )}
          </div>
        ))}
        <Button variant="default" size="xs" leftSection={<Plus size={14} aria-hidden />} onClick={() => setTargets([...targets, blank])}>
          {t("quality.addTarget")}
        </Button>
      </fieldset>
      <FormError error={save.error} faults={faults} />
      <div className={css.acts}>
        <Button type="submit" loading={save.isPending}>
          {t("quality.save")}
        </Button>
        <SaveKeys />
      </div>
    </form>
  );
}
