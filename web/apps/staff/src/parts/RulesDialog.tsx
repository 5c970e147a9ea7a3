import { Button, Textarea } from "@mantine/core";
import { type FiredRule, type Override, type Warning, rulesOf, warningsOf } from "@hm/client";
import { Dialog, SaveKeys, StatusChip, type Tone, toast, useErrorText, useKeys } from "@hm/ui";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./RulesDialog.module.css";

interface RuledOptions<Answer> {
  /** The act. Asked again with `overrides` when rules held it back and somebody gave their reasons. */
  act: (overrides: Override[]) => Promise<Answer>;
  onSuccess: (answer: Answer) => void | Promise<unknown>;
  /** What rules said of an act that went through; told in passing where the place of the act shows it nowhere itself. */
  onWarnings?: (warnings: Warning[]) => void;
  /** A refusal that is not about rules that a reason could pass. */
  onError?: (error: Error) => void;
  onSettled?: () => void | Promise<unknown>;
}

export interface Ruled {
  run: () => void;
  pending: boolean;
  /** What refused the act, when it was anything but rules; those stand in the dialog. */
  error: Error | null;
  /** To be drawn wherever the act is. */
  dialog: ReactNode;
}

/** An act that meets rules: it goes through, is refused, or is asked again with a reason for each rule. */
export function useRuled<Answer>({ act, onSuccess, onWarnings = tell, onError, onSettled }: RuledOptions<Answer>): Ruled {
  const [rules, setRules] = useState<FiredRule[]>([]);
  // an act of several parts may meet its rules one after the other: reasons given once stay given
  const given = useRef<Override[]>([]);
  const send = useMutation({
    mutationFn: (overrides: Override[]) => act(overrides),
    onSuccess: async (answer) => {
      setRules([]);
      given.current = [];
      onWarnings(warningsOf(answer));
      await onSuccess(answer);
    },
    onError: (error) => {
      const fired = rulesOf(error);
      setRules(fired);
      if (fired.length === 0) onError?.(error);
    },
    onSettled,
  });
  const pass = (overrides: Override[]) => {
    given.current = [...given.current.filter(({ rule }) => !overrides.some((one) => one.rule === rule)), ...overrides];
    send.mutate(given.current);
  };
  const close = () => {
    given.current = [];
    setRules([]);
  };
  return {
    run: () => {
      if (!send.isPending) send.mutate([]);
    },
    pending: send.isPending,
    error: rules.length > 0 ? null : send.error,
    dialog: rules.length > 0 ? <RulesDialog rules={rules} error={send.error} busy={send.isPending} onPass={pass} onClose={close} /> : null,
  };
}

/** Tells in passing what rules said of an act that went through. */
export function tell(warnings: Warning[]) {
  for (const { message } of warnings) toast.warn(message);
}

const tones: Record<FiredRule["severity"], Tone> = { info: "info", warning: "warn", safety: "critical" };

interface DialogProps {
  rules: FiredRule[];
  error: Error | null;
  busy: boolean;
  onPass: (overrides: Override[]) => void;
  onClose: () => void;
}

/** Why an act is held back, rule by rule, and the way past those that this person may pass. */
function RulesDialog({ rules, error, busy, onPass, onClose }: DialogProps) {
  const { t } = useTranslation();
  const text = useErrorText();
  const [reasons, setReasons] = useState<Record<string, string>>({});
  const [tried, setTried] = useState(false);
  const passable = rules.every(({ overridable }) => overridable);
  const missing = (rule: string) => (reasons[rule] ?? "").trim() === "";
  const pass = () => {
    setTried(true);
    if (busy || !passable || rules.some(({ code }) => missing(code))) return;
    onPass(rules.map(({ code }) => ({ rule: code, reason: reasons[code]!.trim() })));
  };
  useKeys([{ keys: "mod+Enter", label: t("ruled.goOn"), run: pass }], { overlay: true });

  return (
    <Dialog opened onClose={onClose} title={t(passable ? "ruled.title" : "ruled.held")} size={520}>
      <ul className={css.rules}>
        {rules.map(({ code, severity, message, overridable }, index) => (
          <li key={code} className={css.rule} data-severity={severity}>
            <StatusChip tone={tones[severity]}>{t(`admin.rule.severities.${severity}`)}</StatusChip>
            <p className={css.message}>{message}</p>
            {overridable && passable ? (
              <Textarea
                data-autofocus={index === 0 || undefined}
                label={t("ruled.reason")}
                autosize
                minRows={2}
                maxLength={1000}
                value={reasons[code] ?? ""}
                onChange={(event) => setReasons({ ...reasons, [code]: event.currentTarget.value })}
                error={tried && missing(code) ? t("ruled.reasonNeeded") : undefined}
                withAsterisk
              />
            ) : !overridable ? (
              <p className={css.final}>{t("ruled.final")}</p>
            ) : null}
          </li>
        ))}
      </ul>
      {error && rulesOf(error).length === 0 ? <p role="alert">{text(error)}</p> : null}
      <div className={css.acts}>
        {passable ? (
          <>
            <Button loading={busy} onClick={pass}>
              {t("ruled.goOn")}
            </Button>
            <SaveKeys />
          </>
        ) : null}
        <Button variant="default" data-autofocus={!passable || undefined} onClick={onClose}>
          {t("ruled.change")}
        </Button>
      </div>
    </Dialog>
  );
}
