package httpx

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"net/http"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
)

const maxKeyLength = 200

var (
	errKeyReused = errs.Conflict("idempotency.key_reused", "This Idempotency-Key was used for another request.")
	errKeyLong   = errs.Malformed("idempotency.key_invalid", "An Idempotency-Key has 1 to 200 printable characters.")
)

// claimed is a request's idempotency key; nil when it has none.
type claimed struct {
	scope     db.Scope
	method    string
	path, key string
	hash      []byte
}

const selectAnswer = `SELECT request_hash, status, etag, body FROM httpx.idempotency
	WHERE tenant_id = $1 AND facility_id = $2 AND user_id = $3 AND method = $4 AND path = $5 AND key = $6
	AND created_at > $7::timestamptz - interval '24 hours'`

const insertAnswer = `INSERT INTO httpx.idempotency (tenant_id, facility_id, user_id, method, path, key, request_hash, status, etag, body, created_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

const replaceAnswer = insertAnswer + `
	ON CONFLICT (tenant_id, facility_id, user_id, method, path, key) DO UPDATE SET request_hash = excluded.request_hash,
	status = excluded.status, etag = excluded.etag, body = excluded.body, created_at = excluded.created_at`

// keyOf reads the request's key, without asking the database: most keys are new, so the act is done first and its answer
// stored with it. Should there be an answer already, storing fails and undoes the act; see answered.
func (a *API) keyOf(ctx context.Context, r Route, in any) (*claimed, error) {
	facts, _ := ctx.Value(requestKey{}).(requestFacts)
	if facts.key == "" || r.NotReplayed || r.Method != http.MethodPost {
		return nil, nil //nolint:nilnil // it has none
	}
	if len(facts.key) > maxKeyLength || !printable(facts.key) {
		return nil, errKeyLong
	}
	// The parsed input is what counts: the same request with other white space is the same request.
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	// Keyed, because a request may hold a password, which a plain hash would let its reader guess.
	fingerprint := hmac.New(sha256.New, a.fingerprintKey)
	fingerprint.Write(append(body, facts.query...))
	scope, _ := db.ScopeOf(ctx)
	return &claimed{scope: scope, method: r.Method, path: facts.path, key: facts.key, hash: fingerprint.Sum(nil)}, nil
}

// claim takes the key for this transaction and gives the stored answer when there is one. Parallel duplicates wait for
// each other here, so that the second finds what the first stored, or acts itself when the first failed.
func (a *API) claim(ctx context.Context, tx db.Tx, c *claimed) (*answer, error) {
	tx.Lock("httpx.idempotency", c.scope.TenantID.String(), c.scope.FacilityID.String(), c.scope.UserID.String(), c.method, c.path, c.key)
	var storedHash []byte
	var stored answer
	// Not the transaction's own time, which is to be that of the act: it may wait for a lock first.
	err := tx.QueryRow(ctx, selectAnswer, append(c.args(), a.pool.Clock().Now())...).Scan(&storedHash, &stored.status, &stored.etag, &stored.body)
	switch {
	case db.IsNoRows(err):
		return nil, nil //nolint:nilnil // there is none
	case err != nil:
		return nil, err
	case !bytes.Equal(storedHash, c.hash):
		return nil, errKeyReused
	}
	return &stored, nil
}

func (c *claimed) args() []any {
	return []any{c.scope.TenantID, c.scope.FacilityID, c.scope.UserID, c.method, c.path, c.key}
}

// keep stores the answer with the act. When the key was not claimed first, one that is there already fails the commit.
func (c *claimed) keep(tx db.Tx, a answer, sql string) {
	if c != nil {
		tx.AtCommit(sql, append(c.args(), c.hash, a.status, a.etag, a.body, tx.Now())...)
	}
}

func printable(s string) bool {
	for _, r := range s {
		if r < 0x20 || r > 0x7e {
			return false
		}
	}
	return true
}

func replayedHeader(replayed bool) string {
	if replayed {
		return "true"
	}
	return ""
}
