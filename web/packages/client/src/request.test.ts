import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError, NetworkError } from "./errors";
import { Intents } from "./intents";
import { address, makeTransport } from "./request";

type Reply = Response | Error;

/** A server that gives the listed replies in turn and keeps what it was sent. */
function scripted(replies: Reply[]) {
  const sent: { url: string; headers: Record<string, string>; body: unknown }[] = [];
  const fetcher = vi.fn(async (url: unknown, init?: RequestInit) => {
    sent.push({ url: String(url), headers: { ...(init?.headers as Record<string, string>) }, body: init?.body });
    const reply = replies.shift();
    if (!reply) throw new Error("no reply left");
    if (reply instanceof Error) throw reply;
    return reply;
  });
  return { fetcher: fetcher as unknown as typeof fetch, sent };
}

const ok = (body: unknown = {}, headers: Record<string, string> = {}) => new Response(JSON.stringify(body), { status: 200, headers });
const refused = (status: number, body: unknown = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/problem+json" } });

beforeEach(() => localStorage.clear());

describe("address", () => {
  it("fills and escapes names, and leaves empty filters out", () => {
    expect(address("/api/patients/{id}", { id: "a/b" }, { q: "x y", mrn: "", count: true })).toBe(
      "/api/patients/a%2Fb?q=x+y&count=true",
    );
  });

  it("refuses a path with a name missing", () => {
    expect(() => address("/api/patients/{id}")).toThrow("{id}");
  });
});

describe("writes", () => {
  it("keep their idempotency key over a lost answer, then take a new one", async () => {
    const { fetcher, sent } = scripted([new TypeError("lost"), ok({ id: 1 }), ok({ id: 2 })]);
    const transport = makeTransport(fetcher);
    await transport.send("POST", "/api/patients", { body: { full_name: "A" } });
    await transport.send("POST", "/api/patients", { body: { full_name: "A" } });
    const keys = sent.map((request) => request.headers["Idempotency-Key"]);
    expect(keys[0]).toBeTruthy();
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it("keep their key when the person presses Save again after a failure", async () => {
    vi.useFakeTimers();
    const lost = () => new TypeError("lost");
    const { fetcher, sent } = scripted([lost(), lost(), lost(), ok()]);
    const transport = makeTransport(fetcher);
    const first = transport.send("POST", "/api/patients", { body: { full_name: "A" } });
    const failed = expect(first).rejects.toBeInstanceOf(NetworkError);
    await vi.runAllTimersAsync();
    await failed;
    vi.useRealTimers();
    await transport.send("POST", "/api/patients", { body: { full_name: "A" } });
    expect(new Set(sent.map((request) => request.headers["Idempotency-Key"])).size).toBe(1);
  });

  it("carry the scope of the tab and the version read", async () => {
    const { fetcher, sent } = scripted([ok()]);
    const transport = makeTransport(fetcher);
    transport.session.useScope({ tenant_id: "t", facility_id: "f" });
    await transport.send("PATCH", "/api/patients/{id}", { path: { id: "1" }, body: {}, ifMatch: '"3"' });
    expect(sent[0]!.headers).toMatchObject({ "X-Tenant-ID": "t", "X-Facility-ID": "f", "If-Match": '"3"' });
  });
});

describe("the session", () => {
  it("is renewed once for parallel refusals", async () => {
    const { fetcher, sent } = scripted([refused(401), refused(401), ok(), ok({ n: 1 }), ok({ n: 2 })]);
    const transport = makeTransport(fetcher);
    transport.session.signedIn();
    await Promise.all([transport.send("GET", "/api/tasks"), transport.send("GET", "/api/patients")]);
    expect(sent.filter((request) => request.url === "/api/auth/token/refresh")).toHaveLength(1);
  });

  it("lets a save wait until the person has signed in again", async () => {
    const { fetcher } = scripted([refused(401), refused(401), ok({ saved: true })]);
    const transport = makeTransport(fetcher);
    transport.session.signedIn();
    const save = transport.send("POST", "/api/patients", { body: {} });
    await vi.waitFor(() => expect(transport.session.status).toBe("expired"));
    transport.session.signedIn();
    expect((await save).data).toEqual({ saved: true });
  });

  it("gives the refusal to the caller when the person leaves instead", async () => {
    const { fetcher } = scripted([refused(401), refused(401)]);
    const transport = makeTransport(fetcher);
    transport.session.signedIn();
    const save = transport.send("POST", "/api/patients", { body: {} });
    const failed = expect(save).rejects.toMatchObject({ status: 401 });
    await vi.waitFor(() => expect(transport.session.status).toBe("expired"));
    transport.session.signedOut();
    await failed;
  });
});

describe("refusals", () => {
  it("bring code, faults and request id", async () => {
    const problem = {
      status: 422,
      detail: "Not valid.",
      code: "patients.invalid",
      request_id: "r1",
      errors: [{ location: "body.full_name", message: "is required" }],
    };
    const { fetcher } = scripted([refused(422, problem)]);
    const failure = await makeTransport(fetcher).send("POST", "/api/patients", { body: {} }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({
      status: 422,
      code: "patients.invalid",
      requestId: "r1",
      message: "Not valid.",
      faults: [{ location: "body.full_name", message: "is required" }],
    });
  });

  it("survive a proxy's page instead of a problem", async () => {
    const { fetcher } = scripted([new Response("<html>", { status: 502, headers: { "X-Request-ID": "r2" } })]);
    const failure = await makeTransport(fetcher).send("GET", "/api/tasks").catch((error: unknown) => error);
    expect(failure).toMatchObject({ status: 502, requestId: "r2", code: "" });
  });
});

describe("Intents", () => {
  it("forget an intention after an hour", () => {
    let now = 0;
    const intents = new Intents(() => now);
    const first = intents.key("save");
    now = Intents.maxAge - 1;
    expect(intents.key("save")).toBe(first);
    now = Intents.maxAge;
    expect(intents.key("save")).not.toBe(first);
  });
});

describe("reads", () => {
  it("ask in the language that is spoken, and keep what has not changed", async () => {
    const { fetcher, sent } = scripted([ok({ locale: "hi" }, { ETag: '"1"' }), new Response(null, { status: 304, headers: { ETag: '"1"' } })]);
    const transport = makeTransport(fetcher);
    transport.session.speak("hi");
    const first = await transport.send("GET", "/api/me");
    const again = await transport.send("GET", "/api/me", { ifNoneMatch: first.etag });
    expect(sent.map(({ headers }) => [headers["Accept-Language"], headers["If-None-Match"]])).toEqual([["hi", undefined], ["hi", '"1"']]);
    expect([again.status, again.data]).toEqual([304, undefined]);
  });
});
