package packsapi

import (
	"encoding/json"
	"fmt"
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
	}
	return facts, nil
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
