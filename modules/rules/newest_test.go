package rules

import (
	"slices"
	"testing"
	"time"

	"hmsoftware.com/hm/modules/clinicaldocs/clinicaldocsapi"
	"hmsoftware.com/hm/modules/lab/labapi"
)

func TestNewestFirstJoinsDocumentsAndTheLaboratory(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 15, 0, 0, 0, time.UTC)
	ago := func(hours int) time.Time { return now.Add(-time.Duration(hours) * time.Hour) }
	observed := []clinicaldocsapi.Observation{{Code: "pulse", Value: 80.0, At: ago(1)}, {Code: "pulse", Value: 84.0, At: ago(30)}, {Code: "weight", Value: 60.0, At: ago(90)}}
	measured := []labapi.RecentValue{{Code: "K", LOINC: "2823-3", Text: "4.1", At: ago(2)}, {Code: "NA", Text: "140", At: ago(30)}}
	var codes []string
	for _, fact := range newestFirst(observed, measured, now) {
		f, _ := fact.(map[string]any)
		code, _ := f["code"].(string)
		codes = append(codes, code)
	}
	if want := []string{"pulse", "K", "2823-3", "pulse", "NA", "weight"}; !slices.Equal(codes, want) {
		t.Errorf("%v, want %v", codes, want)
	}
	if got := newestFirst(nil, nil, now); got == nil || len(got) != 0 {
		t.Errorf("nothing is %v", got)
	}
}
