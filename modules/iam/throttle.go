package iam

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"net"
	"net/netip"
	"strings"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

// limit says how failures to sign in slow down further attempts: the first ones are free, then each doubles the
// wait, up to a longest one. Nobody is ever locked out for good, or an enemy could do that to a whole hospital.
type limit struct {
	free    int32
	first   time.Duration
	longest time.Duration
}

// An address may stand for all of a hospital behind one router, so it is given far more room than a name.
var (
	byUsername = limit{free: 5, first: 5 * time.Second, longest: 2 * time.Minute}
	byAddress  = limit{free: 200, first: 5 * time.Second, longest: time.Minute}
)

// forgottenAfter is how long without a failure it takes to begin anew.
const forgottenAfter = 15 * time.Minute

// wait is how long the next attempt must wait after so many failures.
func (l limit) wait(failures int32) time.Duration {
	if failures < l.free {
		return 0
	}
	wait := l.first
	for range min(failures-l.free, 16) {
		wait = min(2*wait, l.longest)
	}
	return wait
}

// tally is how often a name or an address failed.
type tally struct {
	failures     int32
	countedAt    time.Time
	blockedUntil *time.Time
}

// blocked gives how long an attempt must still wait; zero when it may be made.
func (t tally) blocked(now time.Time) time.Duration {
	if t.blockedUntil == nil || !t.blockedUntil.After(now) {
		return 0
	}
	return t.blockedUntil.Sub(now)
}

// count adds one failure.
func (t tally) count(l limit, now time.Time) tally {
	if now.Sub(t.countedAt) > forgottenAfter {
		t.failures = 0
	}
	next := tally{failures: t.failures + 1, countedAt: now}
	if wait := l.wait(next.failures); wait > 0 {
		until := now.Add(wait)
		next.blockedUntil = &until
	}
	return next
}

func errThrottled(wait time.Duration) error {
	return errs.TooMany("auth.throttled", "There were too many failures to sign in. Wait a little and try again.", wait)
}

// attempt is one try to sign in as somebody, counted as a failure until it is known to be none: attempts made in
// parallel cannot outrun the count.
type attempt struct {
	key     []byte
	counted tally
}

// throttleKeyOf hides what was typed: people type passwords where the name belongs.
func (m *Module) throttleKeyOf(kind, text string) []byte {
	mac := hmac.New(sha256.New, m.throttleKey)
	mac.Write([]byte(kind + "\x00" + text))
	return mac.Sum(nil)
}

// takeAttempt counts an attempt at a username from an address, or refuses it with 429: alike for names that exist and
// names that do not.
func (m *Module) takeAttempt(ctx context.Context, tx db.Tx, username, address string) (attempt, error) {
	queries := iamdb.New(tx)
	row, err := queries.GetThrottle(ctx, m.throttleKeyOf("address", address))
	if err != nil && !db.IsNoRows(err) {
		return attempt{}, err
	}
	if wait := (tally{blockedUntil: row.BlockedUntil}).blocked(tx.Now()); wait > 0 {
		return attempt{}, errThrottled(wait)
	}
	a := attempt{key: m.throttleKeyOf("username", strings.ToLower(username))}
	locked, err := queries.LockThrottle(ctx, iamdb.LockThrottleParams{Key: a.key, Now: tx.Now()})
	if err != nil {
		return attempt{}, err
	}
	before := tally{locked.Failures, locked.CountedAt, locked.BlockedUntil}
	if wait := before.blocked(tx.Now()); wait > 0 {
		return attempt{}, errThrottled(wait)
	}
	a.counted = before.count(byUsername, tx.Now())
	return a, m.setTally(ctx, tx, a.key, a.counted)
}

func (m *Module) setTally(ctx context.Context, tx db.Tx, key []byte, t tally) error {
	return iamdb.New(tx).SetThrottle(ctx, iamdb.SetThrottleParams{
		Key: key, Failures: t.failures, Now: t.countedAt, BlockedUntil: t.blockedUntil,
	})
}

// countAddress adds a failure to an address.
func (m *Module) countAddress(ctx context.Context, tx db.Tx, address string) error {
	key := m.throttleKeyOf("address", address)
	locked, err := iamdb.New(tx).LockThrottle(ctx, iamdb.LockThrottleParams{Key: key, Now: tx.Now()})
	if err != nil {
		return err
	}
	return m.setTally(ctx, tx, key, tally{locked.Failures, locked.CountedAt, locked.BlockedUntil}.count(byAddress, tx.Now()))
}

// takeBack undoes the count of an attempt that was no failure but no success either.
func (m *Module) takeBack(ctx context.Context, tx db.Tx, a attempt) error {
	return iamdb.New(tx).TakeBackAttempt(ctx, iamdb.TakeBackAttemptParams{Key: a.key, BlockedUntil: a.counted.blockedUntil})
}

// forget ends the count after a success.
func (m *Module) forget(ctx context.Context, tx db.Tx, a attempt) error {
	return iamdb.New(tx).ForgetThrottle(ctx, a.key)
}

// networkOf gives what counts as one address: without the port, and of IPv6 the network, since one machine has as
// many addresses in it as it likes.
func networkOf(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	address, err := netip.ParseAddr(host)
	if err != nil {
		return ""
	}
	address = address.Unmap().WithZone("")
	if address.Is4() {
		return address.String()
	}
	network, err := address.Prefix(64)
	if err != nil {
		return address.String()
	}
	return network.String()
}
