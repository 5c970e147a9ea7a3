import { NetworkError, refusal } from "./errors";
import { randomId } from "./ids";
import { Intents } from "./intents";
import { makeRefresh } from "./refresh";
import type { paths } from "./schema";
import { Session } from "./session";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Verb = { GET: "get"; POST: "post"; PUT: "put"; PATCH: "patch"; DELETE: "delete" };

/** The server's paths that know a method; a call to any other does not compile. */
export type PathFor<M extends Method> = {
  [P in keyof paths]: paths[P][Verb[M]] extends { responses: unknown } ? P : never;
}[keyof paths];

type Success = 200 | 201 | 202 | 204;

/** What the server's document says that a call answers. */
export type DataOf<M extends Method, P extends PathFor<M>> = paths[P][Verb[M]] extends { responses: infer Answers }
  ? { [Status in keyof Answers & Success]: Answers[Status] extends { content: { "application/json": infer Body } } ? Body : void }[keyof Answers & Success]
  : never;

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Ask {
  /** Values of the path's `{names}`. */
  path?: Record<string, string>;
  query?: Query;
  body?: unknown;
  /** The ETag of the version that was read; the server refuses with 412 when it has moved on. */
  ifMatch?: string | null;
  /** The ETag of what is known: unchanged, the answer is 304 and brings no data. */
  ifNoneMatch?: string | null;
  signal?: AbortSignal;
  /** Give a 401 to the caller instead of renewing the session: for signing in itself. */
  anonymous?: boolean;
  /** Send this scope instead of the tab's, null for none. */
  scope?: { tenant_id: string; facility_id: string } | null;
}

export interface Answer<T> {
  data: T;
  status: number;
  etag: string | null;
  requestId: string;
}

export type Reachability = "reachable" | "unreachable";

export interface Transport {
  session: Session;
  send<M extends Method, P extends PathFor<M>>(method: M, path: P, ask?: Ask): Promise<Answer<DataOf<M, P>>>;
  /** A raw signed-in GET, for streams. */
  open(path: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response>;
  /** A file that the server makes, with the name it gives it: by GET, or by POST where there is a body to make it of. */
  file(path: PathFor<"GET"> | PathFor<"POST">, query: Query, of?: { path?: Record<string, string>; body?: unknown }): Promise<{ name: string; content: Blob }>;
  /** Sends a file and tells how much of it has gone, from 0 to 1. */
  upload<P extends PathFor<"POST">>(path: P, file: Blob, type: string, onProgress: (share: number) => void): Promise<Answer<DataOf<"POST", P>>>;
  onReachability(listener: (now: Reachability) => void): () => void;
}

const retryAfterMilliseconds = [400, 1500];

export function makeTransport(fetcher: typeof fetch = (...all) => fetch(...all)): Transport {
  const session = new Session();
  const intents = new Intents();
  const listeners = new Set<(now: Reachability) => void>();
  const refresh = makeRefresh(() =>
    fetcher("/api/auth/token/refresh", {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    }),
  );

  const tell = (now: Reachability) => {
    for (const listener of listeners) listener(now);
  };

  async function reach(url: string, init: RequestInit): Promise<Response> {
    try {
      const response = await fetcher(url, { ...init, credentials: "same-origin" });
      tell("reachable");
      return response;
    } catch (cause) {
      if (init.signal?.aborted) throw cause;
      tell("unreachable");
      throw new NetworkError(cause);
    }
  }

  /** Sends until the session holds: renews it once, then waits for the person to sign in again. */
  async function signedIn(url: string, init: RequestInit): Promise<Response> {
    for (;;) {
      const sentAt = Date.now();
      const response = await reach(url, init);
      if (response.status !== 401) return response;
      if (await refresh(sentAt)) {
        const again = await reach(url, init);
        if (again.status !== 401) return again;
      }
      if (session.status === "unknown" || !(await session.expired())) return response;
    }
  }

  /** A write that carries a key may be sent again when its answer was lost. */
  async function persistent(send: () => Promise<Response>): Promise<Response> {
    for (const pause of retryAfterMilliseconds) {
      try {
        return await send();
      } catch (error) {
        if (!(error instanceof NetworkError)) throw error;
        await new Promise((done) => setTimeout(done, pause));
      }
    }
    return send();
  }

  async function send<M extends Method, P extends PathFor<M>>(method: M, path: P, ask: Ask = {}): Promise<Answer<DataOf<M, P>>> {
    const url = address(path, ask.path, ask.query);
    const headers: Record<string, string> = { Accept: "application/json", "X-Request-ID": randomId() };
    const scope = ask.scope === undefined ? session.scope : ask.scope;
    if (scope) {
      headers["X-Tenant-ID"] = scope.tenant_id;
      headers["X-Facility-ID"] = scope.facility_id;
    }
    if (session.language) headers["Accept-Language"] = session.language;
    if (ask.ifNoneMatch) headers["If-None-Match"] = ask.ifNoneMatch;
    if (ask.ifMatch) headers["If-Match"] = ask.ifMatch;
    const init: RequestInit = { method, headers, signal: ask.signal ?? null };
    if (ask.body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(ask.body);
    }

    let response: Response;
    if (ask.anonymous) {
      response = await reach(url, init);
    } else if (method === "POST") {
      const intent = [scope?.facility_id, url, init.body].join(" ");
      headers["Idempotency-Key"] = intents.key(intent);
      response = await persistent(() => signedIn(url, init));
      if (response.status < 500 && response.status !== 429) intents.settled(intent);
    } else {
      response = await signedIn(url, init);
    }
    const unchanged = response.status === 304 && ask.ifNoneMatch;
    if (!response.ok && !unchanged) throw await refusal(response);
    return {
      data: (response.status === 204 || unchanged ? undefined : await response.json()) as DataOf<M, P>,
      status: response.status,
      etag: response.headers.get("ETag"),
      requestId: response.headers.get("X-Request-ID") ?? "",
    };
  }

  /** By XMLHttpRequest: fetch does not tell how far a body has been sent. */
  function sendFile(url: string, file: Blob, headers: Record<string, string>, onProgress: (share: number) => void): Promise<Response> {
    return new Promise((answer, fail) => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 1);
      request.onerror = () => fail(new NetworkError(new TypeError("upload")));
      request.onload = () => {
        const given = new Headers();
        for (const line of request.getAllResponseHeaders().trim().split(/\r?\n/)) {
          const [name, ...value] = line.split(": ");
          if (name) given.append(name, value.join(": "));
        }
        answer(new Response(request.responseText, { status: request.status, headers: given }));
      };
      request.send(file);
    });
  }

  async function upload<P extends PathFor<"POST">>(path: P, file: Blob, type: string, onProgress: (share: number) => void): Promise<Answer<DataOf<"POST", P>>> {
    // a file must not be sent in vain: a session that has ended is renewed before
    await send("GET", "/api/me", { scope: null });
    const headers: Record<string, string> = { Accept: "application/json", "Content-Type": type, "X-Request-ID": randomId(), "Idempotency-Key": randomId() };
    if (session.language) headers["Accept-Language"] = session.language;
    if (session.scope) {
      headers["X-Tenant-ID"] = session.scope.tenant_id;
      headers["X-Facility-ID"] = session.scope.facility_id;
    }
    const response = await sendFile(address(path), file, headers, onProgress);
    if (!response.ok) throw await refusal(response);
    return { data: (await response.json()) as DataOf<"POST", P>, status: response.status, etag: response.headers.get("ETag"), requestId: response.headers.get("X-Request-ID") ?? "" };
  }

  function open(path: string, extra: Record<string, string>, signal: AbortSignal | null, body?: unknown): Promise<Response> {
    const headers: Record<string, string> = { ...extra };
    if (session.language) headers["Accept-Language"] = session.language;
    if (session.scope) {
      headers["X-Tenant-ID"] = session.scope.tenant_id;
      headers["X-Facility-ID"] = session.scope.facility_id;
    }
    if (body === undefined) return signedIn(path, { headers, signal });
    headers["Content-Type"] = "application/json";
    return signedIn(path, { method: "POST", headers, signal, body: JSON.stringify(body) });
  }

  return {
    session,
    send,
    open: (path, extra, signal) => open(path, extra, signal),
    upload,
    async file(path, query, of = {}) {
      const response = await open(address(path, of.path, query), { "X-Request-ID": randomId() }, null, of.body);
      if (!response.ok) throw await refusal(response);
      const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
      return { name: name ?? path.split("/").at(-1)!, content: await response.blob() };
    },
    onReachability(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Fills a path template; a missing name is a fault of the program and throws. */
export function address(template: string, names: Record<string, string> = {}, query: Query = {}): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = names[name];
    if (!value) throw new Error(`no value for {${name}} in ${template}`);
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}
