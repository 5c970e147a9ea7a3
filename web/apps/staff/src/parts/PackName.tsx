import { usePackOf, useWorkspace } from "../app/workspace";
import { packIcon } from "../shell/packIcons";
import css from "./PackName.module.css";

/** Whose patient this is, where a facility has several systems of medicine; nothing where it has one. */
export function PackName({ pack: id }: { pack: string }) {
  const workspace = useWorkspace();
  const pack = usePackOf()(id);
  if (!workspace || workspace.packs.length < 2) return null;
  const Icon = packIcon(pack?.theme.icon);
  return (
    <span className={css.pack}>
      <Icon size={13} strokeWidth={2} aria-hidden />
      <bdi>{pack?.name ?? id}</bdi>
    </span>
  );
}
