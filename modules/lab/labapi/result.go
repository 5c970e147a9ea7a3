package labapi

import (
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/httpx"
)

// Result is one version of what a test found, as the API shows it.
type Result struct {
	httpx.Version    `json:"-"`
	ID               uuid.UUID        `json:"id" format:"uuid"`
	OrderItemID      uuid.UUID        `json:"order_item_id" format:"uuid"`
	OrderID          uuid.UUID        `json:"order_id" format:"uuid"`
	EncounterID      uuid.UUID        `json:"encounter_id" format:"uuid"`
	PatientID        uuid.UUID        `json:"patient_id" format:"uuid"`
	Patient          Patient          `json:"patient"`
	SampleID         uuid.UUID        `json:"sample_id" format:"uuid"`
	Barcode          string           `json:"barcode"`
	SpecimenType     string           `json:"specimen_type"`
	CollectedAt      time.Time        `json:"collected_at"`
	ServiceCode      string           `json:"service_code"`
	Name             string           `json:"name"`
	Priority         string           `json:"priority" enum:"ROUTINE,URGENT,STAT"`
	ResultVersion    int              `json:"version" doc:"1 for the first; each post on the item is the next"`
	IsLatest         bool             `json:"is_latest"`
	IsCorrection     bool             `json:"is_correction" doc:"A version before it was released"`
	SupersedesID     *uuid.UUID       `json:"supersedes_id" format:"uuid" doc:"The version before it"`
	CorrectionReason *string          `json:"correction_reason"`
	JudgedFor        JudgedFor        `json:"judged_for" doc:"Whom its ranges and flags were chosen for, as the patient was known when it was entered"`
	PersonChanged    bool             `json:"person_changed" doc:"The patient's sex or date of birth was put right since: its flags may not be theirs until it is entered again"`
	Status           ResultStatus     `json:"status" enum:"ENTERED,VERIFIED,RELEASED"`
	IsVoid           bool             `json:"is_void" doc:"Its sample was rejected since: its values are worth nothing, and the next version is of another sample"`
	VoidCode         *string          `json:"void_code" doc:"Why, one of GET /api/lab/rejection-reasons; null where it is not void"`
	VoidReason       *string          `json:"void_reason" doc:"Why, in words"`
	Values           []Value          `json:"values" nullable:"false"`
	Missing          []string         `json:"missing" nullable:"false" doc:"Codes of the analytes of the test, but for calculated ones, that this version says nothing of"`
	Comment          *string          `json:"comment"`
	IsCritical       bool             `json:"is_critical"`
	CriticalReasons  []CriticalReason `json:"critical_reasons" nullable:"false"`
	CriticalNotice   *CriticalNotice  `json:"critical_notice" doc:"Who was called about the critical value, and that they read it back"`
	EnteredAt        time.Time        `json:"entered_at"`
	EnteredByID      *uuid.UUID       `json:"entered_by_id" format:"uuid"`
	EnteredBy        *Person          `json:"entered_by"`
	VerifiedAt       *time.Time       `json:"verified_at"`
	VerifiedByID     *uuid.UUID       `json:"verified_by_id" format:"uuid" doc:"Null where a rule verified it"`
	VerifiedBy       *Person          `json:"verified_by"`
	VerifiedByRule   *string          `json:"verified_by_rule" doc:"The rule of autoverification that let it pass"`
	ReleasedAt       *time.Time       `json:"released_at"`
	ReleasedByID     *uuid.UUID       `json:"released_by_id" format:"uuid"`
	ReleasedBy       *Person          `json:"released_by"`
	Held             []string         `json:"held" nullable:"false" doc:"Codes whose quality control holds them back from verification"`
	Warnings         []Warning        `json:"warnings,omitempty" doc:"What rules had to say when it was entered or released; told once"`
	Actions          []string         `json:"actions" nullable:"false" doc:"What the caller may do to it now: verify, release, correct"`
}

// Value is what was found of one analyte. Value is a number, or a text where it is coded, in words, a titre, or
// carries < or >.
type Value struct {
	Code          string          `json:"code"`
	Name          string          `json:"name"`
	Section       string          `json:"section"`
	LOINC         *string         `json:"loinc"`
	Value         json.RawMessage `json:"value" doc:"A number, or a text: coded, in words, a titre, <0.5, >1000"`
	Display       string          `json:"display" doc:"As it is written on the report, with its decimals; the title of a coded value"`
	Unit          *string         `json:"unit" doc:"UCUM"`
	EnteredValue  *string         `json:"entered_value" doc:"As it was typed, where it was converted"`
	EnteredUnit   *string         `json:"entered_unit"`
	ReferenceLow  json.RawMessage `json:"reference_low" doc:"A number or null"`
	ReferenceHigh json.RawMessage `json:"reference_high" doc:"A number or null"`
	ReferenceText *string         `json:"reference_text" doc:"The range in words"`
	Flag          *string         `json:"flag" enum:"N,L,H,LL,HH,A" doc:"Null where no range fits this person"`
	DeltaFlag     *string         `json:"delta_flag" enum:"UP,DOWN,CHANGED" doc:"Too far from the last released value within its window; null when not"`
	Former        *FormerValue    `json:"former" doc:"The last released value before this one"`
	Calculated    bool            `json:"calculated"`
	Method        *string         `json:"method"`
	Comment       *string         `json:"comment"`
	Withdrawn     bool            `json:"withdrawn,omitempty" doc:"A version before it told a value that does not hold: value and flag are null"`
}

// JudgedFor is the person by whom ranges were chosen.
type JudgedFor struct {
	Sex      string `json:"sex" enum:"male,female,other,unknown"`
	AgeDays  *int   `json:"age_days" doc:"On the day the sample was taken; null where no date of birth was known"`
	Pregnant bool   `json:"pregnant" doc:"As asked when the sample was taken"`
}

// FormerValue is the last released one of the same patient.
type FormerValue struct {
	ResultID uuid.UUID       `json:"result_id" format:"uuid"`
	Value    json.RawMessage `json:"value"`
	Display  string          `json:"display"`
	Unit     *string         `json:"unit" doc:"UCUM; it may be another than the value's own where the laboratory measures otherwise since"`
	Flag     *string         `json:"flag" enum:"N,L,H,LL,HH,A"`
	At       time.Time       `json:"at" doc:"When its sample was taken"`
}

// CriticalReason is why a result is critical: the threshold that the value passes, or the choice that it is.
type CriticalReason struct {
	Code      string          `json:"code"`
	Value     json.RawMessage `json:"value"`
	Threshold json.RawMessage `json:"threshold"`
}

// CriticalNotice is the call about a critical value.
type CriticalNotice struct {
	NotifiedTo   string     `json:"notified_to"`
	ReadBack     bool       `json:"read_back"`
	NotifiedAt   time.Time  `json:"notified_at"`
	NotifiedByID *uuid.UUID `json:"notified_by_id" format:"uuid"`
}

// Warning is said of an act that passed nevertheless.
type Warning struct {
	Code     string `json:"code"`
	Severity string `json:"severity" enum:"info,warning,safety"`
	Message  string `json:"message"`
}

// AuditSubject says whose record an answer shows.
func (r Result) AuditSubject() httpx.Subject {
	return httpx.Subject{Entity: EntityResult, EntityID: r.ID, EncounterID: r.EncounterID, PatientIDs: []uuid.UUID{r.PatientID}}
}
