package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/qualitycontrol"
)

// laboratory lets the people of a facility's laboratory work for a week, where they have not yet.
func (s *seeding) laboratory(ctx context.Context, h hospital, scope db.Scope, errands []visitor) error {
	var one lab.ListSamplesInput
	one.Limit = 1
	samples, err := s.Lab.ListSamples(db.WithScope(ctx, scope), s.Pool.Read(db.WithScope(ctx, scope)), one)
	if err != nil || len(samples.Results) > 0 {
		return err
	}
	people, err := s.benchOf(ctx, h, scope)
	if err != nil {
		return err
	}
	w, err := s.begin(scope, people, uint64(len(errands)))
	if err != nil {
		return err
	}
	if err := w.controls(ctx); err != nil {
		return fmt.Errorf("quality control: %w", err)
	}
	for _, v := range errands {
		w.clock.Set(w.now.AddDate(0, 0, -days))
		patientID, err := w.registerAs(ctx, v.name, v.gender, v.age)
		if err != nil {
			return err
		}
		for _, come := range v.comes {
			at := w.now.AddDate(0, 0, -come.daysAgo).Add(-time.Duration(come.minutesAgo) * time.Minute)
			if err := w.run(ctx, patientID, at, come.errand); err != nil {
				return fmt.Errorf("%s, %d days ago: %w", v.name, come.daysAgo, err)
			}
		}
	}
	return nil
}

// benchOf finds who works with the laboratory; who is not there, as in a demo of before, is hired.
func (s *seeding) benchOf(ctx context.Context, h hospital, scope db.Scope) (staff, error) {
	wanted := map[auth.Role]person{}
	ids := map[auth.Role]uuid.UUID{}
	for _, role := range []auth.Role{auth.Receptionist, auth.Nurse, auth.Doctor, auth.LabTechnician, auth.Pathologist} {
		username := roleNames[role] + "@" + h.code
		known, err := s.userID(ctx, scope, username)
		if err != nil {
			return staff{}, err
		}
		if ids[role] = known; known == uuid.Nil {
			wanted[role] = person{username, "Demo " + roleNames[role]}
		}
	}
	if len(wanted) > 0 {
		hired, _, err := s.hire(ctx, scope, wanted)
		if err != nil {
			return staff{}, err
		}
		for role, id := range map[auth.Role]uuid.UUID{auth.Receptionist: hired.reception, auth.Nurse: hired.nurse, auth.Doctor: hired.doctor,
			auth.LabTechnician: hired.technician, auth.Pathologist: hired.pathologist} {
			if id != uuid.Nil {
				ids[role] = id
			}
		}
	}
	return staff{reception: ids[auth.Receptionist], nurse: ids[auth.Nurse], doctor: ids[auth.Doctor],
		technician: ids[auth.LabTechnician], pathologist: ids[auth.Pathologist]}, nil
}

func item(service string) ordersapi.RequestItem { return ordersapi.RequestItem{ServiceCode: service} }

// control is an analyte in the control serum or blood, with what its maker found at two levels.
type control struct {
	analyte  string
	material string
	decimals int
	mean, sd [2]float64
}

var controls = []control{
	{"K", "Chemistry control", 1, [2]float64{3.0, 6.4}, [2]float64{0.1, 0.15}},
	{"CREA", "Chemistry control", 2, [2]float64{1.00, 5.20}, [2]float64{0.04, 0.16}},
	{"GLUF", "Chemistry control", 0, [2]float64{85, 280}, [2]float64{2.5, 7}},
	{"HGB", "Blood count control", 1, [2]float64{7.2, 13.6}, [2]float64{0.15, 0.25}},
}

// controlDays is how long the controls have been run.
const controlDays = 12

// What happens in those days: one run that warns, and one that is out of control and leads to a hold.
const warnedDaysAgo, violatedDaysAgo = 5, 4

// z are how many SD the runs of a series lie from the mean, the oldest first: near it, to one side and the other.
var z = []float64{0.4, -0.7, 0.9, -0.2, 1.1, -1.2, 0.3, 0.8, -0.5, -0.9, 0.6, -0.1, 0.2}

// controls opens the lots and runs them each morning.
func (w *work) controls(ctx context.Context) error {
	w.clock.Set(w.now.AddDate(0, 0, -controlDays).Add(-5 * time.Hour))
	lots := map[string][2]uuid.UUID{}
	for _, c := range controls {
		if _, there := lots[c.material]; there {
			continue
		}
		var pair [2]uuid.UUID
		for level := range pair {
			lotID, err := w.openLot(ctx, c.material, level)
			if err != nil {
				return err
			}
			pair[level] = lotID
		}
		lots[c.material] = pair
	}
	for day := controlDays; day >= 0; day-- {
		w.clock.Set(w.now.AddDate(0, 0, -day).Add(-3 * time.Hour))
		for n, c := range controls {
			for level, lotID := range lots[c.material] {
				far := z[(controlDays-day+3*n+5*level)%len(z)]
				warned, violated := c.analyte == "CREA" && level == 1 && day == warnedDaysAgo, c.analyte == "HGB" && level == 0 && day == violatedDaysAgo
				switch {
				case warned:
					far = 2.4
				case violated:
					far = -3.6
				}
				if err := w.control(ctx, lotID, c, level, far); err != nil {
					return fmt.Errorf("%s level %d, %d days ago: %w", c.analyte, level+1, day, err)
				}
				if violated {
					if err := w.resolve(ctx, lotID, c, level); err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

func (w *work) openLot(ctx context.Context, material string, level int) (lotID uuid.UUID, err error) {
	var in qualitycontrol.OpenLotInput
	in.Body.Material, in.Body.Level = material, level+1
	in.Body.LotNumber = fmt.Sprintf("%s-%d%02d", material[:1], w.now.Year()%100, level+41)
	in.Body.ExpiresOn = clock.DateOf(w.now).AddDays(240)
	for _, c := range controls {
		if c.material != material {
			continue
		}
		target := qualitycontrol.TargetInput{Analyte: c.analyte}
		if target.Mean, err = number(c.mean[level], 2); err != nil {
			return lotID, err
		}
		if target.SD, err = number(c.sd[level], 3); err != nil {
			return lotID, err
		}
		in.Body.Targets = append(in.Body.Targets, target)
	}
	err = w.as(ctx, w.staff.pathologist, 1, func(ctx context.Context, tx db.Tx) error {
		lot, err := w.QualityControl.OpenLot(ctx, tx, in)
		lotID = lot.ID
		return err
	})
	return lotID, err
}

func (w *work) control(ctx context.Context, lotID uuid.UUID, c control, level int, far float64) error {
	value, err := number(c.mean[level]+far*c.sd[level], c.decimals+1)
	if err != nil {
		return err
	}
	return w.as(ctx, w.staff.technician, 1, func(ctx context.Context, tx db.Tx) error {
		in := qualitycontrol.RecordRunInput{ByID: qualitycontrol.ByID{ID: lotID}}
		in.Body.Analyte, in.Body.Value = c.analyte, value
		_, err := w.QualityControl.RecordRun(ctx, tx, in)
		return err
	})
}

// resolve lets results go on after a violation: the cause is found and the control repeated.
func (w *work) resolve(ctx context.Context, lotID uuid.UUID, c control, level int) error {
	w.clock.Advance(35 * time.Minute)
	if err := w.control(ctx, lotID, c, level, 0.3); err != nil {
		return err
	}
	return w.as(ctx, w.staff.pathologist, 5, func(ctx context.Context, tx db.Tx) error {
		held := qualitycontrol.HoldsInput{Status: []string{"OPEN"}, Analyte: c.analyte}
		held.Limit = 1
		open, err := w.QualityControl.ListHolds(ctx, tx, held)
		if err != nil || len(open.Results) == 0 {
			return err
		}
		in := qualitycontrol.ResolveHoldInput{ByID: qualitycontrol.ByID{ID: open.Results[0].ID}}
		in.Body.Reason = "A clot in the aspiration probe; probe cleaned, control repeated and in range"
		_, err = w.QualityControl.ResolveHold(ctx, tx, in)
		return err
	})
}

func number(value float64, decimals int) (n qualitycontrol.Number, err error) {
	return n, json.Unmarshal(rounded(value, decimals), &n)
}
