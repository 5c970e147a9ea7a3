package acts

import (
	"context"
	"net/http"
)

// Order asks for two laboratory services in an encounter under way: the catalogue, the rules, the tasks of the items.
var Order = Act{Name: "order", Operations: []string{"POST /api/orders"}, Prepare: RecordVitals.Prepare,
	Do: func(ctx context.Context, a *Actor) error {
		var got struct {
			Status string `json:"status"`
			Items  []struct {
				ServiceCode string `json:"service_code"`
				Status      string `json:"status"`
			} `json:"items"`
		}
		body := object{"encounter_id": a.Site.AnyOpen(a.Random), "order_type": "LAB", "items": []object{{"service_code": "CBC"}, {"service_code": "CRP", "priority": "URGENT"}}}
		if err := a.as(ctx, "doctor", http.MethodPost, "/api/orders", body, http.StatusCreated, &got, "Idempotency-Key", a.key()); err != nil {
			return err
		}
		if got.Status != "CREATED" || len(got.Items) != 2 || got.Items[1].ServiceCode != "CRP" || got.Items[1].Status != "REQUESTED" {
			return ErrWrong
		}
		return nil
	}}
