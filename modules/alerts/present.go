package alerts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// presentOne shows an alert with its history.
func (m *Module) presentOne(ctx context.Context, q db.DBTX, scope db.Scope, now time.Time, row alertsdb.AlertsAlert) (Alert, error) {
	lines, err := alertsdb.New(q).HistoryOf(ctx, alertsdb.HistoryOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, AlertID: row.ID})
	if err != nil {
		return Alert{}, err
	}
	all, err := m.present(ctx, q, scope, now, []alertsdb.AlertsAlert{row}, lines)
	if err != nil {
		return Alert{}, err
	}
	return all[0], nil
}

// present shows alerts with the names of everybody in them, which it asks for all at once; lines are the history of the
// one alert, or none.
func (m *Module) present(ctx context.Context, q db.DBTX, scope db.Scope, now time.Time, rows []alertsdb.AlertsAlert, lines []alertsdb.AlertsHistory) ([]Alert, error) {
	if len(rows) == 0 {
		return []Alert{}, nil
	}
	var alertIDs, patientIDs, userIDs []uuid.UUID
	mention := func(userID *uuid.UUID) {
		if userID != nil {
			userIDs = append(userIDs, *userID)
		}
	}
	for _, row := range rows {
		alertIDs = append(alertIDs, row.ID)
		if row.PatientID != nil {
			patientIDs = append(patientIDs, *row.PatientID)
		}
		mention(row.AcknowledgedByID)
		mention(row.ResolvedByID)
	}
	for _, line := range lines {
		mention(line.ByID)
		userIDs = append(userIDs, line.RecipientIds...)
	}
	targetRows, err := alertsdb.New(q).TargetsOf(ctx, alertsdb.TargetsOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, AlertIds: alertIDs})
	if err != nil {
		return nil, err
	}
	targets := map[uuid.UUID][]target{}
	var allTargets []target
	for _, row := range targetRows {
		targets[row.AlertID], allTargets = append(targets[row.AlertID], targetOf(row)), append(allTargets, targetOf(row))
	}
	directory, err := m.lookUp(ctx, q, scope, now, allTargets)
	if err != nil {
		return nil, err
	}
	userIDs = append(userIDs, directory.reached(allTargets)...)
	names, err := m.names(ctx, q, scope, userIDs)
	if err != nil {
		return nil, err
	}
	patients := map[uuid.UUID]patientsapi.Summary{}
	if len(patientIDs) > 0 {
		if patients, err = m.deps.Patients.Summaries(ctx, q, scope, id.Distinct(patientIDs)); err != nil {
			return nil, err
		}
	}
	alerts := make([]Alert, len(rows))
	for i, row := range rows {
		facts, err := factsOf(row)
		if err != nil {
			return nil, err
		}
		a := Alert{
			Version: httpx.Version(row.Version), ID: row.ID, Kind: row.Kind, Severity: alertsapi.Severity(row.Severity), Status: alertsapi.Status(row.Status),
			Title: row.Title, Detail: row.Detail, EncounterID: row.EncounterID, PatientID: row.PatientID,
			Subject: Subject{Kind: row.SubjectKind, ID: row.SubjectID}, Facts: facts, RaisedAt: row.RaisedAt,
			AcknowledgedAt: row.AcknowledgedAt, AcknowledgedByID: row.AcknowledgedByID, AcknowledgedBy: names.of(row.AcknowledgedByID),
			ResolvedAt: row.ResolvedAt, ResolvedByID: row.ResolvedByID, ResolvedBy: names.of(row.ResolvedByID), Resolution: row.Resolution,
			Level: row.Level, NextEscalationAt: row.NextEscalationAt, Recipients: []Recipient{},
		}
		if row.PatientID != nil {
			patient := patients[*row.PatientID]
			a.Patient = &Patient{ID: *row.PatientID, FullName: patient.FullName, MRN: patient.MRN}
		}
		named := map[uuid.UUID]bool{}
		for _, t := range targets[row.ID] {
			for _, userID := range directory.people(t) {
				a.IsMine = a.IsMine || userID == scope.UserID
				if !named[userID] {
					named[userID] = true
					a.Recipients = append(a.Recipients, directory.recipient(t, *names.of(&userID)))
				}
			}
		}
		a.Actions = actions(ctx, row, a.IsMine)
		for _, line := range lines {
			a.History = append(a.History, names.line(line))
		}
		alerts[i] = a
	}
	return alerts, nil
}

// recipient says by what a person is reached.
func (d directory) recipient(t target, person Person) Recipient {
	r := Recipient{Person: person, Reason: "user"}
	switch {
	case t.Role != nil:
		r.Reason, r.Of = "role", *t.Role
	case t.TeamID != nil:
		r.Reason, r.Of = "team", d.teams[*t.TeamID].Name
	}
	if t.OnDuty {
		r.Reason = "duty"
	}
	return r
}

// names are the full names of users by id.
type names map[uuid.UUID]string

func (m *Module) names(ctx context.Context, q db.DBTX, scope db.Scope, userIDs []uuid.UUID) (names, error) {
	if len(userIDs) == 0 {
		return names{}, nil
	}
	known, err := m.deps.Users.Names(ctx, q, scope.TenantID, id.Distinct(userIDs))
	return known, err
}

func (n names) of(userID *uuid.UUID) *Person {
	if userID == nil {
		return nil
	}
	return &Person{ID: *userID, FullName: n[*userID]}
}

func (n names) line(row alertsdb.AlertsHistory) HistoryLine {
	line := HistoryLine{Act: row.Act, At: row.At, By: n.of(row.ByID), Note: row.Note, Level: row.Level, Recipients: []Person{}}
	for _, userID := range row.RecipientIds {
		line.Recipients = append(line.Recipients, *n.of(&userID))
	}
	return line
}
