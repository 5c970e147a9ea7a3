package labprint

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/facilities/facilitiestest"
	"hmsoftware.com/hm/modules/iam/iamapi"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
)

func TestMain(m *testing.M) { testkit.Main(m, func() { shared.Stop(context.Background()) }) }

// laboratory stands in for the lab module: its released results are rows of the same database, so that transactions see
// of each other what they would see there.
type laboratory struct {
	labapi.Reader
	samples map[uuid.UUID]labapi.Sample
}

const releasedTable = `CREATE TABLE public.released (order_id uuid, item_id uuid, version int, result_id uuid, body jsonb);
	GRANT SELECT, INSERT, UPDATE ON public.released TO hm_app`

func (laboratory) read(ctx context.Context, q db.DBTX, sql string, arg any) ([]labapi.Result, error) {
	rows, err := q.Query(ctx, sql, arg)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []labapi.Result
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		var r labapi.Result
		if err := json.Unmarshal(body, &r); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

func (l laboratory) ReleasedOf(ctx context.Context, q db.DBTX, _ db.Scope, orderID uuid.UUID) ([]labapi.Result, error) {
	return l.read(ctx, q, `SELECT DISTINCT ON (item_id) body FROM public.released WHERE order_id = $1 ORDER BY item_id, version DESC`, orderID)
}

func (l laboratory) Results(ctx context.Context, q db.DBTX, _ db.Scope, ids []uuid.UUID) (map[uuid.UUID]labapi.Result, error) {
	all, err := l.read(ctx, q, `SELECT body FROM public.released WHERE result_id = ANY($1)`, ids)
	byID := map[uuid.UUID]labapi.Result{}
	for _, r := range all {
		byID[r.ID] = r
	}
	return byID, err
}

func (l laboratory) Samples(_ context.Context, _ db.DBTX, _ db.Scope, ids []uuid.UUID) (map[uuid.UUID]labapi.Sample, error) {
	found := map[uuid.UUID]labapi.Sample{}
	for _, sampleID := range ids {
		if s, known := l.samples[sampleID]; known {
			found[sampleID] = s
		}
	}
	return found, nil
}

// What the others would say, as far as it matters here.
type (
	noOrders  struct{ ordersapi.Reader }
	allOpen   struct{ encountersapi.Reader }
	oneHouse  struct{ facilitiesapi.Reader }
	knowsAll  struct{ iamapi.Reader }
	allOfThem struct{ patientsapi.Reader }
	onePack   struct{}
	listening struct {
		reads  []httpx.ReadRecord
		refuse error
	}
)

func (noOrders) ItemsOf(context.Context, db.DBTX, db.Scope, []uuid.UUID) ([]ordersapi.RecentItem, error) {
	return nil, nil
}
func (allOpen) Get(_ context.Context, _ db.DBTX, _ db.Scope, encounterID uuid.UUID) (encountersapi.Encounter, error) {
	return encountersapi.Encounter{ID: encounterID, Pack: "base"}, nil
}
func (oneHouse) Settings(_ context.Context, _ db.DBTX, _, facilityID uuid.UUID) (facilitiesapi.Settings, error) {
	return facilitiesapi.Settings{ID: facilityID, Code: "MAIN", Name: "Main building", Zone: zone}, nil
}
func (knowsAll) Names(_ context.Context, _ db.DBTX, _ uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	names := map[uuid.UUID]string{}
	for _, u := range ids {
		names[u] = "Somebody"
	}
	return names, nil
}
func (allOfThem) Summaries(_ context.Context, _ db.DBTX, _ db.Scope, ids []uuid.UUID) (map[uuid.UUID]patientsapi.Summary, error) {
	all := map[uuid.UUID]patientsapi.Summary{}
	for _, u := range ids {
		all[u] = patientsapi.Summary{ID: u, FullName: "A patient", MRN: "TEST-1", Gender: "female"}
	}
	return all, nil
}
func (onePack) Of(context.Context, db.DBTX, db.Scope) (packsapi.Library, error) {
	return named{analytes: analyteNames}, nil
}
func (l *listening) Read(_ context.Context, r httpx.ReadRecord) error {
	l.reads = append(l.reads, r)
	return l.refuse
}
func (l *listening) Refused(context.Context, httpx.Refusal) {}

// house is a facility with a patient under way.
type house struct {
	t         *testing.T
	db        *testkit.Database
	m         *Module
	journal   *listening
	ctx       context.Context
	encounter encountersapi.Encounter
}

func newHouse(t *testing.T) *house {
	t.Helper()
	d := testkit.NewDatabase(t)
	d.AsSuperuser(t, releasedTable)
	h := &house{t: t, db: d, journal: &listening{}, ctx: db.WithScope(t.Context(), testkit.NewScope())}
	bus := events.NewBus()
	events.Declare[labapi.ResultReleased](bus, "lab")
	h.m = New(Deps{Bus: bus, Pool: d.Pool, Journal: h.journal, Typesetter: shared, Secret: testkit.Secret, PublicURL: "https://lab.example.org/", Lab: laboratory{},
		Orders: noOrders{}, Encounters: allOpen{}, Patients: allOfThem{}, Facilities: oneHouse{}, Users: knowsAll{}, Packs: onePack{}})
	h.m.Subscribe()
	h.inTx(h.ctx, func(tx db.Tx) error {
		facilitiestest.Facility(h.ctx, t, tx, facilitiestest.With{})
		h.encounter = encounterstest.Encounter(h.ctx, t, tx, encounterstest.With{})
		return nil
	})
	return h
}

func (h *house) inTx(ctx context.Context, fn func(tx db.Tx) error) {
	h.t.Helper()
	if err := h.db.Pool.InTx(ctx, fn); err != nil {
		h.t.Fatal(err)
	}
}

// release makes a result of an item with one value and tells of it, as the lab module would. A version above 1 corrects
// the one before it.
func (h *house) release(tx db.Tx, orderID, itemID uuid.UUID, version int, text string, corrects *uuid.UUID) (labapi.Result, error) {
	r := labapi.Result{
		ID: id.New(), OrderID: orderID, OrderItemID: itemID, EncounterID: h.encounter.ID, PatientID: h.encounter.PatientID, SampleID: id.New(), SpecimenType: "blood", Barcode: "2611220001",
		ServiceCode: "HGB", Name: "Haemoglobin", ResultVersion: version,
		Status: labapi.ResultStatusReleased, Values: []labapi.Value{measured("HGB", text, "g/dL", "12.0", "15.5", "N")}, CollectedAt: tx.Now(), VerifiedAt: ptr(tx.Now()), ReleasedAt: ptr(tx.Now()),
		VerifiedByID: ptr(id.New()), ReleasedByID: ptr(id.New()),
	}
	body, err := json.Marshal(r)
	if err != nil {
		return r, err
	}
	if _, err := tx.Exec(h.ctx, `INSERT INTO public.released VALUES ($1, $2, $3, $4, $5)`, orderID, itemID, version, r.ID, body); err != nil {
		return r, err
	}
	return r, h.m.deps.Bus.Publish(h.ctx, tx, labapi.ResultReleased{
		AboutResult: labapi.AboutResult{ResultID: r.ID, EncounterID: r.EncounterID, PatientID: r.PatientID, SampleID: r.SampleID, Version: version,
			ItemRef: labapi.ItemRef{ItemID: itemID, OrderID: orderID, ServiceCode: "HGB"}},
		IsCorrection: corrects != nil, CorrectsID: corrects,
	})
}

// released is release in a transaction of its own.
func (h *house) released(orderID, itemID uuid.UUID, version int, text string, corrects *uuid.UUID) (r labapi.Result) {
	h.t.Helper()
	h.inTx(h.ctx, func(tx db.Tx) (err error) {
		r, err = h.release(tx, orderID, itemID, version, text, corrects)
		return err
	})
	return r
}

// reports of an order, the newest first.
func (h *house) reports(orderID uuid.UUID) []Report {
	h.t.Helper()
	page, err := h.m.List(h.ctx, h.db.Pool.Read(h.ctx), ListInput{PageParams: httpx.PageParams{Limit: 200}, OrderID: orderID})
	if err != nil {
		h.t.Fatal(err)
	}
	return page.Results
}

func (h *house) pdf(reportID uuid.UUID) ([]byte, error) {
	file, err := h.m.ReportPDF(h.ctx, &ReportPDFInput{ByID: ByID{reportID}, Language: "en"})
	if err != nil {
		return nil, err
	}
	return file.Body, nil
}
