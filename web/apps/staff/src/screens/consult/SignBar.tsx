import { Button, CloseButton } from "@mantine/core";
import { FormError, SaveKeys, ToneMark, fieldFaults, useKeys } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { Check, Plus } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ClinicalDocument } from "@hm/client";
import { read } from "../../app/queries";
import { useWords } from "../../app/workspace";
import css from "./SignBar.module.css";
import type { Unsigned } from "./unsigned";

/** Parts of the pad where a refusal's faults stand at their fields. */
const shownElsewhere = ["assessment", "plan", "note", "orders"];

/** Below the pad: what is written and not signed, and the one button that signs it. */
export function SignBar({ unsigned }: { unsigned: Unsigned }) {
  const { t } = useTranslation();
  const word = useWords();
  const { parts, sign, drafts, chosen, choose, warnings, heard } = unsigned;
  useKeys([{ keys: "mod+Enter", label: t("consult.sign"), run: sign.run }]);
  const named = [
    parts.assessment ? word("assessment", t("consult.assessment")) : null,
    parts.plan ? word("plan", t("consult.plan")) : null,
    parts.note ? word("note", t("consult.tab.note")) : null,
    parts.orders > 0 ? t("consult.lines", { count: parts.orders, orders: word("orders", t("consult.tab.orders")) }) : null,
  ].filter((part) => part !== null);

  return (
    <div className={css.bar}>
      {warnings.length > 0 ? (
        <div className={css.warnings} role="status">
          <ul>
            {warnings.map(({ code, message }, index) => (
              <li key={`${code} ${index}`}>
                <ToneMark tone="warn" />
                {message}
              </li>
            ))}
          </ul>
          <CloseButton size="sm" aria-label={t("ui.close")} onClick={heard} />
        </div>
      ) : null}
      <FormError error={sign.error} faults={fieldFaults(sign.error, shownElsewhere)} />
      <div className={css.line}>
        <div className={css.parts}>
          {named.length > 0 ? (
            <>
              <span className={css.label}>{t("consult.toSign")}</span> <bdi>{named.join(", ")}</bdi>
            </>
          ) : drafts.length === 0 ? (
            <span className={css.label}>{t("consult.nothingToSign")}</span>
          ) : null}
          {drafts.map((draft) => (
            <DraftChoice
              key={draft.id}
              draft={draft}
              chosen={chosen.includes(draft.id)}
              onToggle={() => choose(chosen.includes(draft.id) ? chosen.filter((id) => id !== draft.id) : [...chosen, draft.id])}
            />
          ))}
        </div>
        <SaveKeys />
        <Button loading={sign.pending} disabled={unsigned.nothing} onClick={sign.run}>
          {t("consult.sign")}
        </Button>
      </div>
      {sign.dialog}
    </div>
  );
}

/** A draft is signed with the rest only when somebody says so: it may not be finished. */
function DraftChoice({ draft, chosen, onToggle }: { draft: ClinicalDocument; chosen: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  const template = useQuery(read.template(draft.template_code, draft.template_version, draft.pack));
  const title = template.data?.title ?? draft.template_code;
  return (
    <button type="button" className={css.draft} aria-pressed={chosen} onClick={onToggle}>
      {chosen ? <Check size={13} aria-hidden /> : <Plus size={13} aria-hidden />}
      <span>{t("consult.draftOf", { title })}</span>
    </button>
  );
}
