package acts

import (
	"context"
	"net/http"
)

// The laboratory's acts take one test a step further each; what they use up waits at the site, by step.
var (
	Collect       = labAct("collect", "POST /api/lab/samples", 0)
	Receive       = labAct("receive", "POST /api/lab/samples/{id}/receive", 1)
	EnterResult   = labAct("enter_result", "POST /api/lab/results", 2)
	VerifyResult  = labAct("verify_result", "POST /api/lab/results/{id}/verify", 3)
	ReleaseResult = labAct("release_result", "POST /api/lab/results/{id}/release", 4)
)

// What the laboratory's people, and those who wait for it, look at all day.
var (
	CollectionList = named("collection list", "nurse", "/api/lab/collection-list")
	Worklist       = named("worklist", "lab_technician", "/api/lab/worklist")
	AlertList      = named("alert list", "doctor", "/api/alerts")
	Bell           = named("bell", "doctor", "/api/notifications")
)

func named(name, role, path string) Act {
	act := ListAs(role, path)
	act.Name = name
	return act
}

// PatientsResults shows a doctor what was found of one patient.
var PatientsResults = Act{Name: "patient's results", Operations: []string{"GET /api/lab/results"}, Do: func(ctx context.Context, a *Actor) error {
	patient := a.Site.anyPatient(a.Random)
	var got struct {
		Results []struct {
			PatientID string `json:"patient_id"`
		} `json:"results"`
	}
	if err := a.as(ctx, "doctor", http.MethodGet, "/api/lab/results?patient_id="+patient.ID, nil, http.StatusOK, &got); err != nil {
		return err
	}
	for _, r := range got.Results {
		if r.PatientID != patient.ID {
			return ErrWrong
		}
	}
	return nil
}}

// labSteps in their order: each takes a test from where the one before it left it.
var labSteps = []func(ctx context.Context, a *Actor, t *labTest) error{
	func(ctx context.Context, a *Actor, t *labTest) (err error) {
		t.sample, err = a.labStep(ctx, "nurse", "/api/lab/samples", object{"order_item_ids": []string{t.item}}, http.StatusCreated, "COLLECTED")
		return err
	},
	func(ctx context.Context, a *Actor, t *labTest) error {
		_, err := a.labStep(ctx, "lab_technician", "/api/lab/samples/"+t.sample+"/receive", nil, http.StatusOK, "RECEIVED")
		return err
	},
	func(ctx context.Context, a *Actor, t *labTest) (err error) {
		values := []object{{"code": "CRP", "value": float64(a.Random.IntN(50)) / 10}}
		t.result, err = a.labStep(ctx, "lab_technician", "/api/lab/results", object{"order_item_id": t.item, "values": values}, http.StatusCreated, "ENTERED")
		return err
	},
	func(ctx context.Context, a *Actor, t *labTest) error {
		_, err := a.labStep(ctx, "pathologist", "/api/lab/results/"+t.result+"/verify", nil, http.StatusOK, "VERIFIED")
		return err
	},
	func(ctx context.Context, a *Actor, t *labTest) error {
		_, err := a.labStep(ctx, "pathologist", "/api/lab/results/"+t.result+"/release", nil, http.StatusOK, "RELEASED")
		return err
	},
}

// labTest is one test on its way through the laboratory.
type labTest struct{ item, sample, result string }

// labAct takes a test through one of the steps.
func labAct(name, operation string, step int) Act {
	return Act{Name: name, Operations: []string{operation},
		Prepare: func(ctx context.Context, a *Actor, n int) error {
			for a.Site.labCount(step) < n {
				if err := a.labAhead(ctx, step); err != nil {
					return err
				}
			}
			return nil
		},
		Do: func(ctx context.Context, a *Actor) error {
			test, there := a.Site.takeLab(step)
			if !there {
				return ErrUsedUp
			}
			if err := labSteps[step](ctx, a, &test); err != nil {
				return err
			}
			a.Site.addLab(step+1, test)
			return nil
		}}
}

// labAhead orders one test and leads it to before a step.
func (a *Actor) labAhead(ctx context.Context, step int) error {
	if a.Site.openCount() == 0 {
		if err := RecordVitals.Prepare(ctx, a, 1); err != nil {
			return err
		}
	}
	var order struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	body := object{"encounter_id": a.Site.AnyOpen(a.Random), "order_type": "LAB", "items": []object{{"service_code": "CRP"}}}
	if err := a.as(ctx, "doctor", http.MethodPost, "/api/orders", body, http.StatusCreated, &order, "Idempotency-Key", a.key()); err != nil {
		return err
	}
	if len(order.Items) != 1 {
		return ErrWrong
	}
	test := labTest{item: order.Items[0].ID}
	for _, before := range labSteps[:step] {
		if err := before(ctx, a, &test); err != nil {
			return err
		}
	}
	a.Site.addLab(step, test)
	return nil
}

// labStep posts something and gives the id of what it is about, which has reached a status.
func (a *Actor) labStep(ctx context.Context, role, path string, body any, want int, status string) (string, error) {
	var got struct {
		ID     string `json:"id"`
		Status string `json:"status"`
	}
	if err := a.as(ctx, role, http.MethodPost, path, body, want, &got, "Idempotency-Key", a.key()); err != nil {
		return "", err
	}
	if got.ID == "" || got.Status != status {
		return "", ErrWrong
	}
	return got.ID, nil
}
