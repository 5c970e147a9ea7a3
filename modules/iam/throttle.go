package iam

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
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
	// forgives is how long it takes for one failure to be forgotten; zero: all are at once, forgottenAfter the last.
	forgives time.Duration
}

// The narrow limit is on a name from one address: who knows a name and keeps failing holds up nobody but those beside
// him. The wide ones are against guessing a name from many addresses, or many names from one; an address may stand for
// all of a hospital behind one router, and what one address may fail in a day under the narrow limit must not reach
// the name's, so both are high and forgive steadily.
var (
	byPlace    = limit{free: 5, first: 5 * time.Second, longest: 2 * time.Minute}
	byUsername = limit{free: 50, first: 5 * time.Second, longest: time.Minute, forgives: time.Minute}
	byAddress  = limit{free: 200, first: 5 * time.Second, longest: time.Minute, forgives: 10 * time.Second}
)

// forgottenAfter is how long without a failure it takes to begin anew under a limit that does not forgive one by one.
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
	failures int32
	// countedAt is up to when failures have been counted and forgiven.
	countedAt    time.Time
	blockedUntil *time.Time
}

// blocked gives how long an attempt must still wait; zero when it may be made. A block that lasts longer than any was
// made by a clock that has been set back since, or by a node whose clock is ahead: nobody may be kept out for hours by that.
func (t tally) blocked(l limit, now time.Time) time.Duration {
	if t.blockedUntil == nil || !t.blockedUntil.After(now) || t.blockedUntil.Sub(now) > l.longest {
		return 0
	}
	return t.blockedUntil.Sub(now)
}

// count adds one failure.
func (t tally) count(l limit, now time.Time) tally {
	t = t.forgiven(l, now)
	next := tally{failures: t.failures + 1, countedAt: t.countedAt}
	if wait := l.wait(next.failures); wait > 0 {
		until := now.Add(wait)
		next.blockedUntil = &until
	}
	return next
}

// forgiven is the tally as it stands now.
func (t tally) forgiven(l limit, now time.Time) tally {
	passed := now.Sub(t.countedAt)
	switch {
	case passed < 0: // the clock was set back
	case l.forgives == 0 && passed > forgottenAfter:
		t.failures = 0
	case l.forgives == 0:
	case passed >= l.forgives*time.Duration(t.failures):
		t.failures = 0
	default:
		t.failures -= int32(passed / l.forgives) //nolint:gosec // fewer than there are failures
		t.countedAt = now.Add(-passed % l.forgives)
		return t
	}
	t.countedAt = now
	return t
}

func errThrottled(wait time.Duration) error {
	return errs.TooMany("auth.throttled", "There were too many failures to sign in. Wait a little and try again.", wait)
}

// attempt is one try to sign in as somebody, counted as a failure until it is known to be none: attempts made in
// parallel cannot outrun the count.
type attempt struct{ narrow, wide counted }

type counted struct {
	key   []byte
	tally tally
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
	if wait := (tally{blockedUntil: row.BlockedUntil}).blocked(byAddress, tx.Now()); wait > 0 {
		return attempt{}, errThrottled(wait)
	}
	username = strings.ToLower(username)
	var a attempt
	// The narrow count first, always: two attempts never wait for each other.
	if a.narrow, err = m.countOne(ctx, tx, m.throttleKeyOf("username and address", username+"\x00"+address), byPlace); err != nil {
		return attempt{}, err
	}
	a.wide, err = m.countOne(ctx, tx, m.throttleKeyOf("username", username), byUsername)
	return a, err
}

// countOne counts an attempt under one key. An error undoes it with its transaction, and what was counted before it.
func (m *Module) countOne(ctx context.Context, tx db.Tx, key []byte, l limit) (counted, error) {
	row, err := iamdb.New(tx).LockThrottle(ctx, iamdb.LockThrottleParams{Key: key, Now: tx.Now()})
	if err != nil {
		return counted{}, err
	}
	before := tally{row.Failures, row.CountedAt, row.BlockedUntil}
	if wait := before.blocked(l, tx.Now()); wait > 0 {
		return counted{}, errThrottled(wait)
	}
	c := counted{key, before.count(l, tx.Now())}
	return c, m.setTally(ctx, tx, key, c.tally)
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

// takeBack undoes the count of an attempt that was no failure.
func (m *Module) takeBack(ctx context.Context, tx db.Tx, a attempt) error {
	return errors.Join(takeBackOne(ctx, tx, a.narrow), takeBackOne(ctx, tx, a.wide))
}

func takeBackOne(ctx context.Context, tx db.Tx, c counted) error {
	return iamdb.New(tx).TakeBackAttempt(ctx, iamdb.TakeBackAttemptParams{Key: c.key, BlockedUntil: c.tally.blockedUntil})
}

// noFailure is takeBack in a transaction of its own, for an attempt whose password was right and that answers with an
// error all the same.
func (m *Module) noFailure(ctx context.Context, a attempt, answer error) error {
	return orElse(m.pool.InTx(ctx, func(tx db.Tx) error { return m.takeBack(ctx, tx, a) }), answer)
}

// forget ends the narrow count after a success. Of the wide one only the attempt itself is taken back: others may be
// guessing this name elsewhere.
func (m *Module) forget(ctx context.Context, tx db.Tx, a attempt) error {
	return errors.Join(iamdb.New(tx).ForgetThrottle(ctx, a.narrow.key), takeBackOne(ctx, tx, a.wide))
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
