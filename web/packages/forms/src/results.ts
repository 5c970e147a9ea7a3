import { type Form, type Payload, words } from "./schema";

const settingOf = (form: Form, name: string) => ({ computed: form.computed?.find((one) => one.name === name), ui: form.ui.fields?.[name] });

/** What people call a result: the template's title for it, else its name in words. */
export function resultTitle(form: Form, name: string): string {
  const { computed, ui } = settingOf(form, name);
  return ui?.title || computed?.title || words(name);
}

export function resultUnit(form: Form, name: string): string | undefined {
  const { computed, ui } = settingOf(form, name);
  return ui?.unit || computed?.unit || undefined;
}

/** The results that are for people: on a page, or neither hidden nor a list or group, which are steps on the way. */
export function shownResults(form: Form, computed: Payload, lists: ReadonlySet<string> = new Set()): string[] {
  const placed = new Set((form.ui.pages ?? []).flatMap((page) => (page.rows ?? []).flatMap((row) => row ?? [])));
  const names = (form.computed ?? []).map(({ name }) => name).filter((name) => name in computed);
  const others = Object.keys(computed).filter((name) => !names.includes(name));
  return [...names, ...others].filter((name) => {
    const { computed: setting, ui } = settingOf(form, name);
    if (placed.has(name)) return true;
    if (ui?.hidden) return false;
    return Boolean(ui?.title || setting?.title) || (!lists.has(name) && (typeof computed[name] !== "object" || computed[name] === null));
  });
}
