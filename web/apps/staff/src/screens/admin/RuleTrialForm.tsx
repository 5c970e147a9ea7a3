import { Button, JsonInput } from "@mantine/core";
import { type Rule, type RuleTrial, rules } from "@hm/client";
import { FormError, StatusChip, type Tone, fieldFaults } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./Admin.module.css";

const record = { recent_results: [], active_orders: [] };
const result = (flag: string, value: number) => ({
  service_code: "TSH",
  version: 1,
  is_critical: false,
  is_correction: false,
  sex: "female",
  age_days: 12000,
  pregnant: false,
  held: [],
  values: [{ code: "TSH", value, text: value.toFixed(2), flag, delta_flag: "", unit: "m[IU]/L" }],
});

/** What each moment knows, to begin a trial with: a case that the base pack's rules hold back. */
const examples: Record<string, object> = {
  "encounter.close": {
    required: { tasks: [{ code: "record-vitals", title: "Record vitals" }], documents: [{ code: "discharge_summary", title: "Discharge summary" }] },
    facts: {
      tasks: [{ code: "record-vitals", title: "Record vitals", status: "OPEN" }],
      documents: [],
      critical_results: [{ code: "K", acknowledged: false }],
    },
  },
  "document.finalize": { document: { template_code: "discharge_summary", payload: {}, computed: { length_of_stay_days: -2 } } },
  "result.entered": { result: result("H", 9.1), facts: record },
  "result.autoverify": { result: result("N", 2.1), facts: record },
  "result.release": { result: result("H", 9.1), facts: record },
};

/** Tries the rule, as tuned above, on facts; nothing is written. */
export function RuleTrialForm({ rule, parameters }: { rule: Rule; parameters: Record<string, unknown> }) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => JSON.stringify(examples[rule.on] ?? {}, null, 2));
  const facts = readObject(text);
  const trial = useMutation({ mutationFn: (given: Record<string, unknown>) => rules.test(rule.code, given, parameters) });
  const faults = fieldFaults(trial.error, ["facts"]);
  return (
    <section className={css.trial} aria-labelledby="rule-trial">
      <h3 id="rule-trial">{t("admin.rule.try")}</h3>
      <JsonInput
        label={t("admin.rule.facts")}
        description={t("admin.rule.factsWhy")}
        classNames={{ input: css.json }}
        autosize
        minRows={6}
        maxRows={18}
        value={text}
        onChange={setText}
        error={faults.of("facts") ?? (facts ? undefined : t("admin.rule.noJson"))}
      />
      <FormError error={trial.error} faults={faults} />
      <div className={css.acts}>
        <Button variant="default" disabled={!facts} loading={trial.isPending} onClick={() => facts && trial.mutate(facts)}>
          {t("admin.rule.try")}
        </Button>
      </div>
      <div role="status">{trial.data ? <Outcome trial={trial.data} /> : null}</div>
    </section>
  );
}

function Outcome({ trial }: { trial: RuleTrial }) {
  const { t } = useTranslation();
  const [tone, word]: [Tone, "unchecked" | "fires" | "passes"] = trial.failure ? ["critical", "unchecked"] : trial.fires ? ["warn", "fires"] : ["ok", "passes"];
  const why = Object.entries(trial.facts);
  return (
    <div className={css.outcome}>
      <StatusChip tone={tone}>{t(`admin.rule.outcome.${word}`)}</StatusChip>
      {trial.message ? <p>{trial.message}</p> : null}
      {why.length > 0 ? (
        <dl className={css.why}>
          {why.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{Array.isArray(value) ? value.join(", ") : JSON.stringify(value)}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </div>
  );
}

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
