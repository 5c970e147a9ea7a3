package iam

import (
	"testing"
	"time"
)

func TestNetworkOf(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.10:4711": "192.0.2.10", "[::ffff:192.0.2.10]:1": "192.0.2.10", "[2001:db8:1:2:3:4:5:6]:1": "2001:db8:1:2::/64",
		"[2001:db8:1:2:9::1]:1": "2001:db8:1:2::/64", "[fe80::1%eth0]:1": "fe80::/64", "192.0.2.10": "192.0.2.10", "nonsense": "",
	} {
		if got := networkOf(remote); got != want {
			t.Errorf("%s: got %q, want %q", remote, got, want)
		}
	}
}

func TestWaitDoublesUpToTheLongest(t *testing.T) {
	t.Parallel()
	for failures, want := range map[int32]time.Duration{
		0: 0, 4: 0, 5: 5 * time.Second, 6: 10 * time.Second, 9: 80 * time.Second, 10: 2 * time.Minute, 1 << 30: 2 * time.Minute,
	} {
		if got := byPlace.wait(failures); got != want {
			t.Errorf("after %d failures: %s, want %s", failures, got, want)
		}
	}
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for password, good := range map[string]bool{
		"ninechars": false, "1234567890": false, "Password123": false, "PASSWORD12345!": false, "aaaaaaaaaaaa": false, "abcabcabcabc": false,
		"reception.desk": false, "Reception.Desk": false, "hospital123": false,
		"correct horse battery": true, "कोई लंबा वाक्य": true, "tulsi-river-42": true,
	} {
		if err := checkPassword("reception.desk", password, "body.password"); (err == nil) != good {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestAWideLimitForgivesOneByOne(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 3, 10, 9, 30, 0, 0, time.UTC)
	l := limit{free: 50, forgives: time.Minute}
	for after, want := range map[time.Duration]int32{
		0: 41, 59 * time.Second: 41, time.Minute: 40, 119 * time.Second: 40, 39 * time.Minute: 2, 40 * time.Minute: 1, 100 * time.Hour: 1, -time.Hour: 41,
	} {
		if got := (tally{failures: 40, countedAt: began}).count(l, began.Add(after)).failures; got != want {
			t.Errorf("one more after %s: %d, want %d", after, got, want)
		}
	}
	// One failure every 59 seconds, for ever, does not add up to more than it should.
	steady, at := tally{countedAt: began}, began
	for range 1000 {
		at = at.Add(59 * time.Second)
		steady = steady.count(l, at)
	}
	if steady.failures > 20 {
		t.Errorf("%d", steady.failures)
	}
}
