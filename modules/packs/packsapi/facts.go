package packsapi

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"hmsoftware.com/hm/kit/clock"
)

// PatientOf gives what expressions know of a patient whose data are as the record holds them. A nil birth date leaves
// the age unknown; days are counted in the time zone of now.
func PatientOf(born *clock.Date, gender string, systemSpecificData json.RawMessage, now time.Time) (PatientFacts, error) {
	facts := PatientFacts{Gender: gender}
	if born != nil {
		today := clock.DateOf(now)
		years, days := int64(born.YearsUntil(today)), int64(born.DaysUntil(today))
		facts.AgeYears, facts.AgeDays = &years, &days
	}
	if len(systemSpecificData) > 0 {
		if err := json.Unmarshal(systemSpecificData, &facts.SystemSpecificData); err != nil {
			return PatientFacts{}, fmt.Errorf("system-specific data of a patient: %w", err)
		}
		trim(facts.SystemSpecificData)
	}
	return facts, nil
}

// trim takes the blanks off the ends of every text within a value of JSON: rules compare what people typed by its
// words, and "penicillin " must stop penicillin.
func trim(v any) any {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case []any:
		for i, item := range v {
			v[i] = trim(item)
		}
	case map[string]any:
		for key, item := range v {
			v[key] = trim(item)
		}
	}
	return v
}

// EncounterOf gives what expressions know of an encounter whose data are as the record holds them.
func EncounterOf(encounterType, pack, status string, systemData json.RawMessage) (EncounterFacts, error) {
	facts := EncounterFacts{EncounterType: encounterType, Pack: pack, Status: status}
	if len(systemData) > 0 {
		if err := json.Unmarshal(systemData, &facts.SystemData); err != nil {
			return EncounterFacts{}, fmt.Errorf("system data of an encounter: %w", err)
		}
	}
	return facts, nil
}
