import { SchemaForm, type About } from "@hm/forms";
import { Button } from "@mantine/core";
import { type ToolSlot } from "@hm/forms";
import { ToolHost, isBuiltIn, pageTokens } from "@hm/tools";
import { ErrorState, PanelSkeleton } from "@hm/ui";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { read } from "../../app/queries";
import { useWorkplace } from "../../app/workplace";
import { usePackOf } from "../../app/workspace";
import { askForTool, thirdParty } from "../../parts/FormTool";
import { useFormWords } from "../consult/documentWords";
import packCss from "./Packs.module.css";

/** Somebody of forty-two years, for scores that ask who the patient is. Nothing of a preview is kept. */
const sample: About = { patient: { gender: "female", age_years: 42, age_days: 15_400, system_specific_data: {} }, encounter: { encounter_type: "OPD", status: "IN_CONSULT", system_data: {} } };

/** A form as it will be, with its scores live; what is typed here goes nowhere. */
export function FormPreview({ pack, code }: { pack: string; code: string }) {
  const { t } = useTranslation();
  const template = useQuery(read.template(code, undefined, pack));
  const words = useFormWords();
  const [value, setValue] = useState<Record<string, unknown>>({});
  const renderTool = usePreviewTools(pack);
  const about = useMemo<About>(() => ({ ...sample, now: new Date().toISOString() }), []);
  if (template.isError) return <ErrorState error={template.error} onRetry={() => void template.refetch()} />;
  if (!template.data) return <PanelSkeleton lines={6} />;
  return (
    <section className={packCss.preview} aria-label={template.data.title}>
      <header className={packCss.previewHead}>
        <h3>
          <bdi>{template.data.title}</bdi>
        </h3>
        <span className={packCss.sample}>{t("packs.sample")}</span>
        <Button size="compact-xs" variant="default" disabled={Object.keys(value).length === 0} onClick={() => setValue({})}>
          {t("packs.emptyForm")}
        </Button>
      </header>
      <SchemaForm template={template.data} value={value} onChange={setValue} about={about} words={words} renderTool={renderTool} />
    </section>
  );
}

function usePreviewTools(pack: string): (slot: ToolSlot) => ReactNode {
  const { t, i18n } = useTranslation();
  const { timeZone } = useWorkplace();
  const settings = usePackOf()(pack)?.tools;
  const locale = i18n.language;
  return useCallback(
    (slot) => {
      const setting = settings?.find(({ code }) => code === slot.tool);
      const custom = thirdParty(setting);
      // the workspace tells only of the packs that this facility uses
      if (!setting && !isBuiltIn(slot.tool)) return <p className={packCss.sample}>{t("packs.toolElsewhere")}</p>;
      return (
        <ToolHost
          tool={setting?.tool ?? slot.tool}
          code={setting?.code}
          title={slot.title ?? setting?.title ?? ""}
          config={{ ...setting?.config, ...slot.config }}
          bind={slot.bind}
          titles={slot.titles}
          custom={custom}
          allowed={custom ? [custom] : undefined}
          host={{ patient: null, encounter: null, value: slot.value, readOnly: slot.readOnly, locale, dir: i18n.dir(locale), tokens: pageTokens(), timeZone, fetch: askForTool, emit: slot.onChange }}
        />
      );
    },
    [settings, locale, t, i18n, timeZone],
  );
}
