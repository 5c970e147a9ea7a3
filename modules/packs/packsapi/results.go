package packsapi

// ResultFacts are the facts of MomentResultEntered, MomentResultAutoverify and MomentResultRelease.
type ResultFacts struct {
	ServiceCode string
	// Version of the result, 1 for the first.
	Version                  int
	IsCritical, IsCorrection bool
	// Person is of whom it was measured, when the sample was taken.
	Person Measured
	Values []ResultValueFact
	// Held are the analytes whose quality control holds them back.
	Held []string
}

// ResultValueFact is what was found of one analyte. Value is nil for what is no number; of what is only bounded, <0.5, it
// is the bound and Comparator < or >. Text is the value as it is written, in any case. Flag and DeltaFlag are empty where there is none.
type ResultValueFact struct {
	Code                  string
	Value                 *float64
	Comparator            string
	Text, Flag, DeltaFlag string
	Unit                  string
}

// Map gives the facts under the names rules use, but for what else the record says: result.
func (r ResultFacts) Map() map[string]any {
	values := make([]any, len(r.Values))
	for i, v := range r.Values {
		m := map[string]any{"code": v.Code, "comparator": v.Comparator, "text": v.Text, "flag": v.Flag, "delta_flag": v.DeltaFlag, "unit": v.Unit}
		if v.Value != nil {
			m["value"] = *v.Value
		}
		values[i] = m
	}
	held := make([]any, len(r.Held))
	for i, code := range r.Held {
		held[i] = code
	}
	result := map[string]any{
		"service_code": r.ServiceCode, "version": r.Version, "is_critical": r.IsCritical, "is_correction": r.IsCorrection,
		"sex": r.Person.Sex, "pregnant": r.Person.Pregnant, "values": values, "held": held,
	}
	if r.Person.AgeDays >= 0 {
		result["age_days"] = r.Person.AgeDays
	}
	return map[string]any{"result": result}
}
