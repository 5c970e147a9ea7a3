import { Button, Checkbox, TextInput } from "@mantine/core";
import type { CriticalCall, LabResult } from "@hm/client";
import { SaveKeys, ToneMark, unitText } from "@hm/ui";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import css from "./Verify.module.css";

/** The call about a critical value: who was told, and that they read it back. Without both nothing is verified. */
export function CriticalCallForm({ result, busy, onVerify, onClose }: { result: LabResult; busy: boolean; onVerify: (call: CriticalCall) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [notified, setNotified] = useState("");
  const [readBack, setReadBack] = useState(false);
  const [tried, setTried] = useState(false);
  const values = result.critical_reasons.flatMap(({ code }) => result.values.filter((value) => value.code === code));

  function submit() {
    setTried(true);
    if (busy || notified.trim() === "" || !readBack) return;
    onVerify({ notified_to: notified.trim(), read_back: true });
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      submit();
    } else if (event.key === "Escape") onClose();
  }

  return (
    <section className={css.call} aria-label={t("lab.call.title")} onKeyDown={onKeyDown}>
      <h3>
        <ToneMark tone="critical" /> {t("lab.call.title")}
      </h3>
      <p>
        {t("lab.call.say")}{" "}
        <strong>
          <bdi>{values.map(({ name, display, unit }) => `${name} ${display}${unit ? ` ${unitText(unit)}` : ""}`).join(", ")}</bdi>
        </strong>
      </p>
      <TextInput autoFocus label={t("lab.call.notifiedTo")} placeholder={t("lab.call.notifiedHint")} maxLength={200} value={notified} onChange={(event) => setNotified(event.currentTarget.value)} error={tried && notified.trim() === "" ? t("lab.call.notifiedNeeded") : undefined} withAsterisk />
      <Checkbox label={t("lab.call.readBack")} checked={readBack} onChange={(event) => setReadBack(event.currentTarget.checked)} error={tried && !readBack ? t("lab.call.readBackNeeded") : undefined} />
      <div className={css.acts}>
        <Button loading={busy} onClick={submit}>
          {t("lab.verify.verify")}
        </Button>
        <SaveKeys />
        <Button variant="default" onClick={onClose}>
          {t("lab.call.later")}
        </Button>
      </div>
    </section>
  );
}
