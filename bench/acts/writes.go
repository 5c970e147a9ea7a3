package acts

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net/http"

	"github.com/google/uuid"
)

// Register registers a new patient at the desk.
var Register = Act{Name: "register", Operations: []string{"POST /api/patients"}, Do: func(ctx context.Context, a *Actor) error {
	_, err := a.register(ctx)
	return err
}}

func (a *Actor) register(ctx context.Context) (Patient, error) {
	gender := []string{"male", "female"}[a.Random.IntN(2)]
	body := object{
		"full_name": newName(a.Random), "gender": gender, "date_of_birth": fmt.Sprintf("%d-%02d-%02d", 1940+a.Random.IntN(80), 1+a.Random.IntN(12), 1+a.Random.IntN(28)),
		"phone": fmt.Sprintf("+91 9%04d %05d", a.Random.IntN(10000), a.Random.IntN(100000)), "address": fmt.Sprintf("%d, Station Road", 1+a.Random.IntN(400)),
	}
	var got Patient
	// Every writer sends a key, as a client that may try again must.
	if err := a.as(ctx, "receptionist", http.MethodPost, "/api/patients", body, http.StatusCreated, &got, "Idempotency-Key", a.key()); err != nil {
		return Patient{}, err
	}
	if got.ID == "" || got.MRN == "" || got.FullName != body["full_name"] {
		return Patient{}, ErrWrong
	}
	return got, nil
}

// key gives an idempotency key. It never comes from the actor's own chance, which a second run repeats: HM would rightly
// answer with what the first run was told.
func (a *Actor) key() string {
	var key uuid.UUID
	binary.NativeEndian.PutUint64(key[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(key[8:], rand.Uint64())
	return key.String()
}

func (a *Actor) vitals() object {
	return object{
		"temperature_c": float64(360+a.Random.IntN(40)) / 10, "pulse_bpm": 60 + a.Random.IntN(60), "resp_rate": 12 + a.Random.IntN(12),
		"bp_systolic": 100 + a.Random.IntN(60), "bp_diastolic": 60 + a.Random.IntN(35), "spo2": 92 + a.Random.IntN(8),
	}
}

// RecordVitals takes a patient's vital signs in an encounter under way.
var RecordVitals = Act{Name: "vitals", Operations: []string{"POST /api/encounters/{id}/vitals"},
	Prepare: func(ctx context.Context, a *Actor, n int) error {
		for a.Site.openCount() < min(n, vitalsSpread) {
			id, err := a.openConsultation(ctx, false)
			if err != nil {
				return err
			}
			a.Site.addOpen(id)
		}
		return nil
	},
	Do: func(ctx context.Context, a *Actor) error {
		return a.recordVitals(ctx, a.Site.AnyOpen(a.Random))
	}}

// vitalsSpread is over how many open encounters of a site vitals are spread, so that no row becomes a bottleneck that
// no ward has.
const vitalsSpread = 40

func (a *Actor) recordVitals(ctx context.Context, encounterID string) error {
	var got struct {
		EncounterID string `json:"encounter_id"`
		Document    struct {
			Kind string `json:"kind"`
		} `json:"document"`
	}
	if err := a.as(ctx, "nurse", http.MethodPost, "/api/encounters/"+encounterID+"/vitals", a.vitals(), http.StatusCreated, &got, "Idempotency-Key", a.key()); err != nil {
		return err
	}
	if got.EncounterID != encounterID || got.Document.Kind != "VITALS" {
		return ErrWrong
	}
	return nil
}

// Close closes an encounter in which everything is done.
var Close = Act{Name: "close", Operations: []string{"POST /api/encounters/{id}/close"},
	Prepare: func(ctx context.Context, a *Actor, n int) error {
		for a.Site.readyCount() < n {
			id, err := a.openConsultation(ctx, true)
			if err != nil {
				return err
			}
			a.Site.addReady(id)
		}
		return nil
	},
	Do: func(ctx context.Context, a *Actor) error {
		encounterID, ok := a.Site.takeReady()
		if !ok {
			return ErrUsedUp
		}
		return a.close(ctx, encounterID)
	}}

func (a *Actor) close(ctx context.Context, encounterID string) error {
	var got struct {
		Status string `json:"status"`
	}
	if err := a.as(ctx, "doctor", http.MethodPost, "/api/encounters/"+encounterID+"/close", nil, http.StatusOK, &got, "Idempotency-Key", a.key()); err != nil {
		return err
	}
	if got.Status != "CLOSED" {
		return ErrWrong
	}
	return nil
}

// openConsultation takes a new patient to the doctor; done also does everything that closing asks for.
func (a *Actor) openConsultation(ctx context.Context, done bool) (string, error) {
	encounterID, err := a.startVisit(ctx)
	if err != nil {
		return "", err
	}
	if err := a.as(ctx, "doctor", http.MethodPost, "/api/encounters/"+encounterID+"/start-consult", nil, http.StatusOK, nil); err != nil {
		return "", err
	}
	if !done {
		return encounterID, nil
	}
	if err := a.recordVitals(ctx, encounterID); err != nil {
		return "", err
	}
	return encounterID, a.writeUp(ctx, encounterID)
}

// startVisit registers a patient, opens the encounter and checks the patient in.
func (a *Actor) startVisit(ctx context.Context) (string, error) {
	patient, err := a.register(ctx)
	if err != nil {
		return "", err
	}
	var encounter struct {
		ID string `json:"id"`
	}
	if err := a.as(ctx, "receptionist", http.MethodPost, "/api/encounters", object{"patient_id": patient.ID, "reason": "Fever"}, http.StatusCreated, &encounter, "Idempotency-Key", a.key()); err != nil {
		return "", err
	}
	return encounter.ID, a.as(ctx, "receptionist", http.MethodPost, "/api/encounters/"+encounter.ID+"/check-in", nil, http.StatusOK, nil)
}

// writeUp records what the doctor found and ordered.
func (a *Actor) writeUp(ctx context.Context, encounterID string) error {
	for path, body := range map[string]object{
		"/assessment": {"chief_complaint": "Fever for three days", "history": "No travel", "diagnosis": "Viral fever"},
		"/plan":       {"advice": "Rest and fluids", "follow_up": "After three days", "medications": []any{}, "investigations": []any{}},
		"/notes":      {"subjective": "Feels weak", "objective": "Throat red"},
	} {
		if err := a.as(ctx, "doctor", http.MethodPost, "/api/encounters/"+encounterID+path, body, http.StatusCreated, nil, "Idempotency-Key", a.key()); err != nil {
			return err
		}
	}
	return nil
}

// StartVisit is the front desk's commonest work: a new patient is registered and checked in.
var StartVisit = Act{Name: "register and start visit", Operations: []string{"POST /api/patients", "POST /api/encounters", "POST /api/encounters/{id}/check-in"},
	Do: func(ctx context.Context, a *Actor) error {
		encounterID, err := a.startVisit(ctx)
		if err == nil {
			a.Site.addWaiting(encounterID)
		}
		return err
	}}

// WriteDocument writes a document in an encounter under way and makes it final.
var WriteDocument = Act{Name: "document", Operations: []string{"POST /api/clinical-docs/draft", "POST /api/clinical-docs/finalize"}, Prepare: RecordVitals.Prepare,
	Do: func(ctx context.Context, a *Actor) error {
		var draft, final struct {
			ID     string `json:"id"`
			Status string `json:"status"`
		}
		payload := object{"subjective": "Feels better", "assessment": "Recovering", "plan": "Go on"}
		body := object{"encounter_id": a.Site.AnyOpen(a.Random), "template_code": "progress_note", "payload": payload}
		if err := a.as(ctx, "doctor", http.MethodPost, "/api/clinical-docs/draft", body, http.StatusCreated, &draft, "Idempotency-Key", a.key()); err != nil {
			return err
		}
		if err := a.as(ctx, "doctor", http.MethodPost, "/api/clinical-docs/finalize", object{"document_id": draft.ID}, http.StatusCreated, &final, "Idempotency-Key", a.key()); err != nil {
			return err
		}
		if final.Status != "FINAL" {
			return ErrWrong
		}
		return nil
	}}

// Consult is a doctor's whole consultation with the next patient who waits: chart, vitals, note, plan, close.
var Consult = Act{Name: "consultation",
	Operations: []string{"POST /api/encounters/{id}/start-consult", "GET /api/encounters/{id}/timeline", "POST /api/encounters/{id}/vitals", "POST /api/encounters/{id}/assessment", "POST /api/encounters/{id}/plan", "POST /api/encounters/{id}/notes", "POST /api/encounters/{id}/close"},
	Prepare: func(ctx context.Context, a *Actor, n int) error {
		for a.Site.waitingCount() < n {
			if err := StartVisit.Do(ctx, a); err != nil {
				return err
			}
		}
		return nil
	},
	Do: func(ctx context.Context, a *Actor) error {
		encounterID, ok := a.Site.takeWaiting()
		if !ok {
			var err error
			if encounterID, err = a.startVisit(ctx); err != nil { // nobody waits: the doctor's own walk-in
				return err
			}
		}
		if err := a.as(ctx, "doctor", http.MethodPost, "/api/encounters/"+encounterID+"/start-consult", nil, http.StatusOK, nil); err != nil {
			return err
		}
		if err := a.as(ctx, "doctor", http.MethodGet, "/api/encounters/"+encounterID+"/timeline", nil, http.StatusOK, nil); err != nil {
			return err
		}
		if err := a.recordVitals(ctx, encounterID); err != nil {
			return err
		}
		if err := a.writeUp(ctx, encounterID); err != nil {
			return err
		}
		return a.close(ctx, encounterID)
	}}
