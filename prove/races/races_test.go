package races_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"hmsoftware.com/hm/app/apptest"
)

// racers is how many clients race, over two nodes.
const racers = 32

// outcome of one racing request: its status, problem code and the id it tells.
type outcome struct {
	status   int
	code, id string
	replayed bool
}

// race lets every racer make its requests at once and records the history.
func race(t *testing.T, requests int, do func(ctx context.Context, racer, request int) (input any, reply apptest.Reply, err error)) []porcupine.Operation {
	t.Helper()
	var mu sync.Mutex
	var history []porcupine.Operation
	var wait sync.WaitGroup
	start := make(chan struct{})
	began := time.Now()
	for racer := range racers {
		wait.Go(func() {
			<-start
			for request := range requests {
				call := time.Since(began).Nanoseconds()
				input, reply, err := do(context.Background(), racer, request)
				if err != nil {
					t.Errorf("racer %d: %v", racer, err)
					return
				}
				if reply.StatusCode >= 500 {
					t.Errorf("racer %d: %d %s", racer, reply.StatusCode, reply.Body)
				}
				id := reply.ID()
				if named := reply.Text("encounter_id"); reply.StatusCode == 409 {
					id = named
				}
				mu.Lock()
				history = append(history, porcupine.Operation{
					ClientId: racer, Input: input, Call: call, Return: time.Since(began).Nanoseconds(),
					Output: outcome{reply.StatusCode, reply.Text("code"), id, reply.Header.Get("Idempotency-Replayed") == "true"},
				})
				mu.Unlock()
			}
		})
	}
	close(start)
	wait.Wait()
	return history
}

// check holds a history against a model whose state is the id of what there is, "" for nothing.
func check(t *testing.T, history []porcupine.Operation, step func(state string, input any, o outcome) (bool, string)) {
	t.Helper()
	model := porcupine.Model{
		Init: func() any { return "" },
		Step: func(state, input, output any) (bool, any) {
			legal, next := step(state.(string), input, output.(outcome))
			return legal, next
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%v -> %+v", input, output) },
	}
	if result := porcupine.CheckOperationsTimeout(model, history, 20*time.Second); result != porcupine.Ok {
		t.Errorf("the history is not linearizable (%s)", result)
		for _, o := range history {
			t.Logf("%d %d..%d %v -> %+v", o.ClientId, o.Call, o.Return, o.Input, o.Output)
		}
	}
}

func TestOneMRNIsGivenOnce(t *testing.T) {
	t.Parallel()
	d := apptest.NewDay(t, 2)
	history := race(t, 1, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		r, err := d.Receptionist.On(racer%2).Try(ctx, "POST", "/api/patients", object{"full_name": fmt.Sprint("Racer ", racer), "gender": "male", "age_years": 30, "mrn": "RACE-1"})
		return "register", r, err
	})
	check(t, history, func(state string, _ any, o outcome) (bool, string) {
		if state == "" {
			return o.status == 201, o.id
		}
		return o.status == 409 && o.code == "patients.mrn_taken", state
	})
	// Made by the facility's pattern, they differ and everybody gets one.
	seen := map[string]bool{}
	var mu sync.Mutex
	race(t, 3, func(ctx context.Context, racer, request int) (any, apptest.Reply, error) {
		r, err := d.Receptionist.On(racer%2).Try(ctx, "POST", "/api/patients", object{"full_name": fmt.Sprint("Racer ", racer, request), "gender": "male", "age_years": 30})
		mu.Lock()
		defer mu.Unlock()
		if mrn := r.Text("mrn"); mrn == "" || seen[mrn] {
			t.Errorf("MRN %q was given twice or not at all: %s", mrn, r.Body)
		} else {
			seen[mrn] = true
		}
		return nil, r, err
	})
	if len(seen) != 3*racers {
		t.Errorf("%d MRNs, want %d", len(seen), 3*racers)
	}
}

func TestOneEncounterIsActive(t *testing.T) {
	t.Parallel()
	d := apptest.NewDay(t, 2)
	patient := d.Patient(t, "Racer")
	// A third of the racers cancel what they find, so that the place becomes free and is raced for again.
	history := race(t, 3, func(ctx context.Context, racer, request int) (any, apptest.Reply, error) {
		client := d.Receptionist.On(racer % 2)
		r, err := client.Try(ctx, "POST", "/api/encounters", object{"patient_id": patient})
		return "create", r, err
	})
	check(t, history, func(state string, _ any, o outcome) (bool, string) {
		if state == "" {
			return o.status == 201, o.id
		}
		return o.status == 409 && o.code == "encounters.active_exists" && o.id == state, state
	})
	active := history[0].Output.(outcome).id
	closing := race(t, 1, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		client := d.Receptionist.On(racer % 2)
		if racer%4 == 0 {
			r, err := client.Try(ctx, "POST", "/api/encounters/"+active+"/cancel", object{"reason": "Race"})
			return "cancel", r, err
		}
		r, err := client.Try(ctx, "POST", "/api/encounters", object{"patient_id": patient})
		return "create", r, err
	})
	check(t, closing, func(state string, input any, o outcome) (bool, string) {
		if state == "" {
			state = active // what there is when this race begins
		}
		if input == "cancel" {
			if state == active {
				return o.status == 200, "none"
			}
			return o.status == 409, state
		}
		if state == "none" {
			return o.status == 201, o.id
		}
		return o.status == 409 && o.id == state, state
	})
}

func TestOneTaskPerCode(t *testing.T) {
	t.Parallel()
	d := apptest.NewDay(t, 2)
	encounter := d.Encounter(t, d.Patient(t, "Racer"))
	history := race(t, 2, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		r, err := d.Nurse.On(racer%2).Try(ctx, "POST", "/api/tasks", object{"encounter_id": encounter, "code": "weigh", "title": "Weigh the patient"})
		return "upsert", r, err
	})
	check(t, history, func(state string, _ any, o outcome) (bool, string) {
		if state == "" {
			return o.status == 201, o.id
		}
		return o.status == 200 && o.id == state, state
	})
	created := 0
	for _, item := range d.Nurse.Get(t, "/api/encounters/"+encounter+"/timeline").Want(t, 200).List("items") {
		if item.(object)["code"] == "TASK_CREATED" {
			created++
		}
	}
	if created != 3 { // the workflow's two and this one
		t.Errorf("%d tasks were created", created)
	}
}

func TestOneEffectPerIdempotencyKey(t *testing.T) {
	t.Parallel()
	d := apptest.NewDay(t, 2)
	history := race(t, 2, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		r, err := d.Receptionist.On(racer%2).Try(ctx, "POST", "/api/patients", object{"full_name": "Racer", "gender": "male", "age_years": 30}, "Idempotency-Key", "race")
		return "register", r, err
	})
	check(t, history, func(state string, _ any, o outcome) (bool, string) {
		if state == "" {
			return o.status == 201 && !o.replayed, o.id
		}
		return o.status == 201 && o.replayed && o.id == state, state
	})
}

func TestOneUsePerRefreshToken(t *testing.T) {
	t.Parallel()
	d := apptest.NewDay(t, 2)
	user := d.House.SignIn(t, "doctor", apptest.Password)
	anonymous := &apptest.Client{House: d.House}
	history := race(t, 1, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		r, err := anonymous.On(racer%2).Try(ctx, "POST", "/api/auth/token/refresh", object{"refresh": user.Refresh})
		return "refresh", r, err
	})
	check(t, history, func(state string, _ any, o outcome) (bool, string) {
		if state == "" {
			return o.status == 200, "used"
		}
		return o.status == 401 && o.code == "auth.token_reused", state
	})
}

func TestOneAmendmentFollowsADocument(t *testing.T) {
	t.Parallel()
	d := apptest.NewDay(t, 2)
	encounter := d.Encounter(t, d.Patient(t, "Racer"))
	d.Receptionist.Post(t, "/api/encounters/"+encounter+"/check-in", nil).Want(t, 200)
	draft := d.Doctor.Post(t, "/api/clinical-docs/draft", object{"encounter_id": encounter, "template_code": "progress_note", "payload": object{}}).Want(t, 201)
	payload := object{}
	for _, fault := range d.Doctor.Post(t, "/api/clinical-docs/finalize", object{"document_id": draft.ID()}).Want(t, 422).List("errors") {
		payload[fault.(object)["location"].(string)[len("body.payload."):]] = "Resting"
	}
	d.Doctor.Put(t, "/api/clinical-docs/"+draft.ID(), object{"payload": payload}).Want(t, 200)
	finals := race(t, 1, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		r, err := d.Doctor.On(racer%2).Try(ctx, "POST", "/api/clinical-docs/finalize", object{"document_id": draft.ID()})
		return "finalize", r, err
	})
	check(t, finals, func(state string, _ any, o outcome) (bool, string) {
		ok := o.status == 201 || o.status == 200
		return ok && (state == "" || o.id == state), o.id
	})
	final := finals[0].Output.(outcome).id
	amends := race(t, 1, func(ctx context.Context, racer, _ int) (any, apptest.Reply, error) {
		r, err := d.Doctor.On(racer%2).Try(ctx, "POST", "/api/clinical-docs/amend", object{"document_id": final, "payload": payload, "reason": "Race"})
		return "amend", r, err
	})
	check(t, amends, func(state string, _ any, o outcome) (bool, string) {
		if state == "" {
			return o.status == 201, o.id
		}
		return o.status == 409 && o.code == "clinicaldocs.not_current", state
	})
}
