package lab

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// TurnaroundInput asks how long tests take.
type TurnaroundInput struct {
	Since time.Time `query:"since" doc:"Ordered since then; the last seven days when absent"`
	Until time.Time `query:"until" doc:"Ordered before then; now when absent"`
	By    string    `query:"by" enum:"service,section,priority" default:"service"`
}

// TurnaroundRow is one service, section or priority.
type TurnaroundRow struct {
	Key           string   `json:"key" doc:"A service's code, a section's, or a priority; empty where the section is not known"`
	Title         string   `json:"title"`
	Count         int64    `json:"count" doc:"Tests that are released"`
	MedianMinutes *float64 `json:"median_minutes" doc:"From order to first release; null where nothing is released"`
	P90Minutes    *float64 `json:"p90_minutes" doc:"Nine of ten take no longer"`
	TargetMinutes *float64 `json:"target_minutes" doc:"From order to when they were due, the median; null where they were not due at a time"`
	WithinTarget  *float64 `json:"within_target" doc:"The part of the released ones that had a target and met it, 0 to 1"`
	OverdueNow    int64    `json:"overdue_now" doc:"Not released and past their time, whenever they were ordered within the time asked for"`
}

// TurnaroundList is all that was asked for.
type TurnaroundList struct {
	Results []TurnaroundRow `json:"results" nullable:"false"`
}

// grouped are the columns by which turnaround is told.
var grouped = map[string]struct{ key, title string }{
	"service":  {"service_code", "min(name)"},
	"section":  {"coalesce(section, '')", "''"},
	"priority": {"priority", "''"},
}

const longest = 366 * 24 * time.Hour

// Turnaround computes, from the times that are stored, how long tests took.
func (m *Module) Turnaround(ctx context.Context, q db.DBTX, in TurnaroundInput) (TurnaroundList, error) {
	scope, _ := db.ScopeOf(ctx)
	list, now := TurnaroundList{Results: []TurnaroundRow{}}, m.deps.Clock.Now()
	until, since := in.Until, in.Since
	if until.IsZero() {
		until = now
	}
	if since.IsZero() {
		since = until.Add(-7 * 24 * time.Hour)
	}
	if !since.Before(until) || until.Sub(since) > longest {
		return list, errInvalid.At("query.since", "Must be before until, by a year at most.")
	}
	by := grouped[in.By]
	if by.key == "" {
		by = grouped["service"]
	}
	rows, err := q.Query(ctx, `
		SELECT key, title, count, median_minutes, p90_minutes, target_minutes, within_target, overdue_now FROM (
			SELECT `+by.key+` AS key, `+by.title+` AS title, count(*) FILTER (WHERE released_at IS NOT NULL) AS count,
				percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) AS median_minutes, percentile_cont(0.9) WITHIN GROUP (ORDER BY minutes) AS p90_minutes,
				percentile_cont(0.5) WITHIN GROUP (ORDER BY target) AS target_minutes,
				avg((released_at <= due_at)::integer) FILTER (WHERE released_at IS NOT NULL AND due_at IS NOT NULL)::double precision AS within_target,
				count(*) FILTER (WHERE released_at IS NULL AND cancelled_at IS NULL AND due_at < $5) AS overdue_now, min(urgency) AS urgency
			FROM (SELECT *, extract(epoch FROM released_at - ordered_at)::double precision / 60 AS minutes,
					extract(epoch FROM due_at - ordered_at)::double precision / 60 AS target
				FROM lab.request WHERE tenant_id = $1 AND facility_id = $2 AND ordered_at >= $3 AND ordered_at < $4
					AND (released_at IS NOT NULL OR cancelled_at IS NULL)) AS asked
			GROUP BY 1) AS told
		ORDER BY `+map[bool]string{true: "urgency, key", false: "key"}[in.By == "priority"], scope.TenantID, scope.FacilityID, since, until, now)
	if err != nil {
		return list, err
	}
	if list.Results, err = pgx.CollectRows(rows, pgx.RowToStructByName[TurnaroundRow]); err != nil {
		return list, err
	}
	for i := range list.Results {
		list.Results[i].Title = titleOf(in.By, list.Results[i], httpx.Language(ctx))
	}
	return list, nil
}

// titleOf is what people call a row.
func titleOf(by string, row TurnaroundRow, locale string) string {
	switch by {
	case "section":
		for _, s := range packsapi.Sections() {
			if s.Code == row.Key {
				return s.Title.In(locale)
			}
		}
		return "Other"
	case "priority":
		return map[string]string{routine: "Routine", urgent: "Urgent", stat: "STAT"}[row.Key]
	}
	return row.Title
}
