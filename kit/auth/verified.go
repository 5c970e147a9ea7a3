package auth

import (
	"crypto/sha256"
	"sync"
	"time"
)

const (
	// longestToken is in bytes; ours have some 500.
	longestToken = 4096
	// mostVerified bounds what is remembered of tokens: some 200 bytes each.
	mostVerified = 20_000
)

type tokenHash = [sha256.Size]byte

// verifiedTokens remembers the claims of tokens whose signature was checked. Only hashes are kept: memory that leaks
// must not hold what signs anyone in.
type verifiedTokens struct {
	mu     sync.RWMutex
	claims map[tokenHash]Claims
	// sweepAt is how many there may be before those that are over are looked for.
	sweepAt int
}

func (v *verifiedTokens) find(hash tokenHash) (Claims, bool) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	c, ok := v.claims[hash]
	return c, ok
}

func (v *verifiedTokens) keep(hash tokenHash, c Claims, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.claims == nil {
		v.claims, v.sweepAt = map[tokenHash]Claims{}, 256
	}
	if len(v.claims) >= v.sweepAt {
		for old, claims := range v.claims {
			if !now.Before(claims.ExpiresAt) {
				delete(v.claims, old)
			}
		}
		v.sweepAt = min(max(256, 2*len(v.claims)), mostVerified)
	}
	for old := range v.claims {
		if len(v.claims) < mostVerified {
			break
		}
		delete(v.claims, old) // any one: it costs its holder one check
	}
	v.claims[hash] = c
}
