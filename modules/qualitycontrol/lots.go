package qualitycontrol

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/qualitycontrol/internal/qualitycontroldb"
	"hmsoftware.com/hm/modules/qualitycontrol/qualitycontrolapi"
)

var (
	errLotNotFound = errs.NotFound("qualitycontrol.lot_not_found", "There is no such control lot.")
	errLotExists   = errs.Conflict("qualitycontrol.lot_exists", "This lot of this material and level is there already.")
	errInvalid     = errs.Invalid("qualitycontrol.invalid", "What was sent has faults; see errors.")
)

// Lot of control material as the API shows it.
type Lot struct {
	httpx.Version `json:"-"`
	ID            uuid.UUID  `json:"id" format:"uuid"`
	Material      string     `json:"material" example:"Chemistry control"`
	LotNumber     string     `json:"lot_number"`
	Level         int        `json:"level" minimum:"1" maximum:"3" doc:"1 low, 2 normal, 3 high, as the maker numbers them"`
	ExpiresOn     clock.Date `json:"expires_on" format:"date" doc:"The last day on which it may be run"`
	IsActive      bool       `json:"is_active"`
	IsExpired     bool       `json:"is_expired"`
	Targets       []Target   `json:"targets" nullable:"false"`
	CreatedAt     time.Time  `json:"created_at"`
	UpdatedAt     time.Time  `json:"updated_at"`
	Actions       []string   `json:"actions" nullable:"false" doc:"What the caller may do to it now: run, update"`
}

// Target is what a lot should be found to hold of one analyte, and what it was.
type Target struct {
	Analyte  string    `json:"analyte"`
	Name     string    `json:"name" doc:"The analyte's, in the caller's language"`
	Unit     string    `json:"unit" doc:"UCUM"`
	Mean     Number    `json:"mean"`
	SD       Number    `json:"sd"`
	Observed *Observed `json:"observed" doc:"Of the runs that are not excluded; null in lists and before the first run"`
	Latest   *Latest   `json:"latest" doc:"The newest run; null before the first"`
	IsHeld   bool      `json:"is_held" doc:"Patient results of this analyte wait"`
}

// Observed is what a lot was found to hold.
type Observed struct {
	Runs int64   `json:"runs"`
	Mean Number  `json:"mean"`
	SD   *Number `json:"sd" doc:"Of the sample (n - 1); null for a single run"`
	CV   *Number `json:"cv" doc:"Coefficient of variation in percent; null for a single run and a mean of zero"`
}

// Latest is the newest run in short.
type Latest struct {
	RunID  uuid.UUID `json:"run_id" format:"uuid"`
	Value  Number    `json:"value"`
	Z      Number    `json:"z"`
	Status string    `json:"status" enum:"IN_CONTROL,WARNING,REJECTED"`
	Rules  []string  `json:"rules" nullable:"false"`
	At     time.Time `json:"at"`
}

// TargetInput sets what a lot should hold of an analyte.
type TargetInput struct {
	Analyte string `json:"analyte" pattern:"^[A-Z0-9][A-Z0-9._-]{0,63}$" patternDescription:"an analyte's code such as GLU"`
	Mean    Number `json:"mean"`
	SD      Number `json:"sd" doc:"Greater than zero"`
	Unit    string `json:"unit,omitempty" maxLength:"40" doc:"UCUM; the analyte's own when absent"`
}

// OpenLotInput is a new lot.
type OpenLotInput struct {
	Body struct {
		Material  string        `json:"material" minLength:"1" maxLength:"100" pattern:"\\S" patternDescription:"words" doc:"The same for all levels that are run together"`
		LotNumber string        `json:"lot_number" minLength:"1" maxLength:"60" pattern:"\\S" patternDescription:"words"`
		Level     int           `json:"level" minimum:"1" maximum:"3"`
		ExpiresOn clock.Date    `json:"expires_on" format:"date"`
		IsActive  *bool         `json:"is_active,omitempty" doc:"true when absent"`
		Targets   []TargetInput `json:"targets" nullable:"false" minItems:"1" maxItems:"100"`
	}
}

// OpenLot makes a lot with its targets.
func (m *Module) OpenLot(ctx context.Context, tx db.Tx, in OpenLotInput) (Lot, error) {
	body, scope := in.Body, tx.Scope()
	if err := m.checkTargets(ctx, tx, body.Targets); err != nil {
		return Lot{}, err
	}
	queries := qualitycontroldb.New(tx)
	row, err := queries.InsertLot(ctx, qualitycontroldb.InsertLotParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: id.For(ctx, tx.Now()), Material: body.Material, LotNumber: body.LotNumber,
		Level: int32(body.Level), ExpiresOn: body.ExpiresOn, CreatedByID: id.Ptr(scope.UserID), Now: tx.Now(),
	})
	if db.Violates(err, "lot_number_key") {
		return Lot{}, errLotExists
	}
	if err != nil {
		return Lot{}, err
	}
	if err := m.saveTargets(ctx, tx, row.ID, 0, body.Targets); err != nil {
		return Lot{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, qualitycontrolapi.LotOpened{LotID: row.ID}); err != nil {
		return Lot{}, err
	}
	if body.IsActive != nil && !*body.IsActive {
		if row, err = queries.UpdateLot(ctx, qualitycontroldb.UpdateLotParams{ExpiresOn: row.ExpiresOn, IsActive: false, Now: tx.Now(), TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: row.ID}); err != nil {
			return Lot{}, err
		}
	}
	return m.presentLot(ctx, tx, row)
}

// checkTargets finds every fault, and gives targets without a unit that of their analyte. A control of what nobody measures
// would look as if something were watched over.
func (m *Module) checkTargets(ctx context.Context, tx db.Tx, targets []TargetInput) error {
	known, err := m.analytes(ctx, tx, tx.Scope())
	if err != nil {
		return err
	}
	e := errInvalid
	for i, target := range targets {
		at := fmt.Sprintf("body.targets[%d].", i)
		switch analyte := known.find(target.Analyte); {
		case analyte == nil:
			e = e.At(at+"analyte", "The laboratory has no such analyte.")
		case analyte.Kind != packsapi.ValueNumber:
			e = e.At(at+"analyte", "Its values are no numbers.")
		case target.Unit == "":
			targets[i].Unit = analyte.Unit
		}
		if slices.ContainsFunc(targets[:i], func(t TargetInput) bool { return t.Analyte == target.Analyte }) {
			e = e.At(at+"analyte", "This analyte is named before.")
		}
		if why := target.Mean.fault(); why != "" {
			e = e.At(at+"mean", why)
		}
		if why := target.SD.fault(); why != "" {
			e = e.At(at+"sd", why)
		} else if !target.SD.IsPos() {
			e = e.At(at+"sd", "Must be greater than zero.")
		}
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}

func (m *Module) saveTargets(ctx context.Context, tx db.Tx, lotID uuid.UUID, place int, targets []TargetInput) error {
	queries, scope := qualitycontroldb.New(tx), tx.Scope()
	for i, target := range targets {
		if err := queries.SaveTarget(ctx, qualitycontroldb.SaveTargetParams{
			TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: id.For(ctx, tx.Now()), LotID: lotID, Place: int32(place + i),
			Analyte: target.Analyte, Mean: target.Mean.Decimal, Sd: target.SD.Decimal, Unit: target.Unit, Now: tx.Now(),
		}); err != nil {
			return err
		}
	}
	return nil
}

// ByID names one lot or hold.
type ByID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

// GetLot gives one lot with what was observed beside its targets.
func (m *Module) GetLot(ctx context.Context, q db.DBTX, in ByID) (Lot, error) {
	scope, _ := db.ScopeOf(ctx)
	row, err := qualitycontroldb.New(q).GetLot(ctx, qualitycontroldb.GetLotParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if db.IsNoRows(err) {
		return Lot{}, errLotNotFound
	}
	if err != nil {
		return Lot{}, err
	}
	return m.presentLot(ctx, q, row)
}

// ChangeLotInput changes a lot; absent fields stay.
type ChangeLotInput struct {
	ByID
	httpx.IfMatch
	Body struct {
		ExpiresOn *clock.Date   `json:"expires_on,omitempty" format:"date"`
		IsActive  *bool         `json:"is_active,omitempty"`
		Targets   []TargetInput `json:"targets,omitempty" nullable:"false" maxItems:"100" doc:"Those to change or to add; the others stay, and runs keep the target they were judged by"`
	}
}

// ChangeLot changes when a lot expires, whether it is in use, and its targets.
func (m *Module) ChangeLot(ctx context.Context, tx db.Tx, in ChangeLotInput) (Lot, error) {
	if err := m.checkTargets(ctx, tx, in.Body.Targets); err != nil {
		return Lot{}, err
	}
	queries, scope := qualitycontroldb.New(tx), tx.Scope()
	row, err := queries.LockLot(ctx, qualitycontroldb.LockLotParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: in.ID})
	if db.IsNoRows(err) {
		return Lot{}, errLotNotFound
	}
	if err != nil {
		return Lot{}, err
	}
	if err := in.IfMatch.Check(httpx.Version(row.Version)); err != nil {
		return Lot{}, err
	}
	present, err := queries.TargetsOfLots(ctx, qualitycontroldb.TargetsOfLotsParams{TenantID: scope.TenantID, FacilityID: scope.FacilityID, LotIds: []uuid.UUID{row.ID}})
	if err != nil {
		return Lot{}, err
	}
	var fields []string
	if e := in.Body.ExpiresOn; e != nil && *e != row.ExpiresOn {
		row.ExpiresOn, fields = *e, append(fields, "expires_on")
	}
	if a := in.Body.IsActive; a != nil && *a != row.IsActive {
		row.IsActive, fields = *a, append(fields, "is_active")
	}
	changed := slices.DeleteFunc(slices.Clone(in.Body.Targets), func(t TargetInput) bool {
		return slices.ContainsFunc(present, func(p qualitycontroldb.QualitycontrolTarget) bool {
			return p.Analyte == t.Analyte && p.Mean.Equal(t.Mean.Decimal) && p.Sd.Equal(t.SD.Decimal) && p.Unit == t.Unit
		})
	})
	for _, target := range changed {
		fields = append(fields, "targets."+target.Analyte)
	}
	if len(fields) == 0 {
		return m.presentLot(ctx, tx, row)
	}
	if err := m.saveTargets(ctx, tx, row.ID, len(present), changed); err != nil {
		return Lot{}, err
	}
	if row, err = queries.UpdateLot(ctx, qualitycontroldb.UpdateLotParams{
		ExpiresOn: row.ExpiresOn, IsActive: row.IsActive, Now: tx.Now(), TenantID: scope.TenantID, FacilityID: scope.FacilityID, ID: row.ID,
	}); err != nil {
		return Lot{}, err
	}
	if err := m.deps.Bus.Publish(ctx, tx, qualitycontrolapi.LotChanged{LotID: row.ID, Fields: fields}); err != nil {
		return Lot{}, err
	}
	return m.presentLot(ctx, tx, row)
}

// dayOf is the day of a moment by the facility's clock.
func (m *Module) dayOf(ctx context.Context, q db.DBTX, scope db.Scope, at time.Time) (clock.Date, error) {
	settings, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return clock.Date{}, err
	}
	return clock.DateOf(at.In(settings.Zone)), nil
}
