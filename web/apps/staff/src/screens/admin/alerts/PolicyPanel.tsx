import { ActionIcon, Button, NumberInput, Select } from "@mantine/core";
import { type AlertPolicy, type AlertSeverity, alerts } from "@hm/client";
import { FormError, PanelSkeleton, SaveKeys, SidePanel, fieldFaults, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../../app/queries";
import { alertSeverities } from "../../../app/router";
import { useKindName } from "../../../parts/alerts/words";
import css from "./AlertSetup.module.css";
import { type StepDraft, type TargetKind, draftOf, stepOf, targetKinds } from "./whom";

export function PolicyPanel({ opened, onClose }: { opened: AlertPolicy | null; onClose: () => void }) {
  const { t } = useTranslation();
  const kindName = useKindName();
  return (
    <SidePanel opened={opened !== null} onClose={onClose} title={opened ? t("alerts.setup.policy.title", { kind: kindName(opened.kind) }) : null} size={560}>
      {opened ? <Loader key={opened.kind} kind={opened.kind} onDone={onClose} /> : null}
    </SidePanel>
  );
}

function Loader({ kind, onDone }: { kind: string; onDone: () => void }) {
  const found = useQuery({ ...read.alertPolicy(kind), staleTime: 0, gcTime: 0 });
  return found.data ? <Form policy={found.data.policy} etag={found.data.policy.is_built_in ? null : found.data.etag} onDone={onDone} /> : <PanelSkeleton lines={5} />;
}

function Form({ policy, etag, onDone }: { policy: AlertPolicy; etag: string | null; onDone: () => void }) {
  const { t } = useTranslation();
  const roles = useQuery(read.roles());
  const teams = useQuery(read.alertTeams());
  const [severity, setSeverity] = useState<AlertSeverity | null>(policy.severity);
  const [steps, setSteps] = useState<StepDraft[]>(policy.steps.map(draftOf));
  const [repeats, setRepeats] = useState<number | string>(policy.repeats);
  const [tried, setTried] = useState(false);
  const ready = steps.map(stepOf);
  const save = useMutation({
    mutationFn: () => alerts.changePolicy(policy.kind, { severity: severity ?? undefined, steps: ready.filter((step) => step !== null), repeats: steps.length === 0 ? 0 : Number(repeats) || 0 }, etag),
    onSuccess: () => {
      toast.done(t("alerts.setup.policy.saved"));
      onDone();
    },
    onSettled: () => changed("alertPolicies"),
  });
  const faults = fieldFaults(save.error, ["severity", "repeats"]);
  function submit() {
    setTried(true);
    if (!save.isPending && ready.every((step) => step !== null)) save.mutate();
  }
  useKeys([{ keys: "mod+Enter", label: t("alerts.setup.save"), run: submit }], { overlay: true });

  const change = (at: number, part: Partial<StepDraft>) => setSteps(steps.map((step, index) => (index === at ? { ...step, ...part } : step)));
  const roleChoices = (roles.data ?? []).map((role) => ({ value: role.code, label: role.name || role.code }));
  const teamChoices = (teams.data ?? []).map((team) => ({ value: team.code, label: team.name }));
  const choices: Record<TargetKind, { value: string; label: string }[]> = { role: roleChoices, team: teamChoices, duty: [...roleChoices, ...teamChoices.filter(({ value }) => !roleChoices.some((role) => role.value === value))] };
  return (
    <div className={css.form}>
      <Select
        label={t("alerts.setup.policy.severity")}
        placeholder={t("alerts.setup.policy.asRaised")}
        clearable
        value={severity}
        onChange={(value) => setSeverity(value as AlertSeverity | null)}
        data={alertSeverities.map((value) => ({ value, label: t(`alerts.severity.${value}`) }))}
        error={faults.of("severity")}
      />
      <section className={css.stepList} aria-label={t("alerts.setup.policy.steps")}>
        <h3>{t("alerts.setup.policy.steps")}</h3>
        <p className={css.quiet}>{t("alerts.setup.policy.why")}</p>
        {steps.map((step, index) => (
          <fieldset key={index} className={css.step}>
            <legend className="hm-visually-hidden">{t("alerts.setup.policy.stepN", { n: index + 1 })}</legend>
            <NumberInput
              label={t("alerts.setup.policy.after")}
              min={1}
              max={10_080}
              allowDecimal={false}
              value={step.minutes}
              onChange={(minutes) => change(index, { minutes })}
              error={tried && stepOf({ ...step, code: "x" }) === null}
            />
            <Select
              label={t("alerts.setup.policy.to")}
              allowDeselect={false}
              value={step.kind}
              onChange={(value) => change(index, { kind: value as TargetKind, code: null })}
              data={targetKinds.map((value) => ({ value, label: t(`alerts.setup.policy.whom.${value}`) }))}
            />
            <Select label={t("alerts.setup.policy.name")} searchable value={step.code} onChange={(code) => change(index, { code })} data={choices[step.kind]} error={tried && !step.code} />
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("alerts.setup.policy.removeStep", { n: index + 1 })} onClick={() => setSteps(steps.filter((_, other) => other !== index))}>
              <Trash2 size={15} aria-hidden />
            </ActionIcon>
          </fieldset>
        ))}
        <Button size="compact-sm" variant="default" leftSection={<Plus size={14} aria-hidden />} onClick={() => setSteps([...steps, { minutes: 30, kind: "role", code: null }])}>
          {t("alerts.setup.policy.addStep")}
        </Button>
      </section>
      {steps.length > 0 ? <NumberInput label={t("alerts.setup.policy.repeat")} min={0} max={100} allowDecimal={false} value={repeats} onChange={setRepeats} error={faults.of("repeats")} /> : null}
      <FormError error={save.error} faults={faults} />
      <div className={css.formActs}>
        <Button loading={save.isPending} onClick={submit}>
          {t("alerts.setup.save")}
        </Button>
        <SaveKeys />
      </div>
    </div>
  );
}
