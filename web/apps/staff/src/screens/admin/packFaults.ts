export interface FileFaults {
  file: string;
  faults: { line: number | null; message: string }[];
}

/** A pack's faults by file, in the order of lines: `templates/x.yaml:12` is line 12 of that file. */
export function faultsByFile(faults: { location: string; message: string }[]): FileFaults[] {
  const files = new Map<string, FileFaults["faults"]>();
  for (const { location, message } of faults) {
    const at = /^(.*?):(\d+)(?::\d+)?$/.exec(location);
    const file = at ? at[1]! : location;
    const known = files.get(file) ?? [];
    known.push({ line: at ? Number(at[2]) : null, message });
    files.set(file, known);
  }
  return [...files].map(([file, own]) => ({ file, faults: own.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0)) }));
}
