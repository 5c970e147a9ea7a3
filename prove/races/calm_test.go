package races_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
	"hmsoftware.com/hm/prove/figures"
)

// seedVariable names the environment variable that holds a seed to replay: it decides how many race, what is disturbed,
// and when. How the requests then fall, no seed decides.
const seedVariable = "HM_PROVE_SEED"

func seeded(t *testing.T) (*rand.Rand, uint64) {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv(seedVariable); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("%s: %v", seedVariable, err)
		}
	}
	t.Logf("%s=%d", seedVariable, seed)
	return rand.New(rand.NewPCG(seed, seed)), seed //nolint:gosec // to be replayed
}

// TestRaces runs every race on two nodes in this process, with nothing broken: everybody is answered.
func TestRaces(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	t.Parallel()
	random, seed := seeded(t)
	day := apptest.NewDay(t, 2)
	all := &tally{}
	began := time.Now()
	rounds := 1
	if figures.Long() {
		rounds = 20
	}
	for round := range rounds {
		racers := 16
		if figures.Long() {
			racers = 8 << random.IntN(4) // 8 to 64
		}
		t.Run(fmt.Sprintf("round %d, %d racers", round+1, racers), func(t *testing.T) {
			renew(t, day)
			for _, r := range races {
				t.Run(r.name, func(t *testing.T) { r.run(t, &field{Day: day, racers: racers, tally: all}) })
			}
		})
	}
	values := all.figures()
	values["rounds"], values["seed"], values["seconds"] = rounds, seed, int(time.Since(began).Seconds())
	figures.Record(t, "races", values)
}

// renew signs everybody in again: access tokens last ten minutes.
func renew(t *testing.T, d *apptest.Day) {
	t.Helper()
	for username, client := range map[string]*apptest.Client{"admin.asha": d.Admin, "reception": d.Receptionist, "nurse": d.Nurse, "doctor": d.Doctor} {
		client.Access = d.House.SignIn(t, username, apptest.Password).Access
	}
}
