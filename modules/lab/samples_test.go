package lab_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/encounters/encountersapi"
	"hmsoftware.com/hm/modules/encounters/encounterstest"
	"hmsoftware.com/hm/modules/lab"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/orders"
	"hmsoftware.com/hm/modules/orders/ordersapi"
	"hmsoftware.com/hm/modules/patients/patientstest"
)

func TestOneTubeIsForTestsOfOneKind(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		items := b.ask(ctx, t, tx, "RENAL", "POTASSIUM", "BLOOD")
		_, err := b.Collect(ctx, tx, taking(items...))
		wantFaults(t, err, "lab.specimen_mismatch", "body.order_item_ids")
		sample := b.collect(ctx, t, tx, items[0], items[1], items[0])
		if len(sample.Items) != 2 || sample.Items[0].ServiceCode != "RENAL" || sample.Items[1].Name != "Potassium alone" || len(sample.OrderItemIDs) != 2 {
			t.Errorf("the tube is for %+v", sample.Items)
		}
	})
}

func TestWhatWasTakenIsWhatTheTestNeeds(t *testing.T) {
	for taken, accepted := range map[string]bool{"": true, "Serum": true, "blood": true, "urine": false, "EDTA": false} {
		t.Run(taken, func(t *testing.T) {
			atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
				in := taking(b.ask(ctx, t, tx, "RENAL")...)
				in.Body.SpecimenType = taken
				sample, err := b.Collect(ctx, tx, in)
				if !accepted {
					wantFaults(t, err, "lab.specimen_mismatch", "body.specimen_type")
				} else if err != nil || sample.SpecimenType != "serum" {
					t.Errorf("got %+v, %v", sample, err)
				}
			})
		})
	}
}

func TestWhatCannotBeCollected(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		order, items := b.order(ctx, t, tx, "ROUTINE", "RENAL", "POTASSIUM", "BLOOD")
		_, err := b.Collect(ctx, tx, taking(items[0], unknown))
		wantCode(t, err, "lab.item_not_found")
		b.collect(ctx, t, tx, items[0])
		_, err = b.Collect(ctx, tx, taking(items[0]))
		wantCode(t, err, "lab.already_collected")
		cancelItem(ctx, t, tx, b, order, items[1])
		_, err = b.Collect(ctx, tx, taking(items[1]))
		wantCode(t, err, "lab.item_not_open")
		completeItem(ctx, t, tx, b, order, items[2])
		_, err = b.Collect(ctx, tx, taking(items[2]))
		wantCode(t, err, "lab.item_not_open")
		elsewhere := *b
		elsewhere.encounter = encounterstest.Encounter(ctx, t, tx, encounterstest.With{})
		_, err = b.Collect(ctx, tx, taking(b.ask(ctx, t, tx, "RENAL")[0], elsewhere.ask(ctx, t, tx, "RENAL")[0]))
		wantCode(t, err, "lab.different_encounters")
	})
}

func cancelItem(ctx context.Context, t testing.TB, tx db.Tx, b *bench, order ordersapi.Order, item uuid.UUID) {
	t.Helper()
	must[ordersapi.Order](t)(b.orders.CancelItem(ctx, tx, orders.CancelItemInput{
		ItemByID: orders.ItemByID{ByID: orders.ByID{ID: order.ID}, ItemID: item}, Body: orders.Reason{Reason: "Not needed"}}))
}

func completeItem(ctx context.Context, t testing.TB, tx db.Tx, b *bench, order ordersapi.Order, item uuid.UUID) {
	t.Helper()
	must[ordersapi.Order](t)(b.orders.CompleteItem(ctx, tx, orders.ItemByID{ByID: orders.ByID{ID: order.ID}, ItemID: item}))
}

func TestASampleIsTakenInTheRecentPast(t *testing.T) {
	for name, c := range map[string]struct {
		at       time.Duration
		accepted bool
	}{"an hour ago": {-time.Hour, true}, "by a clock ahead": {30 * time.Second, true}, "in the future": {2 * time.Minute, false}, "long ago": {-31 * 24 * time.Hour, false}} {
		t.Run(name, func(t *testing.T) {
			atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
				in, at := taking(b.ask(ctx, t, tx, "RENAL")...), testkit.Epoch.Add(c.at)
				in.Body.CollectedAt = &at
				sample, err := b.Collect(ctx, tx, in)
				if !c.accepted {
					wantFaults(t, err, "lab.invalid", "body.collected_at")
				} else if err != nil || !sample.CollectedAt.Equal(at) {
					t.Errorf("got %+v, %v", sample, err)
				}
			})
		})
	}
}

func TestABarcodeIsOneOfItsFacility(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		items := b.ask(ctx, t, tx, "RENAL", "RENAL", "RENAL", "RENAL")
		own := taking(items[0])
		own.Body.Barcode = "2603100001" // as the facility would number its first
		if sample := must[labapi.Sample](t)(b.Collect(ctx, tx, own)); sample.Barcode != own.Body.Barcode {
			t.Errorf("got %s", sample.Barcode)
		}
		again := taking(items[1])
		again.Body.Barcode = own.Body.Barcode
		err := undone(ctx, t, tx, func(tx db.Tx) error { _, err := b.Collect(ctx, tx, again); return err })
		wantCode(t, err, "lab.barcode_taken")
		if made := b.collect(ctx, t, tx, items[1]); made.Barcode != "2603100002" {
			t.Errorf("made %s, past the one that is taken", made.Barcode)
		}
		found := must[httpx.Page[labapi.Sample]](t)(b.ListSamples(ctx, tx, lab.ListSamplesInput{PageParams: first(10), Barcode: "2603100002"}))
		if len(found.Results) != 1 || found.Results[0].Items[0].OrderItemID != items[1] {
			t.Errorf("the scan finds %+v", found.Results)
		}
	})
}

func TestARejectedSampleAsksForAnother(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		items := b.ask(ctx, t, tx, "RENAL", "POTASSIUM")
		sample := b.receive(ctx, t, tx, items...)
		in := rejecting(sample.ID, "haemolysed")
		in.Body.Note = "Pink"
		rejected := must[labapi.Sample](t)(b.Reject(ctx, tx, in))
		if rejected.Status != labapi.SampleStatusRejected || text(rejected.RejectionCode) != "HAEMOLYSED" || text(rejected.Reason) != "Haemolysed: Pink" || len(rejected.Items) != 2 {
			t.Errorf("rejected %+v", rejected)
		}
		list := must[httpx.Page[lab.Tube]](t)(b.CollectionList(ctx, tx, lab.CollectionInput{PageParams: first(10)}))
		if len(list.Results) != 1 || !list.Results[0].IsRecollection || len(list.Results[0].Items) != 2 {
			t.Errorf("to collect: %+v", list.Results)
		}
		_, err := b.Enter(ctx, tx, entering(items[1], "K", 4))
		wantCode(t, err, "lab.sample_not_received")
		again := b.receive(ctx, t, tx, items[1])
		b.enter(ctx, t, tx, items[1], "K", 4)
		if again.ID == sample.ID || len(again.Items) != 1 {
			t.Errorf("taken again: %+v", again)
		}
		if still := must[labapi.Sample](t)(b.GetSample(ctx, tx, byID(sample.ID))); len(still.Items) != 2 {
			t.Errorf("the rejected one forgot what it was for: %+v", still.Items)
		}
	})
}

func TestAReasonInWordsIsKept(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		sample := b.collect(ctx, t, tx, b.ask(ctx, t, tx, "RENAL")...)
		rejected := must[labapi.Sample](t)(b.Reject(ctx, tx, rejecting(sample.ID, "  Fell down the stairs ")))
		if text(rejected.RejectionCode) != "OTHER" || text(rejected.Reason) != "Fell down the stairs" {
			t.Errorf("rejected as %s: %s", text(rejected.RejectionCode), text(rejected.Reason))
		}
	})
}

// Seen when it is to be verified: the tube is another's. What was entered of it is nobody's result.
func TestASampleIsRejectedUntilSomebodyVouchesForAResult(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		items := b.ask(ctx, t, tx, "RENAL", "POTASSIUM")
		sample := b.receive(ctx, t, tx, items...)
		void := b.enter(ctx, t, tx, items[1], "K", 7.2)
		must[labapi.Sample](t)(b.Reject(ctx, tx, rejecting(sample.ID, "MISLABELLED")))
		want(t, waiting(ctx, t, tx, b.encounter.ID, "POTASSIUM"), "ORDERED")
		wantCode(t, undone(ctx, t, tx, func(tx db.Tx) error { _, err := b.Verify(ctx, tx, verifying(void.ID, "Doctor Iyer")); return err }), "lab.illegal_transition")
		if read := must[labapi.Result](t)(b.GetResult(ctx, tx, byID(void.ID))); read.SampleID != sample.ID || !read.IsCritical {
			t.Errorf("what was entered is gone: %+v", read)
		} else if void.IsVoid || !read.IsVoid || text(read.VoidCode) != "MISLABELLED" || text(read.VoidReason) == "" {
			t.Errorf("who reads it does not read that it is void: %+v", read)
		}

		again := b.receive(ctx, t, tx, items...)
		for _, work := range must[httpx.Page[lab.Work]](t)(b.Worklist(ctx, tx, lab.WorklistInput{PageParams: first(10)})).Results {
			if work.Result != nil {
				t.Errorf("the bench is shown what is void: %+v", work.Result)
			}
		}
		second := b.enter(ctx, t, tx, items[1], "K", 4)
		if second.ResultVersion != 2 || second.SampleID != again.ID || second.IsCorrection || second.IsVoid {
			t.Errorf("of the next sample: %+v", second)
		}
		b.verify(ctx, t, tx, second.ID)
		wantCode(t, undone(ctx, t, tx, func(tx db.Tx) error { _, err := b.Reject(ctx, tx, rejecting(again.ID, "CLOTTED")); return err }), "lab.results_entered")
	})
}

func TestWhatOnlyARuleVerifiedCanStillBeRejected(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		must[lab.Settings](t)(b.SaveSettings(ctx, tx, settings(false, "ON")))
		items := b.ask(ctx, t, tx, "POTASSIUM")
		sample := b.receive(ctx, t, tx, items...)
		r := b.enter(ctx, t, tx, items[0], "K", 4)
		if r.Status != labapi.ResultStatusVerified || r.VerifiedByID != nil {
			t.Fatalf("no rule verified %+v", r)
		}
		must[labapi.Sample](t)(b.Reject(ctx, tx, rejecting(sample.ID, "MISLABELLED")))
		want(t, waiting(ctx, t, tx, b.encounter.ID, "POTASSIUM"), "ORDERED")
		wantCode(t, undone(ctx, t, tx, func(tx db.Tx) error { _, err := b.Release(ctx, tx, releasing(r.ID)); return err }), "lab.illegal_transition")
	})
}

func TestAWristbandIsNoLabel(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		in := taking(b.ask(ctx, t, tx, "POTASSIUM")[0])
		in.Body.Barcode = "m-1" // as atBench's patient has it
		_, err := b.Collect(ctx, tx, in)
		wantFaults(t, err, "lab.invalid", "body.barcode")
	})
}

func TestAStoredSampleCanBeRejected(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		sample := b.receive(ctx, t, tx, b.ask(ctx, t, tx, "POTASSIUM")...)
		must[labapi.Sample](t)(b.Store(ctx, tx, storing(sample.ID, "Fridge 2")))
		rejected := must[labapi.Sample](t)(b.Reject(ctx, tx, rejecting(sample.ID, "CLOTTED")))
		if rejected.Status != labapi.SampleStatusRejected || text(rejected.StorageLocation) != "Fridge 2" || len(rejected.Custody) != 4 || rejected.Custody[2].Act != "stored" || rejected.Custody[3].Act != "rejected" {
			t.Errorf("rejected %+v", rejected)
		}
		want(t, waiting(ctx, t, tx, b.encounter.ID, "POTASSIUM"), "ORDERED")
	})
}

func TestASampleIsKeptUntilEveryTestHasItsResult(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		order, items := b.order(ctx, t, tx, "ROUTINE", "RENAL", "POTASSIUM", "THYROID")
		sample := b.receive(ctx, t, tx, items...)
		b.enter(ctx, t, tx, items[1], "K", 4)
		for _, item := range []uuid.UUID{items[0], items[2]} {
			wantCode(t, undone(ctx, t, tx, func(tx db.Tx) error { _, err := b.Discard(ctx, tx, byID(sample.ID)); return err }), "lab.tests_waiting")
			cancelItem(ctx, t, tx, b, order, item)
		}
		must[labapi.Sample](t)(b.Discard(ctx, tx, byID(sample.ID)))
	})
}

// What was measured of a patient is not buried with what it was ordered for.
func TestWhatIsEnteredIsReleasedBeforeItsOrderEnds(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		order, items := b.order(ctx, t, tx, "ROUTINE", "POTASSIUM")
		b.receive(ctx, t, tx, items...)
		r := b.enter(ctx, t, tx, items[0], "K", 7.2)
		at := orders.ItemByID{ByID: orders.ByID{ID: order.ID}, ItemID: items[0]}
		refused := func() {
			t.Helper()
			for _, act := range []func(tx db.Tx) error{
				func(tx db.Tx) error { _, err := b.orders.CompleteItem(ctx, tx, at); return err },
				func(tx db.Tx) error {
					_, err := b.orders.CancelItem(ctx, tx, orders.CancelItemInput{ItemByID: at, Body: orders.Reason{Reason: "Not needed"}})
					return err
				},
				func(tx db.Tx) error {
					return b.bus.Publish(ctx, tx, encountersapi.Cancelled{EncounterID: b.encounter.ID, PatientID: b.encounter.PatientID})
				},
			} {
				wantCode(t, undone(ctx, t, tx, act), "lab.result_unreleased")
			}
		}
		refused()
		b.verify(ctx, t, tx, r.ID)
		refused()
		b.release(ctx, t, tx, r.ID)
		correcting := entering(items[0], "K", 4.2)
		correcting.Body.CorrectionReason = "Haemolysed"
		must[labapi.Result](t)(b.Enter(ctx, tx, correcting))
		wantCode(t, undone(ctx, t, tx, func(tx db.Tx) error {
			return b.bus.Publish(ctx, tx, encountersapi.Cancelled{EncounterID: b.encounter.ID, PatientID: b.encounter.PatientID})
		}), "lab.result_unreleased")
	})
}

func TestNoManIsPregnantAndNoBloodIsOlderThanThePatient(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		born := clock.DateOf(testkit.Epoch.AddDate(0, 0, -2))
		patient := patientstest.Patient(ctx, t, tx, patientstest.With{FullName: "Baby Nair", MRN: "M-2", Gender: "male", DateOfBirth: &born})
		b.encounter = encounterstest.Encounter(ctx, t, tx, encounterstest.With{PatientID: patient})
		in, yes := taking(b.ask(ctx, t, tx, "RENAL")...), true
		in.Body.Pregnant = &yes
		wantFaults(t, undone(ctx, t, tx, func(tx db.Tx) error { _, err := b.Collect(ctx, tx, in); return err }), "lab.invalid", "body.pregnant")
		before := testkit.Epoch.AddDate(0, 0, -3)
		in.Body.Pregnant, in.Body.CollectedAt = nil, &before
		wantFaults(t, undone(ctx, t, tx, func(tx db.Tx) error { _, err := b.Collect(ctx, tx, in); return err }), "lab.invalid", "body.collected_at")
		after := testkit.Epoch.AddDate(0, 0, -2)
		in.Body.CollectedAt = &after
		must[labapi.Sample](t)(b.Collect(ctx, tx, in))
	})
}

func TestTheChainOfCustodyNamesEveryHand(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		items := b.ask(ctx, t, tx, "POTASSIUM")
		sample := b.receive(ctx, t, tx, items...)
		b.enter(ctx, t, tx, items[0], "K", 4)
		must[labapi.Sample](t)(b.Store(ctx, tx, storing(sample.ID, " Fridge 2, B7 ")))
		gone := must[labapi.Sample](t)(b.Discard(ctx, tx, byID(sample.ID)))
		acts := []string{}
		for _, c := range gone.Custody {
			if acts = append(acts, c.Act); c.By == nil || c.By.FullName != "Technician Rao" || c.At.IsZero() {
				t.Errorf("step %+v", c)
			}
		}
		want(t, acts, "collected", "received", "stored", "discarded")
		if text(gone.Custody[2].Of) != "Fridge 2, B7" || len(gone.Actions) != 0 {
			t.Errorf("gone: %+v", gone)
		}
		want(t, told(ctx, t, tx, b.encounter.ID), "sample_collected", "sample_received", "result_entered 1", "sample_stored", "sample_discarded")
	})
}

func TestActionsAreWhatTheCallerMayDo(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		sample := b.collect(ctx, t, tx, b.ask(ctx, t, tx, "RENAL")...)
		for permission, actions := range map[string][]string{lab.CanReceive: {"receive"}, lab.CanReject: {"reject"}, lab.CanStore: {}} {
			got := must[labapi.Sample](t)(b.GetSample(as(ctx, tx.Scope().UserID, permission), tx, byID(sample.ID)))
			want(t, got.Actions, actions...)
		}
	})
}

func TestTheLaboratoryGoesOnWhenThePatientHasGone(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		items := b.ask(ctx, t, tx, "POTASSIUM", "BLOOD")
		sample := b.collect(ctx, t, tx, items[0])
		encounterstest.SetStatus(ctx, t, tx, b.encounter.ID, encountersapi.StatusClosed)
		must[labapi.Sample](t)(b.Receive(ctx, tx, byID(sample.ID)))
		entered := b.enter(ctx, t, tx, items[0], "K", 4)
		b.release(ctx, t, tx, b.verify(ctx, t, tx, entered.ID).ID)
		b.collect(ctx, t, tx, items[1])
	})
}

func TestNothingIsDoneInACancelledEncounter(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		items := b.ask(ctx, t, tx, "POTASSIUM", "BLOOD", "RENAL")
		collected, received := b.collect(ctx, t, tx, items[0]), b.receive(ctx, t, tx, items[1])
		encounterstest.SetStatus(ctx, t, tx, b.encounter.ID, encountersapi.StatusCancelled)
		_, err := b.Receive(ctx, tx, byID(collected.ID))
		wantCode(t, err, "encounters.not_open")
		_, err = b.Collect(ctx, tx, taking(items[2]))
		wantCode(t, err, "encounters.not_open")
		_, err = b.Enter(ctx, tx, entering(items[1], "HGB", 13))
		wantCode(t, err, "encounters.not_open")
		if err := b.bus.Publish(ctx, tx, encountersapi.Cancelled{EncounterID: b.encounter.ID, PatientID: b.encounter.PatientID}); err != nil {
			t.Fatal(err)
		}
		must[labapi.Sample](t)(b.Discard(ctx, tx, byID(received.ID)))
	})
}

func TestACancelledEncounterCancelsItsTests(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		items := b.ask(ctx, t, tx, "POTASSIUM")
		encounterstest.SetStatus(ctx, t, tx, b.encounter.ID, encountersapi.StatusCancelled)
		if err := b.bus.Publish(ctx, tx, encountersapi.Cancelled{EncounterID: b.encounter.ID, PatientID: b.encounter.PatientID}); err != nil {
			t.Fatal(err)
		}
		_, err := b.Collect(ctx, tx, taking(items...))
		wantCode(t, err, "lab.item_not_open")
	})
}

func TestASampleOfAnotherFacilityIsUnknown(t *testing.T) {
	atBench(t, func(ctx context.Context, tx db.Tx, b *bench) {
		sample := b.collect(ctx, t, tx, b.ask(ctx, t, tx, "RENAL")...)
		scope := tx.Scope()
		scope.FacilityID = uuid.New()
		err := tx.Nested(db.WithScope(ctx, scope), scope, func(tx db.Tx) error {
			_, err := b.Receive(db.WithScope(ctx, scope), tx, byID(sample.ID))
			return err
		})
		wantCode(t, err, "lab.sample_not_found")
	})
}
