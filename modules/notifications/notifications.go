package notifications

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/notifications/internal/notificationsdb"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

var errNotFound = errs.NotFound("notifications.not_found", "There is no such notification.")

// Notification is something that its reader was told, worded for the reader's language.
type Notification struct {
	ID         uuid.UUID         `json:"id" format:"uuid"`
	Kind       string            `json:"kind" example:"critical_result"`
	Severity   string            `json:"severity" enum:"INFO,WARNING,CRITICAL"`
	Title      string            `json:"title"`
	Body       string            `json:"body"`
	Patient    *Patient          `json:"patient" doc:"Whom it is about; null where it is about nobody, or nobody of this facility"`
	Link       Link              `json:"link" doc:"What it is about: a screen, and what it shows"`
	IsRead     bool              `json:"is_read"`
	ReadAt     *time.Time        `json:"read_at"`
	CreatedAt  time.Time         `json:"created_at"`
	Deliveries map[string]string `json:"deliveries,omitempty" doc:"How it went out: channel to status; of one notification only"`

	encounterID uuid.UUID
}

// Patient is whom a notification is about.
type Patient struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	FullName string    `json:"full_name"`
	MRN      string    `json:"mrn"`
}

// Link says where a client finds what a notification is about.
type Link struct {
	Screen string            `json:"screen" enum:"alert,encounter,report" example:"alert"`
	Params map[string]string `json:"params" doc:"Ids by name: alert_id, encounter_id, patient_id, result_id, report_id"`
}

// ETag changes when it is read, and with what becomes of it on its ways out.
func (n Notification) ETag() string {
	state := fmt.Sprint(n.IsRead, n.Deliveries) // a map is printed in the order of its keys
	return fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(state)))[:18] + `"`
}

// AuditSubject says whose record an answer shows.
func (n Notification) AuditSubject() httpx.Subject {
	s := httpx.Subject{Entity: "notification", EntityID: n.ID, EncounterID: n.encounterID}
	if n.Patient != nil {
		s.PatientIDs = []uuid.UUID{n.Patient.ID}
	}
	return s
}

// ListInput filters the caller's notifications.
type ListInput struct {
	httpx.PageParams
	IsRead string `query:"is_read" enum:"true,false" doc:"With false and count=true, count is how many wait to be read"`
}

type listKey struct {
	At time.Time
	ID uuid.UUID
}

const notificationColumns = `tenant_id, id, facility_id, user_id, cause, kind, severity, title, service_code, subject_kind, subject_id, alert_id,
	encounter_id, patient_id, is_in_app, read_at, created_at`

// List gives the caller's notifications of the facility, newest first.
func (m *Module) List(ctx context.Context, q db.DBTX, in ListInput) (httpx.Page[Notification], error) {
	scope, _ := db.ScopeOf(ctx)
	var after listKey
	more, err := in.After(&after)
	if err != nil {
		return httpx.Page[Notification]{}, err
	}
	w := &db.Where{}
	w.And("tenant_id = ? AND facility_id = ? AND user_id = ? AND is_in_app", scope.TenantID, scope.FacilityID, scope.UserID)
	switch in.IsRead {
	case "true":
		w.And("read_at IS NOT NULL")
	case "false":
		w.And("read_at IS NULL")
	}
	var count *int64
	if in.Count {
		var n int64
		err := q.QueryRow(ctx, `SELECT count(*) FROM notifications.notification`+w.SQL(), w.Args()...).Scan(&n)
		if count, err = httpx.Counted(n, err); err != nil {
			return httpx.Page[Notification]{}, err
		}
	}
	if more {
		w.And("(created_at, id) < (?::timestamptz, ?::uuid)", after.At, after.ID)
	}
	limit := w.Arg(in.Limit + 1)
	rows, err := q.Query(ctx, `SELECT `+notificationColumns+` FROM notifications.notification`+w.SQL()+` ORDER BY created_at DESC, id DESC LIMIT `+limit, w.Args()...)
	if err != nil {
		return httpx.Page[Notification]{}, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[notificationsdb.NotificationsNotification])
	if err != nil {
		return httpx.Page[Notification]{}, err
	}
	shown, err := m.present(ctx, q, scope, found)
	if err != nil {
		return httpx.Page[Notification]{}, err
	}
	page := httpx.NewPage(shown, in.Limit, func(n Notification) any { return listKey{n.CreatedAt, n.ID} })
	page.Count = count
	return page, nil
}

// ByID names a thing in the path.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// Get gives one of the caller's notifications, and how it went out.
func (m *Module) Get(ctx context.Context, q db.DBTX, in ByID) (Notification, error) {
	scope, _ := db.ScopeOf(ctx)
	queries := notificationsdb.New(q)
	row, err := queries.GetNotification(ctx, notificationsdb.GetNotificationParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, UserID: scope.UserID, ID: in.ID})
	shown, err := m.presentOne(ctx, q, scope, row, err)
	if err != nil {
		return Notification{}, err
	}
	went, err := queries.DeliveriesOf(ctx, notificationsdb.DeliveriesOfParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, NotificationIds: []uuid.UUID{in.ID}})
	shown.Deliveries = map[string]string{}
	for _, d := range went {
		shown.Deliveries[d.Channel] = d.Status
	}
	return shown, err
}

// MarkRead says that the caller has read one. Repeating it changes nothing.
func (m *Module) MarkRead(ctx context.Context, tx db.Tx, in ByID) (Notification, error) {
	scope, now := tx.Scope(), tx.Now()
	row, err := notificationsdb.New(tx).MarkRead(ctx, notificationsdb.MarkReadParams{
		Now: &now, TenantID: scope.TenantID, FacilityID: scope.FacilityID, UserID: scope.UserID, ID: in.ID})
	return m.presentOne(ctx, tx, scope, row, err)
}

// MarkAllReadInput may say up to when.
type MarkAllReadInput struct {
	Body *struct {
		Until *time.Time `json:"until,omitempty" doc:"Those made until then: what came since nobody has seen. All of them when absent"`
	} `required:"false"`
}

// MarkedRead says how many were unread.
type MarkedRead struct {
	Marked int64 `json:"marked"`
}

// MarkAllRead says that the caller has read everything in this facility.
func (m *Module) MarkAllRead(ctx context.Context, tx db.Tx, in MarkAllReadInput) (MarkedRead, error) {
	scope, now := tx.Scope(), tx.Now()
	until := now
	if in.Body != nil && in.Body.Until != nil && in.Body.Until.Before(now) {
		until = *in.Body.Until
	}
	marked, err := notificationsdb.New(tx).MarkAllRead(ctx, notificationsdb.MarkAllReadParams{
		Now: &now, TenantID: scope.TenantID, FacilityID: scope.FacilityID, UserID: scope.UserID, Until: until})
	return MarkedRead{marked}, err
}

func (m *Module) presentOne(ctx context.Context, q db.DBTX, scope db.Scope, row notificationsdb.NotificationsNotification, err error) (Notification, error) {
	if db.IsNoRows(err) {
		return Notification{}, errNotFound
	}
	if err != nil {
		return Notification{}, err
	}
	shown, err := m.present(ctx, q, scope, []notificationsdb.NotificationsNotification{row})
	if err != nil {
		return Notification{}, err
	}
	return shown[0], nil
}

// present words notifications for the caller. Patients are read now, so that a name that was corrected is right.
func (m *Module) present(ctx context.Context, q db.DBTX, scope db.Scope, rows []notificationsdb.NotificationsNotification) ([]Notification, error) {
	shown := make([]Notification, 0, len(rows))
	if len(rows) == 0 {
		return shown, nil
	}
	var patientIDs []uuid.UUID
	for _, row := range rows {
		if row.PatientID != nil {
			patientIDs = append(patientIDs, *row.PatientID)
		}
	}
	patients := map[uuid.UUID]patientsapi.Summary{}
	var err error
	if len(patientIDs) > 0 {
		if patients, err = m.deps.Patients.Summaries(ctx, q, scope, patientIDs); err != nil {
			return nil, err
		}
	}
	facility, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return nil, err
	}
	own, err := ownTemplates(ctx, q, scope.TenantID, ChannelInApp, kindsOf(rows))
	if err != nil {
		return nil, err
	}
	language := baseLanguage(httpx.Language(ctx))
	for _, row := range rows {
		n := Notification{
			ID: row.ID, Kind: row.Kind, Severity: row.Severity, Link: linkOf(row), IsRead: row.ReadAt != nil, ReadAt: row.ReadAt, CreatedAt: row.CreatedAt,
		}
		facts := factsOf(row, facility, language)
		if row.EncounterID != nil {
			n.encounterID = *row.EncounterID
		}
		if row.PatientID != nil {
			if p, here := patients[*row.PatientID]; here {
				n.Patient = &Patient{p.ID, p.FullName, p.MRN}
				facts["patient"], facts["mrn"] = p.FullName, p.MRN
			}
		}
		t := render(ChannelInApp, textOf(own, row.Kind, ChannelInApp, language), facts)
		n.Title, n.Body = t.Subject, t.Body
		shown = append(shown, n)
	}
	return shown, nil
}

// factsOf are what every text may say of a notification: nothing that is outside but may not be.
func factsOf(row notificationsdb.NotificationsNotification, facility facilitiesapi.Settings, language string) map[string]string {
	w := wordsIn(language)
	what := w.Kinds[row.Kind]
	title := row.Title
	if title == "" {
		title = capitalised(what)
	}
	service := row.ServiceCode
	if row.Title != "" && row.ServiceCode != "" {
		service = row.Title
	}
	return map[string]string{
		"facility": facility.Name, "severity": w.Severities[row.Severity], "what": what, "title": title, "service": service,
		"time": row.CreatedAt.In(facility.Zone).Format("2006-01-02 15:04"),
	}
}

func linkOf(row notificationsdb.NotificationsNotification) Link {
	link := Link{Screen: "encounter", Params: map[string]string{}}
	put := func(name string, value *uuid.UUID) {
		if value != nil {
			link.Params[name] = value.String()
		}
	}
	put("alert_id", row.AlertID)
	put("encounter_id", row.EncounterID)
	put("patient_id", row.PatientID)
	switch {
	case row.AlertID != nil:
		link.Screen = "alert"
	case row.SubjectKind == "lab_report":
		link.Screen = "report"
		put("report_id", &row.SubjectID)
	case row.SubjectKind == "lab_result":
		put("result_id", &row.SubjectID)
	}
	return link
}

func kindsOf(rows []notificationsdb.NotificationsNotification) []string {
	seen := map[string]bool{}
	var found []string
	for _, row := range rows {
		if !seen[row.Kind] {
			seen[row.Kind] = true
			found = append(found, row.Kind)
		}
	}
	return found
}

// UnreadCount says how many wait.
type UnreadCount struct {
	Unread int64 `json:"unread"`
}

// Unread counts, for a badge: without showing, and so without reading, anybody's record.
func (m *Module) Unread(ctx context.Context, q db.DBTX, _ struct{}) (UnreadCount, error) {
	scope, _ := db.ScopeOf(ctx)
	var n int64
	err := q.QueryRow(ctx, `SELECT count(*) FROM notifications.notification
		WHERE tenant_id = $1 AND facility_id = $2 AND user_id = $3 AND is_in_app AND read_at IS NULL`, scope.TenantID, scope.FacilityID, scope.UserID).Scan(&n)
	return UnreadCount{n}, err
}
