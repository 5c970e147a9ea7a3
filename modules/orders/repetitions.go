package orders

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// repeatedWithin is how soon after an order of a service another is worth a word, where its pack does not say.
const repeatedWithin = 24 * time.Hour

// repetitions warns of services that the patient was given an order of not long ago, or twice in this one. What was
// cancelled is not repeated.
func repetitions(ctx context.Context, tx db.Tx, patientID uuid.UUID, lines []line) ([]ordersapi.Warning, error) {
	longest := repeatedWithin
	for _, l := range lines {
		longest = max(longest, l.service.DuplicateWithin)
	}
	recent, err := (Reader{}).Recent(ctx, tx, tx.Scope(), patientID, tx.Now().Add(-longest))
	if err != nil {
		return nil, err
	}
	last := map[string]time.Time{} // of each service, the newest order
	for _, r := range recent {
		if r.OrderedAt.After(last[r.ServiceCode]) {
			last[r.ServiceCode] = r.OrderedAt
		}
	}
	var warnings []ordersapi.Warning
	times, told := map[string]int{}, map[string]bool{}
	for _, l := range lines {
		code := l.service.Code
		times[code]++
		if told[code] {
			continue
		}
		within := l.service.DuplicateWithin
		if within == 0 {
			within = repeatedWithin
		}
		ago, name := tx.Now().Sub(last[code]), l.service.Name.In(packsapi.DefaultLocale)
		switch {
		case !last[code].IsZero() && ago < within:
			warnings = append(warnings, duplicate(fmt.Sprintf("%s was ordered for this patient %s ago already.", name, roughly(ago))))
		case times[code] > 1:
			warnings = append(warnings, duplicate(fmt.Sprintf("%s is in this order more than once.", name)))
		default:
			continue
		}
		told[code] = true
	}
	return warnings, nil
}

func duplicate(message string) ordersapi.Warning {
	return ordersapi.Warning{Code: "orders.duplicate", Severity: "warning", Message: message}
}

// roughly says how long something took, in the largest unit that fits.
func roughly(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("%d days", int(d/(24*time.Hour)))
	case d >= 2*time.Hour:
		return fmt.Sprintf("%d hours", int(d/time.Hour))
	case d >= 2*time.Minute:
		return fmt.Sprintf("%d minutes", int(d/time.Minute))
	default:
		return "a moment"
	}
}
