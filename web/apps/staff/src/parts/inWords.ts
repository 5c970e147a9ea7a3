/** `base.required_tasks` as `Required tasks`: the last part of a code, to be read by people. */
export function inWords(code: string): string {
  const words = (code.split(".").at(-1) ?? code).replaceAll(/[_-]+/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `encounter.close` as `Encounter close`: all of a code. */
export function momentInWords(code: string): string {
  return inWords(code.replaceAll(".", " "));
}
