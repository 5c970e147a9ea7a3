import { NetworkError } from "./errors";
import { randomId } from "./ids";

/** When any tab of this browser last got new tokens: other tabs listen to it. */
export const refreshedAt = "hm.refreshed_at";
const lease = "hm.refresh_lease";
const leaseTime = 10_000;

/**
 * Renews the access cookie at most once for all tabs: a refresh token works once, and a
 * second use of it ends the whole session on purpose.
 *
 * @param sentAt when the request that was refused had been sent; a renewal by anybody since then is enough
 * @returns false when the session is over
 */
export function makeRefresh(send: () => Promise<Response>): (sentAt: number) => Promise<boolean> {
  let inFlight: Promise<boolean> | undefined;
  return (sentAt) => {
    if (lastRefresh() > sentAt) return Promise.resolve(true);
    inFlight ??= alone(async () => {
      if (lastRefresh() > sentAt) return true;
      let response: Response;
      try {
        response = await send();
      } catch (cause) {
        throw new NetworkError(cause);
      }
      if (response.ok) {
        localStorage.setItem(refreshedAt, String(Date.now()));
        return true;
      }
      if (response.status >= 500 || response.status === 429) throw new NetworkError(response.status);
      return false;
    }).finally(() => {
      inFlight = undefined;
    });
    return inFlight;
  };
}

const lastRefresh = (): number => Number(localStorage.getItem(refreshedAt) ?? 0);

/** Runs one piece of work at a time over all tabs of this browser. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (typeof navigator !== "undefined" && navigator.locks) return navigator.locks.request("hm-refresh", work);
  // Web Locks exist on secure pages only; elsewhere a lease in local storage does.
  const mine = randomId();
  const deadline = Date.now() + leaseTime;
  for (;;) {
    const [holder, until] = (localStorage.getItem(lease) ?? "").split(" ");
    if (!holder || Number(until) < Date.now() || Date.now() > deadline) {
      localStorage.setItem(lease, `${mine} ${Date.now() + leaseTime}`);
      await new Promise((done) => setTimeout(done, 20));
      if (localStorage.getItem(lease)?.startsWith(mine)) break;
    }
    await new Promise((done) => setTimeout(done, 50 + Math.random() * 50));
  }
  try {
    return await work();
  } finally {
    if (localStorage.getItem(lease)?.startsWith(mine)) localStorage.removeItem(lease);
  }
}
