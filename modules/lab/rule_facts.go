package lab

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/lab/internal/labdb"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/rulesapi"
)

// factsOf is a result about to be entered as rules know it; held are its analytes that quality control holds back.
func factsOf(e entering, found findings, held []string) map[string]any {
	return packsapi.ResultFacts{
		ServiceCode: e.ServiceCode, Version: int(e.LatestVersion) + 1, IsCritical: found.isCritical(), IsCorrection: e.ReleasedResultID != nil,
		Person: e.measured, Values: valueFacts(found.values), Held: held,
	}.Map()
}

// factsOfRow is the same of a version that is there.
func factsOfRow(row labdb.LabResultRecord, values []labapi.Value, held []string) map[string]any {
	return packsapi.ResultFacts{
		ServiceCode: row.ServiceCode, Version: int(row.Version), IsCritical: row.IsCritical, IsCorrection: row.IsCorrection,
		Person: packsapi.Measured{AgeDays: int(row.AgeDays), Sex: row.Sex, Pregnant: row.Pregnant}, Values: valueFacts(values), Held: held,
	}.Map()
}

func valueFacts(values []labapi.Value) []packsapi.ResultValueFact {
	facts := make([]packsapi.ResultValueFact, 0, len(values))
	for _, v := range values {
		if v.Withdrawn {
			continue // nothing is known of it
		}
		number, comparator := numberOf(v)
		facts = append(facts, packsapi.ResultValueFact{Code: v.Code, Value: number, Comparator: comparator, Text: v.Display,
			Flag: valueOf(v.Flag), DeltaFlag: valueOf(v.DeltaFlag), Unit: valueOf(v.Unit)})
	}
	return facts
}

// autoverify asks the rules whether they vouch for what was just entered; verifyByRule does what they say. A rule that
// holds it back leaves it to a person. It is asked of a first version only, complete and with nothing critical: what
// somebody typed again a person weighs against what was there.
func (m *Module) autoverify(ctx context.Context, tx db.Tx, e entering, resultID uuid.UUID, facts map[string]any) error {
	_, err := m.deps.Gate.Pass(ctx, tx, rulesapi.Question{
		Pack: e.Pack, Moment: packsapi.MomentResultAutoverify, EncounterID: e.EncounterID, PatientID: e.PatientID, SubjectID: resultID, Facts: facts,
	})
	if errors.Is(err, rulesapi.ErrBlocked) || errors.Is(err, rulesapi.ErrReasonRequired) {
		return nil
	}
	return err
}

// verifyByRule vouches for a result that a rule lets pass: of those that a person need not see, and only while the
// facility lets rules do so.
func (m *Module) verifyByRule(ctx context.Context, tx db.Tx, e rulesapi.RuleFired) error {
	if e.Moment != packsapi.MomentResultAutoverify {
		return nil // elsewhere the subject is no result
	}
	row, err := getResult(ctx, tx, tx.Scope(), e.SubjectID)
	if err != nil {
		return err
	}
	settings, err := getSettings(ctx, tx, tx.Scope())
	if err != nil || settings.Autoverification != autoverificationOn {
		return err
	}
	isHeld, _, err := m.heldOf(ctx, tx, row)
	if err != nil {
		return err
	}
	s := standingOf(ctx, row, isHeld)
	s.byEnterer = false // nobody verifies what they entered: a rule does
	if row.IsCritical || row.Version > 1 || len(row.Missing) > 0 || mayVerify(s) != nil {
		return nil
	}
	return m.vouch(ctx, tx, row, labdb.VerifyResultParams{VerifiedByRule: &e.Rule})
}

// numberOf gives a value that is a number, and of what is only bounded its bound and < or >, so that what lies beyond the
// instrument's reach is never as good as not known. It is nil for a text.
func numberOf(v labapi.Value) (number *float64, comparator string) {
	text := string(v.Value)
	if written := ""; json.Unmarshal(v.Value, &written) == nil && written != "" && strings.Contains("<>", written[:1]) {
		comparator, text = written[:1], written[1:]
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, ""
	}
	return &n, comparator
}
