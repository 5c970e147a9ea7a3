package races_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/prove/figures"
)

// promised is how long after the answer to a removal a role may still have effect anywhere.
const promised = time.Second

// TestARemovedRoleIsGone takes a role from somebody who is at work on both nodes: a second after that was answered, no
// request of theirs passes.
func TestARemovedRoleIsGone(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	t.Parallel()
	d := apptest.NewDay(t, 2)
	rounds := 3
	if figures.Long() {
		rounds = 40
	}
	latest, requests := time.Duration(0), 0
	for round := range rounds {
		if round%10 == 9 {
			renew(t, d)
		}
		username := fmt.Sprint("leaver", round)
		leaver := d.User(t, username, d.Facilities[0], "receptionist")
		var membership string
		for _, m := range d.Admin.Get(t, "/api/memberships?limit=200&user_id="+leaver.Get(t, "/api/me").Want(t, 200).Path("user.id").(string)).Want(t, 200).List("results") {
			membership = m.(object)["id"].(string)
		}
		ended := round%2 == 1
		var mu sync.Mutex
		var passed []time.Time // when a request began that passed
		refusals := map[int]int{}
		ctx, stop := context.WithCancel(context.Background())
		var wait sync.WaitGroup
		for racer := range 8 {
			wait.Go(func() {
				for request := 0; ctx.Err() == nil; request++ {
					began := time.Now()
					var r apptest.Reply
					var err error
					// Auditors may read: only who is out of the facility altogether may not.
					if ended && request%2 == 0 {
						r, err = leaver.On(racer%2).Try(context.Background(), "GET", "/api/patients?limit=1", nil)
					} else {
						r, err = leaver.On(racer%2).Try(context.Background(), "POST", "/api/patients", object{"full_name": "Racer", "gender": "male", "age_years": 30})
					}
					mu.Lock()
					requests++
					switch {
					case err != nil:
						t.Error(err)
					case r.StatusCode < 300:
						passed = append(passed, began)
					default:
						refusals[r.StatusCode]++
					}
					mu.Unlock()
				}
			})
		}
		time.Sleep(200 * time.Millisecond)
		body := object{"roles": []string{"auditor"}}
		if ended {
			body = object{"is_active": false}
		}
		d.Admin.Patch(t, "/api/memberships/"+membership, body).Want(t, 200)
		answered := time.Now()
		time.Sleep(promised + 500*time.Millisecond)
		stop()
		wait.Wait()
		if len(passed) == 0 || refusals[403] == 0 {
			t.Errorf("%d requests passed, refused were %v", len(passed), refusals)
		}
		if others := slices.Collect(maps.Keys(refusals)); len(others) > 1 {
			t.Errorf("refused were %v", refusals)
		}
		last := slices.MaxFunc(passed, time.Time.Compare)
		if after := last.Sub(answered); after > promised {
			t.Errorf("a request that began %v after the answer passed", after)
		} else {
			latest = max(latest, after)
		}
	}
	figures.Record(t, "races", object{"race": "a removed role", "rounds": rounds, "requests": requests, "latest_effect_ms": latest.Milliseconds(), "promised_ms": promised.Milliseconds()})
}
