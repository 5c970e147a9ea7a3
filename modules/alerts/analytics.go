package alerts

import (
	"context"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/alerts/internal/alertsdb"
)

// AnalyticsInput says of which alerts.
type AnalyticsInput struct {
	Since time.Time `query:"since" doc:"Raised at this time or after; 30 days ago when absent"`
	Until time.Time `query:"until" doc:"Raised before this time; now when absent"`
}

// Analytics is how long alerts waited.
type Analytics struct {
	Since   time.Time   `json:"since"`
	Until   time.Time   `json:"until"`
	Results []KindTimes `json:"results" nullable:"false" doc:"By kind"`
}

// KindTimes is how long the alerts of a kind waited to be acknowledged.
type KindTimes struct {
	Kind          string   `json:"kind"`
	Raised        int64    `json:"raised"`
	Acknowledged  int64    `json:"acknowledged"`
	Open          int64    `json:"open"`
	Resolved      int64    `json:"resolved"`
	Escalated     int64    `json:"escalated" doc:"At least once"`
	MedianMinutes *float64 `json:"median_minutes" doc:"From raising to acknowledging; null while none is acknowledged"`
	P90Minutes    *float64 `json:"p90_minutes" doc:"Nine of ten were acknowledged in this time"`
}

// Analytics tells how long the facility's alerts waited to be acknowledged.
func (m *Module) Analytics(ctx context.Context, q db.DBTX, in AnalyticsInput) (Analytics, error) {
	scope, _ := db.ScopeOf(ctx)
	if in.Until.IsZero() {
		in.Until = m.deps.Clock.Now()
	}
	if in.Since.IsZero() {
		in.Since = in.Until.AddDate(0, 0, -30)
	}
	if in.Until.Before(in.Since) {
		return Analytics{}, errInvalid.At("query.until", "Must not be before since.")
	}
	rows, err := alertsdb.New(q).Analytics(ctx, alertsdb.AnalyticsParams{
		TenantID: scope.TenantID, FacilityID: scope.FacilityID, Since: in.Since, Until: in.Until})
	answer := Analytics{Since: in.Since.UTC(), Until: in.Until.UTC(), Results: make([]KindTimes, len(rows))}
	for i, row := range rows {
		answer.Results[i] = KindTimes{
			Kind: row.Kind, Raised: row.Raised, Acknowledged: row.Acknowledged, Open: row.Open, Resolved: row.Resolved, Escalated: row.Escalated,
			MedianMinutes: minutes(row.MedianSeconds), P90Minutes: minutes(row.P90Seconds),
		}
	}
	return answer, err
}

// minutes gives seconds in minutes; nil for less than none, which is how the query says that there are none.
func minutes(seconds float64) *float64 {
	if seconds < 0 {
		return nil
	}
	m := seconds / 60
	return &m
}
