import { ApiError, type LabResult, type Priority, type WorklistRow } from "@hm/client";

/** A test whose result waits for somebody's name. */
export interface Waiting {
  row: WorklistRow;
  result: LabResult;
}

const rank: Record<Priority, number> = { STAT: 0, URGENT: 1, ROUTINE: 2 };

/** Every value is known to be usual, and none has moved far. */
export const isUsual = ({ values }: Pick<LabResult, "values">): boolean => values.length > 0 && values.every(({ flag, delta_flag }) => flag === "N" && !delta_flag);

/**
 * Nothing about it asks for a second look: it is usual and whole, nothing is held, and it never said otherwise. What was
 * entered again is looked at by itself: the version before may have been critical.
 */
export const isPlain = (result: LabResult): boolean =>
  result.version === 1 && !result.is_void && !result.is_correction && !result.is_critical && !result.person_changed && result.held.length === 0 && result.missing.length === 0 && isUsual(result);

/** Critical ones first, then the urgent, then what is due first; what cannot be told apart keeps its order. */
export function byWeight(a: Waiting, b: Waiting): number {
  return (
    Number(b.result.is_critical) - Number(a.result.is_critical) ||
    rank[a.row.priority] - rank[b.row.priority] ||
    (a.row.due_at ?? "9").localeCompare(b.row.due_at ?? "9") ||
    a.result.entered_at.localeCompare(b.result.entered_at)
  );
}

const step: Record<LabResult["status"], number> = { ENTERED: 0, VERIFIED: 1, RELEASED: 2 };

export type Act = "verify" | "release";
const startsFrom: Record<Act, LabResult["status"]> = { verify: "ENTERED", release: "VERIFIED" };

/**
 * Whether an act was refused because somebody else was first. What stands where the act begins and is refused all the same
 * was moved by nobody: its sample was rejected.
 */
export function wasMovedOn(error: unknown, act: Act): boolean {
  if (!(error instanceof ApiError)) return false;
  if (error.code === "lab.result_not_latest" || error.code === "lab.changed") return true;
  const { result_status: status } = error.problem;
  return error.code === "lab.illegal_transition" && typeof status === "string" && status !== startsFrom[act];
}

/** Of two states of one test the one that is further: a list read before an act must not undo what the screen shows. */
export function further(a: LabResult | null, b: LabResult | null): LabResult | null {
  if (!a || !b) return a ?? b;
  if (a.version !== b.version) return a.version > b.version ? a : b;
  return step[a.status] >= step[b.status] ? a : b;
}

/** The one to look at after this: the next of the list, at its end the one before. */
export function afterThis<Row extends { row: { order_item_id: string } }>(rows: readonly Row[], id: string): Row | null {
  const at = rows.findIndex(({ row }) => row.order_item_id === id);
  return rows[at + 1] ?? rows[at - 1] ?? null;
}

/**
 * What is looked at: what was opened, else what was under the hand, else the first. Something else than what was opened
 * never takes its place: `opened` tells whether it is still there.
 */
export function lookedAt<Row>(rows: readonly Row[], idOf: (row: Row) => string, opened: string | undefined, chosen: string | null): { current: Row | null; opened: boolean } {
  const of = (id: string | null | undefined) => rows.find((row) => idOf(row) === id);
  return { current: of(opened) ?? of(chosen) ?? rows[0] ?? null, opened: of(opened) !== undefined };
}

/** The ticks, by the order's item: of which result each was. */
export type Ticks = ReadonlyMap<string, string>;

/** The ticks that still hold: what has left the list, or was entered anew since, nobody has ticked. */
export function stillTicked(ticks: Ticks, rows: readonly Waiting[]): Ticks {
  const now = new Map(rows.map(({ row, result }) => [row.order_item_id, result.id]));
  const left = [...ticks].filter(([item, result]) => now.get(item) === result);
  return left.length === ticks.size ? ticks : new Map(left);
}

/** Does work for many things, a few at a time, and tells of each how it went. */
export async function inTurn<T>(things: readonly T[], together: number, work: (thing: T) => Promise<void>): Promise<void> {
  const rest = [...things];
  await Promise.all(
    Array.from({ length: Math.min(together, rest.length) }, async () => {
      for (let thing = rest.shift(); thing !== undefined; thing = rest.shift()) await work(thing);
    }),
  );
}
