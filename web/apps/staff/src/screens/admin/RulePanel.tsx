import { Button, Select, Switch } from "@mantine/core";
import { ApiError, type Rule, type RuleTuning, rules } from "@hm/client";
import { ErrorState, FormError, Labelled, PanelSkeleton, SaveKeys, SidePanel, fieldFaults, toast, useKeys } from "@hm/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changed, read } from "../../app/queries";
import css from "./Admin.module.css";
import { inWords, momentInWords } from "../../parts/inWords";
import { RuleParameter } from "./RuleParameter";
import { RuleTrialForm } from "./RuleTrialForm";

/** Whether this hospital has it other than its pack; one that was tuned back is as in the pack again. */
export function isTuned({ override, defaults }: Rule): boolean {
  return override !== null && (override.enabled !== defaults.enabled || override.severity !== null || Object.keys(override.parameters).length > 0);
}

/** One rule: what it asks, what this hospital may tune, and a trial of it. */
export function RulePanel({ code, onClose }: { code: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const known = useQuery({ ...read.rule(code ?? ""), enabled: code !== null });
  return (
    <SidePanel opened={code !== null} onClose={onClose} title={code === null ? t("admin.part.rules") : inWords(code)} size={560}>
      {known.isError ? (
        <ErrorState error={known.error} onRetry={() => void known.refetch()} />
      ) : known.data ? (
        // another version of the rule is another form
        <Form key={`${known.data.rule.code} ${known.data.etag}`} rule={known.data.rule} etag={known.data.etag} onDone={onClose} />
      ) : (
        <PanelSkeleton lines={6} />
      )}
    </SidePanel>
  );
}

type Severity = Rule["severity"];
const severities: Severity[] = ["info", "warning", "safety"];

function Form({ rule, etag, onDone }: { rule: Rule; etag: string | null; onDone: () => void }) {
  const { t } = useTranslation();
  const [enabled, setEnabled] = useState(rule.enabled);
  const [severity, setSeverity] = useState<Severity>(rule.severity);
  const [parameters, setParameters] = useState<Record<string, unknown>>(rule.parameters);
  const names = Object.keys(rule.defaults.parameters);

  const save = useMutation({
    mutationFn: (tuning: RuleTuning) => rules.tune(rule.code, tuning, etag),
    onSuccess: () => {
      toast.done(t("admin.saved", { name: inWords(rule.code) }));
      onDone();
    },
    onError: (error) => {
      // somebody else tuned it meanwhile: theirs is read, what was typed here is told to be lost by the message
      if (error instanceof ApiError && error.status === 412) toast.failed(error);
    },
    onSettled: () => changed("rules", "encounters"),
  });
  const faults = fieldFaults(save.error, ["severity", "enabled", ...names.map((name) => `parameters.${name}`), "parameters"]);
  const submit = () => {
    if (!save.isPending) save.mutate({ enabled, parameters: differing(parameters, rule.defaults.parameters), ...(severity === rule.defaults.severity ? {} : { severity }) });
  };
  useKeys([{ keys: "mod+Enter", label: t("admin.save"), run: submit }], { overlay: true });

  return (
    <div className={css.form}>
      <blockquote className={css.message}>{rule.message}</blockquote>
      <dl className={css.facts}>
        <Labelled label={t("admin.rule.on")}>{momentInWords(rule.on)}</Labelled>
        <Labelled label={t("admin.rule.effect")}>{t(`admin.rule.effects.${rule.effect}`)}</Labelled>
        <Labelled label={t("admin.rule.passable")}>{rule.overridable_by ?? t("admin.rule.nobody")}</Labelled>
      </dl>
      <Switch label={t("admin.rule.enabled")} description={t("admin.rule.enabledWhy")} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} error={faults.of("enabled")} />
      <Select
        label={t("admin.rule.severity")}
        data={severities.map((value) => ({ value, label: t(`admin.rule.severities.${value}`) }))}
        value={severity}
        onChange={(value) => value && setSeverity(value as Severity)}
        error={faults.of("severity")}
      />
      {names.map((name) => (
        <RuleParameter
          key={name}
          name={name}
          value={parameters[name]}
          usual={rule.defaults.parameters[name]}
          onChange={(value) => setParameters({ ...parameters, [name]: value })}
          error={faults.of(`parameters.${name}`)}
        />
      ))}
      <FormError error={save.error} faults={faults} />
      <div className={css.acts}>
        <Button loading={save.isPending} onClick={submit}>
          {t("admin.save")}
        </Button>
        {isTuned(rule) ? (
          <Button variant="default" disabled={save.isPending} onClick={() => save.mutate({})}>
            {t("admin.rule.restore")}
          </Button>
        ) : null}
        <SaveKeys />
      </div>
      <details className={css.condition}>
        <summary>{t("admin.rule.condition")}</summary>
        <pre tabIndex={0}>{rule.when}</pre>
      </details>
      <RuleTrialForm rule={rule} parameters={differing(parameters, rule.defaults.parameters)} />
    </div>
  );
}

/** Only what a hospital has other than its pack is kept, so that a better pack can still change the rest. */
function differing(now: Record<string, unknown>, usual: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(usual[name])));
}
