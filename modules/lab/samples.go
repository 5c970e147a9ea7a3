package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

// ByID names one sample or result.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// GetSample gives one sample.
func (m *Module) GetSample(ctx context.Context, q db.DBTX, in ByID) (labapi.Sample, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := getSample(ctx, q, scope, in.ID)
	if err != nil {
		return labapi.Sample{}, err
	}
	return m.presentSample(ctx, q, scope, row)
}

func getSample(ctx context.Context, q db.DBTX, scope db.Scope, sampleID uuid.UUID) (labdb.LabSampleRecord, error) {
	row, err := labdb.New(q).GetSample(ctx, labdb.GetSampleParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: sampleID})
	if db.IsNoRows(err) {
		err = errSampleNotFound
	}
	return row, err
}

func (m *Module) presentSample(ctx context.Context, q db.DBTX, scope db.Scope, row labdb.LabSampleRecord) (labapi.Sample, error) {
	all, err := m.presentSamples(ctx, q, scope, []labdb.LabSampleRecord{row})
	if err != nil {
		return labapi.Sample{}, err
	}
	return all[0], nil
}

// presentSamples shows samples with names, which it asks for all at once.
func (m *Module) presentSamples(ctx context.Context, q db.DBTX, scope db.Scope, rows []labdb.LabSampleRecord) ([]labapi.Sample, error) {
	var patientIDs, userIDs []uuid.UUID
	for _, row := range rows {
		patientIDs = append(patientIDs, row.PatientID)
		userIDs = appendKnown(userIDs, row.CollectedByID, row.ReceivedByID, row.RejectedByID, row.StoredByID, row.DiscardedByID)
	}
	patients, err := m.patients(ctx, q, scope, patientIDs)
	if err != nil {
		return nil, err
	}
	people, err := m.people(ctx, q, scope, userIDs)
	if err != nil {
		return nil, err
	}
	all := make([]labapi.Sample, len(rows))
	for i, row := range rows {
		if all[i], err = sampleOf(row); err != nil {
			return nil, err
		}
		all[i].Patient = patients[row.PatientID]
		all[i].Custody = custodyOf(row, people)
		all[i].Actions = sampleActions(ctx, row)
	}
	return all, nil
}

// sampleOf is a sample without what others know: its patient, the people, what the caller may do.
func sampleOf(row labdb.LabSampleRecord) (labapi.Sample, error) {
	s := labapi.Sample{
		Version: httpx.Version(row.Version), ID: row.ID, Barcode: row.Barcode, Status: labapi.SampleStatus(row.Status),
		EncounterID: row.EncounterID, PatientID: row.PatientID, Patient: labapi.Patient{ID: row.PatientID}, SpecimenType: row.SpecimenType,
		Container: row.Container, Priority: routine, Pregnant: row.Pregnant, OrderItemIDs: []uuid.UUID{}, Items: []labapi.SampleItem{},
		CollectedAt: row.CollectedAt, CollectedByID: row.CollectedByID, ReceivedAt: row.ReceivedAt, ReceivedByID: row.ReceivedByID,
		RejectedAt: row.RejectedAt, RejectedByID: row.RejectedByID, RejectionCode: row.RejectionCode, Reason: row.Reason,
		StoredAt: row.StoredAt, StorageLocation: row.StorageLocation, DiscardedAt: row.DiscardedAt, Custody: []labapi.Custody{},
		CreatedAt: row.CreatedAt, Actions: []string{},
	}
	if err := json.Unmarshal(row.Items, &s.Items); err != nil {
		return s, fmt.Errorf("items of sample %s: %w", row.ID, err)
	}
	for _, item := range s.Items {
		s.OrderItemIDs = append(s.OrderItemIDs, item.OrderItemID)
	}
	if len(s.Items) > 0 {
		s.Priority = s.Items[0].Priority // the most urgent comes first
	}
	return s, nil
}

// custodyOf is the chain of custody: each step of a sample happens at most once.
func custodyOf(row labdb.LabSampleRecord, people map[uuid.UUID]string) []labapi.Custody {
	chain := []labapi.Custody{{Act: "collected", At: row.CollectedAt, By: person(row.CollectedByID, people)}}
	if row.ReceivedAt != nil {
		chain = append(chain, labapi.Custody{Act: "received", At: *row.ReceivedAt, By: person(row.ReceivedByID, people)})
	}
	if row.StoredAt != nil {
		chain = append(chain, labapi.Custody{Act: "stored", At: *row.StoredAt, By: person(row.StoredByID, people), Of: row.StorageLocation})
	}
	if row.RejectedAt != nil {
		chain = append(chain, labapi.Custody{Act: "rejected", At: *row.RejectedAt, By: person(row.RejectedByID, people), Of: row.Reason})
	}
	if row.DiscardedAt != nil {
		chain = append(chain, labapi.Custody{Act: "discarded", At: *row.DiscardedAt, By: person(row.DiscardedByID, people)})
	}
	return chain
}

func sampleActions(ctx context.Context, row labdb.LabSampleRecord) []string {
	actions := []string{}
	for _, each := range sampleMoves {
		if _, legal := afterMove(labapi.SampleStatus(row.Status), each.move); legal && auth.Can(ctx, each.permission) {
			actions = append(actions, string(each.move))
		}
	}
	return actions
}

// patients gives what labels and lists show of them.
func (m *Module) patients(ctx context.Context, q db.DBTX, scope db.Scope, ids []uuid.UUID) (map[uuid.UUID]labapi.Patient, error) {
	found, err := m.summaries(ctx, q, scope, ids)
	shown := make(map[uuid.UUID]labapi.Patient, len(found))
	for _, p := range found {
		shown[p.ID] = patientOf(p)
	}
	return shown, err
}

func (m *Module) summaries(ctx context.Context, q db.DBTX, scope db.Scope, ids []uuid.UUID) (map[uuid.UUID]patientsapi.Summary, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return m.deps.Patients.Summaries(ctx, q, scope, id.Distinct(slices.Clone(ids)))
}

// people gives the names of users.
func (m *Module) people(ctx context.Context, q db.DBTX, scope db.Scope, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return m.deps.Users.Names(ctx, q, scope.TenantID, id.Distinct(ids))
}

func person(userID *uuid.UUID, people map[uuid.UUID]string) *labapi.Person {
	if userID == nil {
		return nil
	}
	return &labapi.Person{ID: *userID, FullName: people[*userID]}
}

func appendKnown(ids []uuid.UUID, more ...*uuid.UUID) []uuid.UUID {
	for _, each := range more {
		if each != nil {
			ids = append(ids, *each)
		}
	}
	return ids
}

// hold locks the encounter, so that nobody cancels it meanwhile. Samples and results go on after a close: the patient has
// gone home and the tube is in the laboratory.
func (m *Module) hold(ctx context.Context, tx db.Tx, encounterID uuid.UUID) (encountersapi.Encounter, error) {
	encounter, err := m.deps.Encounters.Lock(ctx, tx, encounterID)
	if err == nil && encounter.Status == encountersapi.StatusCancelled {
		err = encountersapi.ErrNotOpen
	}
	return encounter, err
}

// The priorities, of a test and of a tube.
const routine, urgent, stat = "ROUTINE", "URGENT", "STAT"
