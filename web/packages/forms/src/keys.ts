import type { KeyboardEvent } from "react";

const controls = "input:not([type=hidden]), textarea, select, button";

/** Where the hand goes next: one stop for each group of radios, and none for acts beside the fields. */
function stops(form: HTMLElement): HTMLElement[] {
  const groups = new Map<string, HTMLElement>();
  const found: HTMLElement[] = [];
  for (const control of form.querySelectorAll<HTMLElement>(controls)) {
    if (control.matches(":disabled") || control.tabIndex < 0 || control.closest("[data-skip]")) continue;
    if (control instanceof HTMLInputElement && control.type === "radio") {
      const first = groups.get(control.name);
      if (first && !control.checked) continue;
      if (first) found.splice(found.indexOf(first), 1);
      groups.set(control.name, control);
    }
    found.push(control);
  }
  return found;
}

/** Enter goes on to the next field and never sends the form; in a box of several lines it begins a new one. */
export function enterMovesOn(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Enter" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return;
  const target = event.target as HTMLElement;
  if (!(target instanceof HTMLInputElement) || target.getAttribute("aria-expanded") === "true") return;
  event.preventDefault();
  const all = stops(event.currentTarget);
  const here = all.findIndex((stop) => stop === target || (stop instanceof HTMLInputElement && stop.type === "radio" && target.type === "radio" && stop.name === target.name));
  all[here + (event.shiftKey ? -1 : 1)]?.focus();
}
