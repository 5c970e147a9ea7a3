package notifications_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/facilities"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/iam"
	"hmsoftware.com/hm/modules/iam/iamtest"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/notifications"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// known are the alerts that the house knows; the others it has never heard of.
type known map[uuid.UUID]alertsapi.Brief

func (k known) Briefs(_ context.Context, _ db.DBTX, _ db.Scope, ids []uuid.UUID) (map[uuid.UUID]alertsapi.Brief, error) {
	found := map[uuid.UUID]alertsapi.Brief{}
	for _, alertID := range ids {
		if brief, there := k[alertID]; there {
			found[alertID] = brief
		}
	}
	return found, nil
}

func (known) UnacknowledgedCritical(context.Context, db.DBTX, db.Scope, uuid.UUID) ([]string, error) {
	return nil, nil
}

// ward knows who sees the patient of every encounter.
type ward struct {
	encountersapi.Reader
	attending *uuid.UUID
}

func (w ward) Get(_ context.Context, _ db.DBTX, _ db.Scope, encounterID uuid.UUID) (encountersapi.Encounter, error) {
	return encountersapi.Encounter{ID: encounterID, AttendingDoctorID: w.attending}, nil
}

// laboratory knows no result by its name.
type laboratory struct{ labapi.Reader }

func (laboratory) Results(context.Context, db.DBTX, db.Scope, []uuid.UUID) (map[uuid.UUID]labapi.Result, error) {
	return nil, nil
}

// teaching is a library with one rule that gives notice.
type teaching struct{ packsapi.Library }

func (t teaching) Of(context.Context, db.DBTX, db.Scope) (packsapi.Library, error) { return t, nil }

func (teaching) Rules(string, string) (packsapi.RuleSet, error) { return notice{}, nil }

type notice struct{ packsapi.RuleSet }

func (notice) Rules() []packsapi.Rule {
	return []packsapi.Rule{{Code: "base.tell", Message: packsapi.Text{"en": "Creatinine {value} is high"}, Then: packsapi.Then{Effect: packsapi.EffectNotify, To: "pharmacist"}}}
}

// house is notifications of a facility with a patient and two people.
type house struct {
	*notifications.Module
	alerts        known
	doctor, nurse uuid.UUID
	patientID     uuid.UUID
	scope         db.Scope
}

func deps(alerts known) notifications.Deps {
	return notifications.Deps{
		Bus: events.NewBus(), Clock: clock.NewManual(testkit.Epoch), Encounters: ward{}, Users: iam.Reader{}, Patients: patients.Reader{}, Facilities: facilities.Remember(), Alerts: alerts,
		Laboratory: laboratory{}, Packs: teaching{},
		PublicURL: "https://hm.example.org",
	}
}

func newHouse(ctx context.Context, t testing.TB, tx db.Tx) house {
	t.Helper()
	facilitiestest.Facility(ctx, t, tx, facilitiestest.With{})
	h := house{alerts: known{}, scope: tx.Scope()}
	h.doctor, h.nurse = iamtest.User(ctx, t, tx, iamtest.With{FullName: "Dr. A"}), iamtest.User(ctx, t, tx, iamtest.With{FullName: "Nurse B"})
	h.patientID = patientstest.Patient(ctx, t, tx, patientstest.With{FullName: "Zyxwvuta Iyer"})
	h.Module = notifications.New(deps(h.alerts))
	return h
}

// as gives the context in which a user asks.
func (h house) as(ctx context.Context, userID uuid.UUID) context.Context {
	return db.WithScope(ctx, h.scopeOf(userID))
}

func (h house) scopeOf(userID uuid.UUID) db.Scope {
	scope := h.scope
	scope.UserID = userID
	return scope
}

func byID(notificationID uuid.UUID) notifications.ByID { return notifications.ByID{ID: notificationID} }

func allRead() notifications.MarkAllReadInput { return notifications.MarkAllReadInput{} }

// raised is a critical result of the patient, told to some.
func (h house) raised(to ...uuid.UUID) alertsapi.Raised {
	alertID, encounterID := id.New(), id.New()
	h.alerts[alertID] = alertsapi.Brief{ID: alertID, Kind: alertsapi.KindCriticalResult, Severity: alertsapi.SeverityCritical, Status: alertsapi.StatusOpen, Title: "Critical result: K"}
	return alertsapi.Raised{
		About:        alertsapi.About{AlertID: alertID, Kind: alertsapi.KindCriticalResult, Severity: alertsapi.SeverityCritical, EncounterID: &encounterID, PatientID: &h.patientID},
		RecipientIDs: to,
	}
}

func (h house) list(ctx context.Context, t testing.TB, q db.DBTX, userID uuid.UUID) []notifications.Notification {
	t.Helper()
	in := notifications.ListInput{}
	in.Limit = 50
	page, err := h.List(h.as(ctx, userID), q, in)
	if err != nil {
		t.Fatal(err)
	}
	return page.Results
}
