import { randomId } from "./ids";

/**
 * Idempotency keys by what the user means to do: the same method, path and body keep
 * their key until the server has given a definite answer, so that a second press of
 * Save after a lost answer cannot register a patient twice.
 */
export class Intents {
  private readonly open = new Map<string, { key: string; at: number }>();
  private readonly now: () => number;

  /** An intention older than this is a new one: nobody presses Save again after an hour and means the same act. */
  static readonly maxAge = 60 * 60 * 1000;

  constructor(now: () => number = Date.now) {
    this.now = now;
  }

  key(intent: string): string {
    const known = this.open.get(intent);
    if (known && this.now() - known.at < Intents.maxAge) return known.key;
    const key = randomId();
    this.open.set(intent, { key, at: this.now() });
    return key;
  }

  /** The server answered for good: the next same request is a new intention. */
  settled(intent: string): void {
    this.open.delete(intent);
  }
}
