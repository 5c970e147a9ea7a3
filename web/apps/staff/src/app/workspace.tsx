import type { Workspace, WorkspacePack } from "@hm/client";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, createContext, useCallback, useContext, useLayoutEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { wear } from "./hue";
import { read } from "./queries";
import { useWorkplace } from "./workplace";

interface Known {
  /** Null while it cannot be read: the app then stands in its own words and colours. */
  workspace: Workspace | null;
  /** The pack whose words and hue hold here: the facility's first, inside a visit the visit's own. */
  pack: WorkspacePack | null;
}

const WorkspaceContext = createContext<Known>({ workspace: null, pack: null });

/** What the packs make of the app at this facility. */
export function WorkspaceProvider({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const { membership } = useWorkplace();
  const { data } = useQuery(read.workspace(membership.facility_id, i18n.language));
  const known = useMemo<Known>(() => {
    const workspace = data?.workspace ?? null;
    return { workspace, pack: workspace?.packs.find(({ id }) => id === workspace.default_pack) ?? workspace?.packs[0] ?? null };
  }, [data]);
  useHue(known.pack);
  return <WorkspaceContext value={known}>{children}</WorkspaceContext>;
}

/** What stands below speaks in this pack's words; the page wears its hue meanwhile. */
export function PackProvider({ pack: id, children }: { pack: string; children: ReactNode }) {
  const around = useContext(WorkspaceContext);
  const own = around.workspace?.packs.find((one) => one.id === id);
  const known = useMemo<Known>(() => (own ? { ...around, pack: own } : around), [around, own]);
  useHue(known.pack, around.pack);
  return <WorkspaceContext value={known}>{children}</WorkspaceContext>;
}

function useHue(pack: WorkspacePack | null, afterwards: WorkspacePack | null = null) {
  const primary = pack?.theme.primary;
  const later = afterwards?.theme.primary;
  useLayoutEffect(() => {
    wear(primary);
    return () => wear(later);
  }, [primary, later]);
}

export const useWorkspace = (): Workspace | null => useContext(WorkspaceContext).workspace;
export const usePack = (): WorkspacePack | null => useContext(WorkspaceContext).pack;

/** The pack of this id, as this facility sees it. */
export function usePackOf(): (id: string) => WorkspacePack | null {
  const workspace = useWorkspace();
  return useCallback((id) => workspace?.packs.find((pack) => pack.id === id) ?? null, [workspace]);
}

/**
 * The pack's own word for a key such as `diagnosis`, or else the app's. A pack that does not
 * speak this language keeps its own words, but for general practice: there the app knows them.
 */
export function useWords(): (key: string, otherwise: string) => string {
  const { i18n } = useTranslation();
  const { pack } = useContext(WorkspaceContext);
  return useCallback(
    (key, otherwise) => {
      if (!pack || (pack.kind === "base" && !pack.locales.includes(i18n.language))) return otherwise;
      return pack.labels[key] ?? otherwise;
    },
    [pack, i18n.language],
  );
}

export function useWord(key: string, otherwise: string): string {
  return useWords()(key, otherwise);
}
