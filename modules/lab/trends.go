package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
)

// TrendsInput asks for a patient's values over time.
type TrendsInput struct {
	PatientID uuid.UUID `query:"patient_id" format:"uuid" required:"true"`
	Code      []string  `query:"code,explode" maxItems:"100" doc:"Of analytes; several by repetition or commas; all when absent"`
}

// Trend is one analyte of a patient over time.
type Trend struct {
	Code   string       `json:"code"`
	Name   string       `json:"name"`
	Unit   *string      `json:"unit" doc:"Of the newest; see each point's value where it changed"`
	Points []TrendPoint `json:"points" nullable:"false"`
}

// TrendPoint is one value.
type TrendPoint struct {
	ResultID      uuid.UUID       `json:"result_id" format:"uuid"`
	At            time.Time       `json:"at" doc:"When its sample was taken"`
	Value         json.RawMessage `json:"value"`
	Display       string          `json:"display"`
	Unit          *string         `json:"unit"`
	Flag          *string         `json:"flag" enum:"N,L,H,LL,HH,A"`
	ReferenceLow  json.RawMessage `json:"reference_low"`
	ReferenceHigh json.RawMessage `json:"reference_high"`
}

// TrendList is the trends of a patient.
type TrendList struct {
	Results []Trend `json:"results" nullable:"false"`

	patientID uuid.UUID
}

// AuditSubject says whose record it shows.
func (l TrendList) AuditSubject() httpx.Subject {
	if len(l.Results) == 0 {
		return httpx.Subject{Entity: labapi.EntityResult}
	}
	return httpx.Subject{Entity: labapi.EntityResult, PatientIDs: []uuid.UUID{l.patientID}}
}

// mostPoints of one analyte; the newest.
const mostPoints = 100

// Trends gives the released values of a patient, by analyte, the oldest first.
func (m *Module) Trends(ctx context.Context, q db.DBTX, in TrendsInput) (TrendList, error) {
	scope, _ := db.ScopeOf(ctx)
	list := TrendList{Results: []Trend{}, patientID: in.PatientID}
	codes := separated(in.Code)
	if codes == nil {
		codes = []string{}
	}
	rows, err := labdb.New(q).TrendValues(ctx, labdb.TrendValuesParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, PatientID: in.PatientID, Codes: codes, Most: mostPoints})
	if err != nil {
		return list, err
	}
	for _, row := range rows {
		var v labapi.Value
		if err := json.Unmarshal(row.Shown, &v); err != nil {
			return list, fmt.Errorf("value %s of result %s: %w", row.Code, row.ResultID, err)
		}
		if last := len(list.Results) - 1; last < 0 || list.Results[last].Code != row.Code {
			list.Results = append(list.Results, Trend{Code: row.Code})
		}
		trend := &list.Results[len(list.Results)-1]
		trend.Name, trend.Unit = v.Name, v.Unit // as the newest has it
		trend.Points = append(trend.Points, TrendPoint{
			ResultID: row.ResultID, At: row.CollectedAt, Value: v.Value, Display: v.Display, Unit: v.Unit, Flag: v.Flag,
			ReferenceLow: orJSONNull(v.ReferenceLow), ReferenceHigh: orJSONNull(v.ReferenceHigh),
		})
	}
	return list, nil
}
