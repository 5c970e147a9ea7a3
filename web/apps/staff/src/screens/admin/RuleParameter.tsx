import { JsonInput, MultiSelect, NumberInput, Switch, TagsInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { inWords } from "../../parts/inWords";

interface RuleParameterProps {
  name: string;
  value: unknown;
  /** What the pack has: its kind of value says which field asks for another. */
  usual: unknown;
  onChange: (value: unknown) => void;
  error?: string;
}

const explained = ["follow_workflow", "tasks", "documents"] as const;

export function RuleParameter({ name, value, usual, onChange, error }: RuleParameterProps) {
  const { t } = useTranslation();
  const known = explained.find((one) => one === name);
  const label = known ? t(`admin.rule.parameter.${known}`) : inWords(name);
  const description = known ? t(`admin.rule.parameterWhy.${known}`) : undefined;
  const common = { label, description, error };

  if (typeof usual === "boolean") return <Switch {...common} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  if (typeof usual === "number") return <NumberInput {...common} value={typeof value === "number" ? value : ""} onChange={(typed) => onChange(typeof typed === "number" ? typed : usual)} />;
  if (typeof usual === "string") return <TextInput {...common} value={String(value ?? "")} onChange={(event) => onChange(event.currentTarget.value)} />;
  if (Array.isArray(usual) && Array.isArray(value) && value.every((one) => typeof one === "string")) {
    if (name === "documents") return <Documents {...common} value={value} onChange={onChange} />;
    return <TagsInput {...common} value={value} onChange={onChange} splitChars={[",", " "]} />;
  }
  return <Json {...common} value={value} onChange={onChange} />;
}

interface FieldProps<T> {
  label: string;
  description?: string;
  error?: string;
  value: T;
  onChange: (value: T) => void;
}

function Documents({ value, ...field }: FieldProps<string[]>) {
  const templates = useQuery(read.templates());
  const offered = (templates.data ?? []).map(({ code, title }) => ({ value: code, label: title }));
  // a code whose template is not here any more must still be seen, to be taken out
  const unknown = value.filter((code) => !offered.some((one) => one.value === code)).map((code) => ({ value: code, label: code }));
  return <MultiSelect {...field} data={[...offered, ...unknown]} value={value} searchable />;
}

function Json({ value, onChange, ...field }: FieldProps<unknown>) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  return (
    <JsonInput
      {...field}
      autosize
      minRows={3}
      validationError={t("admin.rule.noJson")}
      value={text}
      onChange={(typed) => {
        setText(typed);
        try {
          onChange(JSON.parse(typed));
        } catch {
          // not finished yet; the field says so when it is left
        }
      }}
    />
  );
}
