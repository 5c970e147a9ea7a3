import { transport } from "@hm/client";
import type { ToolSlot } from "@hm/forms";
import { type CustomToolSource, type HostRequest, ToolHost, pageTokens } from "@hm/tools";
import { type ReactNode, useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useWorkplace } from "../app/workplace";
import { usePackOf } from "../app/workspace";
import { useVisit } from "./about";
import css from "./FormTool.module.css";

/** A tool asks as the person who looks at it, in the same scope, and is told nothing but the answer. */
export const askForTool = (path: string, { method = "GET", body, signal }: HostRequest = {}): Promise<unknown> =>
  // a tool's paths are its own: the server knows them or refuses them
  transport.send(method, path as never, { body, signal }).then((answer) => answer.data);

/** Where a third party's tool comes from. The workspace lists only those that stand on the tenant's allow-list with this very hash. */
export function thirdParty(setting: { tool: string; url?: string; integrity?: string; element?: string } | undefined): CustomToolSource | undefined {
  const { tool, url, integrity, element } = setting ?? {};
  return tool === "custom" && url && integrity && element ? { url, integrity, element } : undefined;
}

interface ToolPlacesOptions {
  encounterId: string;
  /** The pack whose tools.yaml names the tools of this document. */
  pack: string;
  /** The document in one line, for a tool that cannot be shown. */
  summary?: string;
}

/** Draws the signature tools of a form, or of a document that is read. */
export function useToolPlaces({ encounterId, pack, summary }: ToolPlacesOptions): (slot: ToolSlot) => ReactNode {
  const { i18n } = useTranslation();
  const { timeZone } = useWorkplace();
  const packOf = usePackOf();
  const { encounter, patient } = useVisit(encounterId);
  const locale = i18n.language;
  const dir = i18n.dir(locale);
  const settings = packOf(pack)?.tools;
  const hue = packOf(pack)?.theme.primary;
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the hue is one of the tokens
  const tokens = useMemo(() => pageTokens(), [hue]);
  const around = useMemo(
    () => ({ patient: patient ?? null, encounter: encounter ?? null, locale, dir, tokens, timeZone, fetch: askForTool }),
    [patient, encounter, locale, dir, tokens, timeZone],
  );
  return useCallback(
    (slot) => {
      // a tool by the code under which the pack configures it, or a built-in by its own name
      const setting = settings?.find(({ code }) => code === slot.tool);
      const custom = thirdParty(setting);
      return (
        <div className={css.place}>
          <ToolHost
            tool={setting?.tool ?? slot.tool}
            code={setting?.code}
            title={slot.title ?? setting?.title ?? ""}
            config={{ ...setting?.config, ...slot.config }}
            bind={slot.bind}
            titles={slot.titles}
            custom={custom}
            allowed={custom ? [custom] : undefined}
            summary={summary}
            host={{ ...around, value: slot.value, readOnly: slot.readOnly, emit: slot.onChange }}
          />
        </div>
      );
    },
    [settings, summary, around],
  );
}
