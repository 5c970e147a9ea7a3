package acts

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// object is a JSON object to send.
type object = map[string]any

type listed struct {
	Results []struct {
		ID       string `json:"id"`
		FullName string `json:"full_name"`
		MRN      string `json:"mrn"`
		Patient  struct {
			ID string `json:"id"`
		} `json:"patient"`
	} `json:"results"`
	Next *string `json:"next"`
}

// PatientByID opens one patient's record.
var PatientByID = Act{Name: "patient by id", Operations: []string{"GET /api/patients/{id}"}, Do: func(ctx context.Context, a *Actor) error {
	patient := a.Site.anyPatient(a.Random)
	var got struct {
		ID  string `json:"id"`
		MRN string `json:"mrn"`
	}
	if err := a.as(ctx, "doctor", http.MethodGet, "/api/patients/"+patient.ID, nil, http.StatusOK, &got); err != nil {
		return err
	}
	if got.ID != patient.ID || got.MRN != patient.MRN {
		return ErrWrong
	}
	return nil
}}

// NewestPatients lists the 50 newest patients of the facility, as a desk does when it opens.
var NewestPatients = Act{Name: "newest 50", Operations: []string{"GET /api/patients"}, Do: func(ctx context.Context, a *Actor) error {
	var got listed
	if err := a.as(ctx, "receptionist", http.MethodGet, "/api/patients?limit=50", nil, http.StatusOK, &got); err != nil {
		return err
	}
	if n := len(got.Results); n < min(50, len(a.Site.Patients)) || n > 50 {
		return fmt.Errorf("%w: %d patients", ErrWrong, len(got.Results))
	}
	return nil
}}

// SearchMisspelt looks for a patient by a name with a slip in it.
var SearchMisspelt = Act{Name: "search misspelt", Operations: []string{"GET /api/patients"}, Do: func(ctx context.Context, a *Actor) error {
	patient := a.Site.anyPatient(a.Random)
	return a.find(ctx, patient, Misspell(a.Random, patient.FullName))
}}

// SearchByName looks for a patient by the name as it is written.
var SearchByName = Act{Name: "search by name", Operations: []string{"GET /api/patients"}, Do: func(ctx context.Context, a *Actor) error {
	patient := a.Site.anyPatient(a.Random)
	return a.find(ctx, patient, patient.FullName)
}}

// SearchByMRN looks for a patient by the number on the card and opens the record.
var SearchByMRN = Act{Name: "search by id", Operations: []string{"GET /api/patients", "GET /api/patients/{id}"}, Do: func(ctx context.Context, a *Actor) error {
	patient := a.Site.anyPatient(a.Random)
	if err := a.find(ctx, patient, patient.MRN); err != nil {
		return err
	}
	return a.as(ctx, "receptionist", http.MethodGet, "/api/patients/"+patient.ID, nil, http.StatusOK, nil)
}}

// find searches and expects somebody of the patient's name among those shown: where several bear it, none of them is
// the wrong one to show.
func (a *Actor) find(ctx context.Context, patient Patient, question string) error {
	var got listed
	if err := a.as(ctx, "receptionist", http.MethodGet, "/api/patients?limit=20&q="+url.QueryEscape(question), nil, http.StatusOK, &got); err != nil {
		return err
	}
	for _, r := range got.Results {
		if r.ID == patient.ID || r.FullName == patient.FullName {
			return nil
		}
	}
	return ErrMissed
}

// LongTimeline reads the timeline of an encounter with a long history.
var LongTimeline = Act{Name: "long timeline", Operations: []string{"GET /api/encounters/{id}/timeline"}, Do: func(ctx context.Context, a *Actor) error {
	var got struct {
		EncounterID string `json:"encounter_id"`
		Items       []struct {
			Code string `json:"code"`
		} `json:"items"`
	}
	if err := a.as(ctx, "doctor", http.MethodGet, "/api/encounters/"+a.Site.LongEncounterID+"/timeline", nil, http.StatusOK, &got); err != nil {
		return err
	}
	if got.EncounterID != a.Site.LongEncounterID || len(got.Items) == 0 {
		return ErrWrong
	}
	return nil
}}

// TaskList shows a nurse what is to be done.
var TaskList = Act{Name: "task list", Operations: []string{"GET /api/tasks"}, Do: func(ctx context.Context, a *Actor) error {
	var got listed
	return a.as(ctx, "nurse", http.MethodGet, "/api/tasks?status=OPEN&ordering=due_at&limit=50", nil, http.StatusOK, &got)
}}
