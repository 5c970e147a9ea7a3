package httpx

// apiDescription is what a client's author reads first; it holds for every operation.
const apiDescription = `A hospital backend that serves every medical system.

- **Signing in.** ` + "`POST /api/auth/token`" + ` gives an access token for 10 minutes, sent as ` + "`Authorization: Bearer ...`" + `, and the same as cookies.
  ` + "`GET /api/me`" + ` lists where one works. Who works in several facilities sends ` + "`X-Tenant-ID` and `X-Facility-ID`" + ` (else 400 scope.missing), or
  chooses once by ` + "`POST /api/me/scope`" + `.
- **Errors** are application/problem+json: ` + "`code`" + ` is for programs and stays, ` + "`detail`" + ` for people. 422 (` + "`request.invalid`, `module.invalid`" + `) lists every
  fault in ` + "`errors`" + `, with its place as ` + "`body.values[0].unit`" + `. An unknown id and one of another hospital are the same 404
  (` + "`module.thing_not_found`" + `). 409 says that a state does not allow it; members beside ` + "`code`" + ` tell which. Unknown properties are refused.
- **Lists** are ` + "`{results, next}`" + `: send ` + "`next`" + ` back as ` + "`cursor`" + ` until it is null; ` + "`limit`" + ` is 50, at most 200; ` + "`count=true`" + ` adds ` + "`count`" + `.
- **Repeating.** A POST with an ` + "`Idempotency-Key`" + ` happens once, however often it is sent within 24 hours.
- **Versions.** Single resources have an ` + "`ETag`" + `; PATCH and PUT with ` + "`If-Match`" + ` are refused (412) when somebody else was first.
- **actions** of a resource are the moves that its state and your role allow now: show those.
- Times are RFC 3339 in UTC, dates YYYY-MM-DD, ids UUIDs.`
