/** How much white (above 0) or black (below) goes into each of the ten shades; the eighth is the pack's own colour. */
const mixture = [0.93, 0.85, 0.7, 0.52, 0.34, 0.18, 0.08, 0, -0.17, -0.34];

/** The shades of a hue, light to dark, or null for what is no `#rrggbb`. */
export function shadesOf(primary: string): string[] | null {
  const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(primary);
  if (!parts) return null;
  const channels = parts.slice(1).map((part) => Number.parseInt(part, 16));
  return mixture.map((share) => {
    const towards = share > 0 ? 255 : 0;
    return `#${channels.map((channel) => Math.round(channel + (towards - channel) * Math.abs(share)).toString(16).padStart(2, "0")).join("")}`;
  });
}

/** Gives the page a pack's hue, for primary acts and selection only; null gives the app's own back. */
export function wear(primary: string | null | undefined, root: HTMLElement = document.documentElement): void {
  const shades = primary ? shadesOf(primary) : null;
  for (let shade = 0; shade < mixture.length; shade++) {
    const name = `--mantine-color-pack-${shade}`;
    if (shades) root.style.setProperty(name, shades[shade]!);
    else root.style.removeProperty(name);
  }
}
