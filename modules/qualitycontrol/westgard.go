package qualitycontrol

import "github.com/govalues/decimal"

// Rule is one of Westgard's, as he writes it.
type Rule string

// The rules. A value that lies exactly on a limit does not exceed it, one that is exactly the mean is on neither side.
// Source: J. O. Westgard, P. L. Barry, M. R. Hunt, T. Groth: A multi-rule Shewhart chart for quality control in
// clinical chemistry, Clin. Chem. 27/3, 493-501 (1981).
const (
	// Rule12s warns: one value beyond 2 SD. It is told where no other rule is broken.
	Rule12s Rule = "1-2s"
	// Rule13s rejects: one value beyond 3 SD.
	Rule13s Rule = "1-3s"
	// Rule22s rejects: two in succession beyond 2 SD on the same side, of one level or of two levels in one run.
	Rule22s Rule = "2-2s"
	// RuleR4s rejects: in one run a level is beyond 2 SD on one side and another on the other.
	RuleR4s Rule = "R-4s"
	// Rule41s rejects: four in succession of one level beyond 1 SD on the same side.
	Rule41s Rule = "4-1s"
	// Rule10x rejects: ten in succession of one level on the same side of the mean.
	Rule10x Rule = "10x"
)

// Rejects tells whether patient results must wait; the others warn.
func (r Rule) Rejects() bool { return r != Rule12s }

// Control is a value found beside what it should be. SD is greater than zero.
type Control struct{ Value, Mean, SD decimal.Decimal }

// lookBack is how many earlier values of its level a judgement can need.
const lookBack = 9

// side of the mean on which a value lies beyond so many SD: 1, -1, or 0 within or on the limit. Numbers of at most nine
// digits before the point and six after it cannot overflow.
func (c Control) beyond(sds int64) int {
	distance, err := c.Value.Sub(c.Mean)
	if err != nil {
		return 0
	}
	limit, err := c.SD.Mul(decimal.MustNew(sds, 0))
	if err != nil || distance.CmpAbs(limit) <= 0 {
		return 0
	}
	return distance.Sign()
}

// Judge tells which rules a value breaks, the gravest first; none when it is in control. former are the values of its
// own level before it, the newest first; peers are those of other levels in the same run.
func Judge(now Control, former, peers []Control) []Rule {
	broken := []Rule{}
	two := now.beyond(2)
	if now.beyond(3) != 0 {
		broken = append(broken, Rule13s)
	}
	if two != 0 {
		same, opposite := runs(now, former, 2, 2), false
		for _, peer := range peers {
			same = same || peer.beyond(2) == two
			opposite = opposite || peer.beyond(2) == -two
		}
		if same {
			broken = append(broken, Rule22s)
		}
		if opposite {
			broken = append(broken, RuleR4s)
		}
	}
	if runs(now, former, 1, 4) {
		broken = append(broken, Rule41s)
	}
	if runs(now, former, 0, 10) {
		broken = append(broken, Rule10x)
	}
	if two != 0 && len(broken) == 0 {
		broken = append(broken, Rule12s)
	}
	return broken
}

// runs tells whether now and those right before it, so many together, all lie beyond sds SD on the same side.
func runs(now Control, former []Control, sds int64, together int) bool {
	side := now.beyond(sds)
	if side == 0 || len(former) < together-1 {
		return false
	}
	for _, c := range former[:together-1] {
		if c.beyond(sds) != side {
			return false
		}
	}
	return true
}
