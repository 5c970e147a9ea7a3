/** What the browser knows of the person at it. */
export type SessionStatus = "unknown" | "signed_in" | "expired" | "signed_out";

export interface Scope {
  tenant_id: string;
  facility_id: string;
}

/**
 * The one place that knows whether requests are signed in, and on behalf of which
 * facility. Tokens themselves live in HttpOnly cookies that no script can read.
 */
export class Session {
  private current: SessionStatus = "unknown";
  private listeners = new Set<() => void>();
  private waiting: { promise: Promise<boolean>; resolve: (again: boolean) => void } | undefined;
  private active: Scope | null = null;
  private spoken: string | null = null;

  get status(): SessionStatus {
    return this.current;
  }

  /** The scope of this browser tab; two tabs may work in two facilities. */
  get scope(): Scope | null {
    return this.active;
  }

  /** BCP 47: the language in which the server shall answer; null for its own choice. */
  get language(): string | null {
    return this.spoken;
  }

  speak(language: string): void {
    this.spoken = language;
  }

  useScope(scope: Scope | null): void {
    this.active = scope;
    this.tell();
  }

  signedIn(): void {
    this.current = "signed_in";
    this.waiting?.resolve(true);
    this.waiting = undefined;
    this.tell();
  }

  signedOut(): void {
    this.current = "signed_out";
    this.active = null;
    this.waiting?.resolve(false);
    this.waiting = undefined;
    this.tell();
  }

  /**
   * The session ended under the user's hands. Resolves true once the same person has
   * signed in again over the open form, false when they leave instead.
   */
  expired(): Promise<boolean> {
    if (this.current === "signed_out") return Promise.resolve(false);
    this.current = "expired";
    if (!this.waiting) {
      let resolve: (again: boolean) => void = () => {};
      const promise = new Promise<boolean>((done) => {
        resolve = done;
      });
      this.waiting = { promise, resolve };
    }
    this.tell();
    return this.waiting.promise;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
