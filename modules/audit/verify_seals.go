package audit

import (
	"context"
	"crypto/sha256"
	"math"
	"strconv"

	"github.com/google/uuid"

	"hmsoftware.com/hm/modules/audit/internal/auditdb"
)

// sealChain is what reading all seals told.
type sealChain struct {
	// head is the newest authentic seal; nil when there is none.
	head *auditdb.AuditSeal
	// false seals by tree size: their roots prove nothing.
	false map[int64]bool
	// headless: seals that are not authentic stand behind the head.
	headless bool
}

const sealPage = 2000

// hole is where a seal is missing: after which size, and what it must have named.
type hole struct {
	after   int64
	follows [sha256.Size]byte
}

// checkSeals goes through the seals from the newest to the first. The newest must carry our signature; each one before
// must be what the one behind it names, which costs a hash and not a signature. Where that breaks, its own signature
// tells whether it was changed, or is genuine and another was taken out between.
func checkSeals(ctx context.Context, queries *auditdb.Queries, s signer, tenantID uuid.UUID, newest int64, report func(fault)) (sealChain, error) {
	chain := sealChain{false: map[int64]bool{}}
	var behind *auditdb.AuditSeal // the authentic seal behind, if it is the very next
	// A false seal whose size was changed stands elsewhere, and still names the seal that it really followed.
	var holes []hole
	displaced := map[[sha256.Size]byte]bool{}
	before := newest + 1
	if newest == math.MaxInt64 {
		before = newest
	}
	for {
		page, err := queries.SealsBefore(ctx, auditdb.SealsBeforeParams{TenantID: tenantID, BeforeSize: before, MaxRows: sealPage})
		if err != nil {
			return chain, err
		}
		for i := range page {
			row := &page[i]
			before = row.TreeSize
			named := behind != nil && follows(behind, row)
			if !named && !s.signed(row) {
				report(fault{what: whatSeal, id: strconv.FormatInt(row.TreeSize, 10), reason: reasonSealChanged})
				chain.false[row.TreeSize] = true
				chain.headless = chain.headless || chain.head == nil
				if len(displaced) < maxBroken {
					displaced[[sha256.Size]byte(row.PreviousHash)] = true
				}
				behind = nil
				continue
			}
			if behind != nil && !named {
				holes = append(holes, hole{row.TreeSize, sealHash(row)})
			}
			if chain.head == nil {
				chain.head = row
			}
			behind = row
		}
		if len(page) < sealPage {
			break
		}
	}
	if behind != nil && !follows(behind, nil) {
		holes = append(holes, hole{0, noSeal})
	}
	for _, h := range holes {
		if !displaced[h.follows] {
			report(fault{what: whatSeal, id: strconv.FormatInt(h.after, 10), reason: reasonSealDeleted})
		}
	}
	return chain, nil
}
