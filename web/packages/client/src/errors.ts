/** One fault of a request: where it is (`body.bp_systolic`) and what is wrong. */
export interface Fault {
  location: string;
  message: string;
}

/** The server's refusal, as its problem+json says it. */
export class ApiError extends Error {
  readonly status: number;
  /** Stable slug for programs, such as `patients.mrn_taken`. */
  readonly code: string;
  readonly faults: Fault[];
  readonly requestId: string;
  /** The whole problem, for members that only some codes carry (`gate`, `encounter_id`). */
  readonly problem: Record<string, unknown>;
  /** Seconds to wait before another try, when the server asked for it. */
  readonly retryAfter: number | null;

  constructor(status: number, problem: Record<string, unknown>, requestId: string, retryAfter: number | null) {
    super(text(problem.detail) || text(problem.title) || `HTTP ${status}`);
    this.name = "ApiError";
    this.status = status;
    this.code = text(problem.code);
    this.faults = faults(problem.errors);
    this.requestId = text(problem.request_id) || requestId;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** The server could not be reached, or the answer never came. */
export class NetworkError extends Error {
  constructor(cause: unknown) {
    super("network", { cause });
    this.name = "NetworkError";
  }
}

export function hasCode(error: unknown, code: string): error is ApiError {
  return error instanceof ApiError && error.code === code;
}

/** Reads a refusal of any shape; a proxy's HTML page becomes a bare status. */
export async function refusal(response: Response): Promise<ApiError> {
  const requestId = response.headers.get("X-Request-ID") ?? "";
  const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  let problem: Record<string, unknown> = {};
  try {
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null) problem = body as Record<string, unknown>;
  } catch {
    // no JSON in the answer: the status says all there is
  }
  return new ApiError(response.status, problem, requestId, Number.isNaN(wait) ? null : wait);
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

function faults(value: unknown): Fault[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((fault: unknown) => {
    if (typeof fault !== "object" || fault === null) return [];
    const { location, message } = fault as Record<string, unknown>;
    return [{ location: text(location), message: text(message) }];
  });
}
