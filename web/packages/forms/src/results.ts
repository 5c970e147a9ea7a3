import { type Form, type Payload, words } from "./schema";

/** What people call a result: the template's title for it, else its name in words. */
export function resultTitle(form: Form, name: string): string {
  return form.computed?.find((one) => one.name === name)?.title || words(name);
}

export function resultUnit(form: Form, name: string): string | undefined {
  return form.computed?.find((one) => one.name === name)?.unit || undefined;
}

/**
 * The results that are for people: those with a title, or on a page; where a template names
 * none of them, all but lists and groups, which are steps on the way.
 */
export function shownResults(form: Form, computed: Payload): string[] {
  const all = form.computed ?? [];
  const placed = new Set((form.ui.pages ?? []).flatMap((page) => (page.rows ?? []).flatMap((row) => row ?? [])));
  const named = all.some(({ title }) => title);
  const names = all.map(({ name }) => name).filter((name) => name in computed);
  const others = Object.keys(computed).filter((name) => !names.includes(name));
  return [...names, ...others].filter((name) => {
    if (placed.has(name)) return true;
    if (named) return Boolean(all.find((one) => one.name === name)?.title);
    return typeof computed[name] !== "object" || computed[name] === null;
  });
}
