package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/encounters"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/patients"
)

// How far a test has come; each is after the one before it.
const (
	ordered = iota
	collected
	received
	entered
	verified
	released
)

// errand is one visit to the laboratory: what is asked for, what is found, and how far it has come.
type errand struct {
	services []string
	priority string
	// found overrides what is usual: "K": 6.9.
	found map[string]float64
	until int
	// spoilt is why the first sample is rejected; the laboratory gets another unless the errand ends with it.
	spoilt string
	// mixedUp is what was released first; found is the correction.
	mixedUp map[string]float64
	// stored says where the sample goes, discarded that it goes from there.
	stored    string
	discarded bool
	// stays says that the encounter is not closed.
	stays bool
}

// register someone who only comes for the laboratory.
func (w *work) registerAs(ctx context.Context, name, gender string, age int) (patientID uuid.UUID, err error) {
	var in patients.RegisterInput
	in.Body.FullName, in.Body.Gender, in.Body.AgeYears = name, gender, httpx.Some(age)
	in.Body.Phone = httpx.Some(fmt.Sprintf("+91 9%04d %05d", w.random.IntN(10000), w.random.IntN(100000)))
	err = w.as(ctx, w.staff.reception, 0, func(ctx context.Context, tx db.Tx) error {
		patient, err := w.Patients.Register(ctx, tx, in)
		patientID = patient.ID
		return err
	})
	return patientID, err
}

// test is an item of an order, with its service.
type test struct {
	id      uuid.UUID
	service string
}

// run lets a patient come at a time and the laboratory do its part.
func (w *work) run(ctx context.Context, patientID uuid.UUID, at time.Time, e errand) error {
	w.clock.Set(at)
	encounterID, err := w.open(ctx, patientID)
	if err != nil {
		return err
	}
	byID := encounters.ByID{ID: encounterID}
	for _, step := range []func(context.Context, encounters.ByID) error{w.checkIn, w.vitals, w.startConsult, w.assess} {
		if err := step(ctx, byID); err != nil {
			return err
		}
	}
	tests, err := w.order(ctx, encounterID, e)
	if err != nil {
		return err
	}
	if e.until > ordered {
		if err := w.analyse(ctx, tests, e); err != nil {
			return err
		}
	}
	if e.stays {
		return nil
	}
	return w.close(ctx, byID)
}

func (w *work) order(ctx context.Context, encounterID uuid.UUID, e errand) (tests []test, err error) {
	err = w.as(ctx, w.staff.doctor, 2, func(ctx context.Context, tx db.Tx) error {
		var in orders.CreateInput
		in.Body.EncounterID, in.Body.OrderType, in.Body.Priority = encounterID, "LAB", e.priority
		for _, service := range e.services {
			in.Body.Items = append(in.Body.Items, item(service))
		}
		order, err := w.Orders.Create(ctx, tx, in)
		for _, i := range order.Items {
			tests = append(tests, test{i.ID, i.ServiceCode})
		}
		return err
	})
	return tests, err
}

// analyse takes the tests' one sample through the laboratory.
func (w *work) analyse(ctx context.Context, tests []test, e errand) error {
	sampleID, err := w.collect(ctx, tests)
	if err != nil {
		return err
	}
	if e.spoilt != "" {
		var in lab.RejectInput
		in.ID, in.Body.Reason = sampleID, e.spoilt
		if err := w.as(ctx, w.staff.technician, 12, func(ctx context.Context, tx db.Tx) error {
			_, err := w.Lab.Reject(ctx, tx, in)
			return err
		}); err != nil || e.until == collected {
			return err
		}
		if sampleID, err = w.collect(ctx, tests); err != nil {
			return err
		}
	}
	if e.until < received {
		return nil
	}
	if err := w.as(ctx, w.staff.technician, 9, func(ctx context.Context, tx db.Tx) error {
		_, err := w.Lab.Receive(ctx, tx, lab.ByID{ID: sampleID})
		return err
	}); err != nil || e.until < entered {
		return err
	}
	for i, t := range tests {
		first := e.found
		if e.mixedUp != nil {
			first = e.mixedUp
		}
		pause := 1
		if i == 0 {
			pause = 22
		}
		if err := w.result(ctx, t, first, "", pause, e.until); err != nil {
			return err
		}
		if e.mixedUp != nil {
			if err := w.result(ctx, t, e.found, "Two samples were mixed up on the bench", 45, e.until); err != nil {
				return err
			}
		}
	}
	return w.keep(ctx, sampleID, e)
}

func (w *work) collect(ctx context.Context, tests []test) (sampleID uuid.UUID, err error) {
	err = w.as(ctx, w.staff.nurse, 7, func(ctx context.Context, tx db.Tx) error {
		var in lab.CollectInput
		for _, t := range tests {
			in.Body.OrderItemIDs = append(in.Body.OrderItemIDs, t.id)
		}
		sample, err := w.Lab.Collect(ctx, tx, in)
		sampleID = sample.ID
		return err
	})
	return sampleID, err
}

// result enters, verifies and releases what was found of a test, as far as it comes.
func (w *work) result(ctx context.Context, t test, found map[string]float64, correction string, pause, until int) error {
	var made labapi.Result
	if err := w.as(ctx, w.staff.technician, pause, func(ctx context.Context, tx db.Tx) (err error) {
		var in lab.EnterInput
		in.Body.OrderItemID, in.Body.Values, in.Body.CorrectionReason = t.id, w.values(t.service, found), correction
		made, err = w.Lab.Enter(ctx, tx, in)
		return err
	}); err != nil || until < verified {
		return err
	}
	verify := lab.VerifyInput{ByID: lab.ByID{ID: made.ID}}
	if made.IsCritical {
		verify.Body = &lab.Verification{CriticalNotice: &lab.Notice{NotifiedTo: "The doctor in charge", ReadBack: true}}
	}
	if err := w.as(ctx, w.staff.pathologist, 6, func(ctx context.Context, tx db.Tx) error {
		_, err := w.Lab.Verify(ctx, tx, verify)
		return err
	}); err != nil || until < released {
		return err
	}
	return w.as(ctx, w.staff.pathologist, 1, func(ctx context.Context, tx db.Tx) error {
		_, err := w.Lab.Release(ctx, tx, lab.ReleaseInput{ByID: lab.ByID{ID: made.ID}})
		return err
	})
}

// keep stores the sample, and discards it, where the errand says so.
func (w *work) keep(ctx context.Context, sampleID uuid.UUID, e errand) error {
	if e.stored == "" {
		return nil
	}
	var in lab.StoreInput
	in.ID, in.Body.Location = sampleID, e.stored
	if err := w.as(ctx, w.staff.technician, 15, func(ctx context.Context, tx db.Tx) error {
		_, err := w.Lab.Store(ctx, tx, in)
		return err
	}); err != nil || !e.discarded {
		return err
	}
	return w.as(ctx, w.staff.technician, 60, func(ctx context.Context, tx db.Tx) error {
		_, err := w.Lab.Discard(ctx, tx, lab.ByID{ID: sampleID})
		return err
	})
}

// values are what was found of a test: near the usual, but for what is given.
func (w *work) values(service string, found map[string]float64) []lab.PostedValue {
	var posted []lab.PostedValue
	for _, r := range usual[service] {
		if r.word != "" {
			posted = append(posted, lab.PostedValue{Code: r.code, Value: json.RawMessage(strconv.Quote(r.word))})
			continue
		}
		value, given := found[r.code]
		if !given {
			value = r.mean + (2*w.random.Float64()-1)*r.spread
		}
		posted = append(posted, lab.PostedValue{Code: r.code, Value: json.RawMessage(strconv.FormatFloat(value, 'f', r.decimals, 64))})
	}
	return posted
}

// rounded is a control's value with so many decimals.
func rounded(value float64, decimals int) json.RawMessage {
	scale := math.Pow10(decimals)
	return json.RawMessage(strconv.FormatFloat(math.Round(value*scale)/scale, 'f', decimals, 64))
}
