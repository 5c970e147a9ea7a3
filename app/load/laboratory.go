package load

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/modules/alerts"
	"hmsoftware.com/hm/modules/alerts/alertsapi"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/notifications"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/patientsapi"
	"hmsoftware.com/hm/modules/tasks"
)

// Of a hundred consultations so many ask the laboratory for something.
const orderedOfHundred = 25

// tubes are what is ordered, each done from one sample; those that stand first are ordered more often.
var tubes = [][]string{{"CBC"}, {"GLUF"}, {"CREA", "ELEC"}, {"LFT"}, {"CRP"}, {"TSH"}, {"HBA1C"}}

// usual is between what an analyte of those tests mostly is, its decimals, and what it is in the worst of cases.
type usual struct {
	low, high float64
	decimals  int
	extreme   float64
}

var measuredBy = map[string]map[string]usual{
	"CBC": {"HGB": {10.5, 16.5, 1, 6.1}, "WBC": {3.8, 12, 1, 34}, "NEUT": {1.8, 8, 2, 9}, "LYMPH": {0.9, 4.2, 2, 5}, "EOS": {0, 0.6, 2, 1.2},
		"RBC": {3.7, 5.9, 2, 2.4}, "HCT": {34, 51, 1, 24}, "MCV": {76, 100, 1, 68}, "MCH": {25, 33, 1, 21}, "PLT": {140, 420, 0, 60}},
	"GLUF":  {"GLUF": {72, 135, 0, 480}},
	"CREA":  {"CREA": {0.6, 1.4, 2, 7.9}},
	"ELEC":  {"NA": {133, 147, 0, 150}, "K": {3.4, 5.2, 1, 6.9}, "CL": {97, 108, 0, 112}, "HCO3": {21, 29, 0, 17}},
	"LFT":   {"TBIL": {0.2, 1.4, 1, 4}, "DBIL": {0, 0.4, 1, 2}, "AST": {12, 48, 0, 240}, "ALT": {10, 52, 0, 310}, "ALP": {45, 135, 0, 260}, "TP": {6.2, 8.4, 1, 5.6}, "ALB": {3.4, 5.2, 1, 2.6}},
	"CRP":   {"CRP": {0.2, 9, 1, 120}},
	"TSH":   {"TSH": {0.5, 5, 2, 18}},
	"HBA1C": {"HBA1C": {4.6, 7.4, 1, 11.8}},
}

// worst of a hundred tests are as bad as they get: of those that have critical values, these are told.
const worstOfHundred = 2

// ordered is what a visit asked of the laboratory and what became of it, before the modules have told their part.
type ordered struct {
	order orders.Loaded
	work  lab.Loaded
}

// laboratory composes what the doctor orders at a time of the visit, and the work on it with its tasks.
func (c *composer) laboratory(p *patient, about encountersapi.Encounter, at time.Time) (o ordered, steps []tasks.Loaded) {
	doctor := orders.Moment{At: at, By: c.staff.doctor}
	priority := "ROUTINE"
	switch n := c.random.IntN(20); {
	case n == 0:
		priority = "STAT"
	case n < 4:
		priority = "URGENT"
	}
	o = ordered{
		order: orders.Loaded{ID: c.ids.At(at), Encounter: about, OrderType: packsapi.OrderTypeLab, Priority: priority, Ordered: doctor},
		work: lab.Loaded{Ordered: lab.Moment(doctor), EncounterType: about.Type, Pack: about.Pack,
			Patient: patientsapi.Summary{ID: p.id, Gender: p.gender, DateOfBirth: &p.born}},
	}
	first := int(float64(len(tubes)) * c.random.Float64() * c.random.Float64())
	chosen := [][]string{tubes[first]}
	if c.random.IntN(3) == 0 {
		chosen = append(chosen, tubes[(first+1+c.random.IntN(len(tubes)-1))%len(tubes)])
	}
	for _, codes := range chosen {
		steps = append(steps, c.tube(&o, codes, about, at)...)
	}
	return o, steps
}

// tube leads the tests of one tube as far as time has gone: what would be after now is still to be done.
func (c *composer) tube(o *ordered, codes []string, about encountersapi.Encounter, at time.Time) (steps []tasks.Loaded) {
	t, over := at, false
	// later gives the next moment of somebody's; nil when it is not yet.
	later := func(by uuid.UUID, from, to int) *lab.Moment {
		t = t.Add(time.Duration(from)*time.Minute + time.Duration(c.random.IntN((to-from)*60_000_000+1))*time.Microsecond).Truncate(time.Microsecond)
		if over = over || t.After(c.now); over {
			return nil
		}
		return &lab.Moment{At: t, By: by}
	}
	var items []uuid.UUID
	for _, code := range codes {
		items = append(items, c.itemID())
		o.order.Items = append(o.order.Items, orders.LoadedItem{ID: items[len(items)-1], ServiceCode: code})
	}
	collected := later(c.staff.nurse, 5, 40)
	if collected != nil && c.random.IntN(50) == 0 {
		sample := lab.LoadedSample{ID: c.ids.At(collected.At), Barcode: c.barcode(), Items: items, Collected: *collected}
		if rejected := later(c.staff.technician, 10, 60); rejected != nil {
			sample.Rejected = &lab.LoadedRejection{Moment: *rejected, Code: "HAEMOLYSED", Reason: "Haemolysed; please take another"}
			o.work.Samples = append(o.work.Samples, sample)
			collected = later(c.staff.nurse, 5, 40)
		}
	}
	var received *lab.Moment
	if collected != nil {
		received = later(c.staff.technician, 5, 60)
		o.work.Samples = append(o.work.Samples, lab.LoadedSample{ID: c.ids.At(collected.At), Barcode: c.barcode(), Items: items, Collected: *collected, Received: received})
	}
	for i, itemID := range items {
		item := &o.order.Items[len(o.order.Items)-len(items)+i]
		item.Started = (*orders.Moment)(collected)
		entered, verified := c.results(o, item, received, later)
		for place, done := range []*lab.Moment{collected, received, entered, verified} {
			steps = append(steps, c.step(about, place, itemID, at, done))
			if done == nil {
				break
			}
			at = done.At
		}
		at = o.order.Ordered.At
	}
	return steps
}

// results enters a test's values, and has them verified and released; some are entered again, of those some after that.
func (c *composer) results(o *ordered, item *orders.LoadedItem, received *lab.Moment, later func(uuid.UUID, int, int) *lab.Moment) (entered, verified *lab.Moment) {
	if received == nil {
		return nil, nil
	}
	version := func() lab.LoadedResult {
		r := lab.LoadedResult{ItemID: item.ID, Values: c.values(item.ServiceCode), NotifiedTo: "The doctor on call, by telephone"}
		if at := later(c.staff.technician, 10, 60); at != nil {
			r.ID, r.Entered, entered = c.ids.At(at.At), *at, at
		}
		return r
	}
	r := version()
	if entered == nil {
		return nil, nil
	}
	if c.random.IntN(40) == 0 {
		again := version()
		if again.ID != uuid.Nil {
			o.work.Results = append(o.work.Results, r)
			again.CorrectionReason = "Typed from another line of the worksheet"
			r = again
		}
	}
	r.Verified = later(c.staff.pathologist, 5, 60)
	if r.Verified != nil {
		if r.Released = later(c.staff.pathologist, 0, 5); r.Released != nil {
			item.Completed = (*orders.Moment)(r.Released)
		}
	}
	verified = r.Verified
	o.work.Results = append(o.work.Results, r)
	if r.Released == nil || c.random.IntN(100) > 0 {
		return entered, verified
	}
	// A correction of what was released.
	corrected := version()
	if corrected.ID == uuid.Nil {
		return entered, verified
	}
	corrected.CorrectionReason = "The analyser was calibrated again"
	if corrected.Verified = later(c.staff.pathologist, 5, 60); corrected.Verified != nil {
		corrected.Released = later(c.staff.pathologist, 0, 5)
	}
	o.work.Results = append(o.work.Results, corrected)
	return entered, corrected.Verified
}

// values draws what was measured.
func (c *composer) values(serviceCode string) (values []lab.PostedValue) {
	worst := c.random.IntN(100) < worstOfHundred
	analytes := measuredBy[serviceCode]
	for _, code := range slices.Sorted(maps.Keys(analytes)) {
		u := analytes[code]
		value := u.low + (u.high-u.low)*(c.random.Float64()+c.random.Float64())/2
		if worst {
			value = u.extreme
		}
		values = append(values, lab.PostedValue{Code: code, Value: json.RawMessage(strconv.FormatFloat(value, 'f', u.decimals, 64))})
	}
	return values
}

var workSteps = []struct{ code, title string }{
	{labapi.TaskCollectSample, "Collect the sample"}, {labapi.TaskReceiveSample, "Receive the sample"},
	{labapi.TaskEnterResult, "Enter the result"}, {labapi.TaskVerifyResult, "Verify the result"},
}

// step is the task of one of the steps of a test.
func (c *composer) step(about encountersapi.Encounter, place int, itemID uuid.UUID, opened time.Time, done *lab.Moment) tasks.Loaded {
	return tasks.Loaded{
		ID: c.ids.At(opened), Encounter: about, Code: ordersapi.TaskCode(workSteps[place].code, itemID), Title: workSteps[place].title,
		Created: tasks.Moment{At: opened, By: c.staff.doctor}, Done: (*tasks.Moment)(done), Followed: true, OutlivesEncounter: true,
	}
}

// itemID is random, as those of items are.
func (c *composer) itemID() (itemID uuid.UUID) {
	binary.BigEndian.PutUint64(itemID[:8], c.random.Uint64())
	binary.BigEndian.PutUint64(itemID[8:], c.random.Uint64())
	itemID[6], itemID[8] = itemID[6]&0x0f|0x40, itemID[8]&0x3f|0x80
	return itemID
}

// barcode is of a roll of labels that the facility had printed.
func (c *composer) barcode() string {
	c.barcodes++
	return fmt.Sprintf("L%09d", c.barcodes)
}

// alerts composes those that loaded samples and versions raised, with the task that waits for a critical one.
func (c *composer) alerts(asked []ordered, told []lab.LoadedOutcome) (all []alerts.Loaded, waiting []tasks.Loaded) {
	about := map[uuid.UUID]ordered{}
	for _, o := range asked {
		about[o.order.Encounter.ID] = o
		all = append(all, c.rejections(o)...)
	}
	task := map[uuid.UUID]int{}
	for _, outcome := range told {
		e := outcome.Entered
		if len(e.Critical) == 0 {
			continue
		}
		alert := alerts.Loaded{
			ID: c.ids.At(outcome.EnteredAt.At), Kind: alertsapi.KindCriticalResult, Severity: alertsapi.SeverityCritical, Title: "Critical result: " + outcome.Name,
			Detail: strings.Join(e.Critical, ", "), EncounterID: e.EncounterID, PatientID: e.PatientID, SubjectKind: labapi.EntityResult, SubjectID: e.ResultID,
			CauseID: e.ItemID, Raised: alerts.Moment(outcome.EnteredAt), RecipientID: c.staff.doctor,
			Facts: alerts.Facts{ServiceCode: e.ServiceCode, ServiceName: outcome.Name, Codes: e.Critical, OrderItemID: e.ItemID.String()},
		}
		alert.Acknowledged = c.within(alert.Raised.At, 45, c.staff.doctor)
		if alert.Acknowledged != nil && c.random.IntN(2) == 0 {
			if alert.Resolved = c.within(alert.Acknowledged.At, 240, c.staff.doctor); alert.Resolved != nil {
				alert.Resolution = "Treated"
			}
		}
		all = append(all, alert)
		if at, there := task[e.EncounterID]; there {
			if done := waiting[at].Done; done != nil && (alert.Acknowledged == nil || alert.Acknowledged.At.After(done.At)) {
				waiting[at].Done = (*tasks.Moment)(alert.Acknowledged)
			}
			continue
		}
		task[e.EncounterID] = len(waiting)
		waiting = append(waiting, tasks.Loaded{
			ID: c.ids.At(alert.Raised.At), Encounter: about[e.EncounterID].order.Encounter, Code: labapi.TaskCriticalResult, Title: "Acknowledge the critical result",
			AssignedToID: &c.staff.doctor, Created: tasks.Moment(alert.Raised), Done: (*tasks.Moment)(alert.Acknowledged), Followed: true, OutlivesEncounter: true,
		})
	}
	return all, waiting
}

// rejections are the alerts of samples that could not be used; they end when another is taken.
func (c *composer) rejections(o ordered) (all []alerts.Loaded) {
	for i, s := range o.work.Samples {
		if s.Rejected == nil {
			continue
		}
		var codes []string
		var items []uuid.UUID
		for _, item := range o.order.Items {
			if slices.Contains(s.Items, item.ID) {
				codes, items = append(codes, item.ServiceCode), append(items, item.ID)
			}
		}
		alert := alerts.Loaded{
			ID: c.ids.At(s.Rejected.At), Kind: alertsapi.KindSampleRejected, Severity: alertsapi.SeverityWarning, Title: "Sample rejected: " + codes[0],
			EncounterID: o.order.Encounter.ID, PatientID: o.order.Encounter.PatientID, SubjectKind: labapi.EntitySample, SubjectID: s.ID, CauseID: s.Items[0],
			Raised: alerts.Moment(s.Rejected.Moment), RecipientID: c.staff.nurse,
			Facts: alerts.Facts{ServiceCode: codes[0], ServiceName: codes[0], Codes: codes, OrderItemIDs: items, ReasonCode: s.Rejected.Code},
		}
		if i+1 < len(o.work.Samples) && slices.Equal(o.work.Samples[i+1].Items, s.Items) {
			alert.Resolved, alert.Resolution = (*alerts.Moment)(&o.work.Samples[i+1].Collected), "sample_collected"
		}
		all = append(all, alert)
	}
	return all
}

// news composes what people are told by alerts and by released results; most of it is read within some hours.
func (c *composer) news(raised []alertsapi.Raised, loaded []alerts.Loaded, told []lab.LoadedOutcome) (all []notifications.Loaded) {
	for i := range raised {
		all = append(all, notifications.Loaded{UserID: loaded[i].RecipientID, Title: loaded[i].Title, At: loaded[i].Raised.At, Alert: &raised[i]})
	}
	for _, outcome := range told {
		if outcome.Released != nil {
			all = append(all, notifications.Loaded{UserID: c.staff.doctor, Title: outcome.Name, At: outcome.ReleasedAt.At, Result: outcome.Released})
		}
	}
	for i := range all {
		if c.random.IntN(10) > 0 {
			if read := c.within(all[i].At, 300, all[i].UserID); read != nil {
				all[i].ReadAt = &read.At
			}
		}
	}
	return all
}

// within gives a moment of somebody's up to so many minutes later; nil when that is after now.
func (c *composer) within(from time.Time, minutes int, by uuid.UUID) *alerts.Moment {
	at := from.Add(time.Duration(1+c.random.IntN(minutes*60_000_000)) * time.Microsecond)
	if at.After(c.now) {
		return nil
	}
	return &alerts.Moment{At: at, By: by}
}
