package lab

import (
	"cmp"
	"context"
	"slices"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

// AnalytesInput filters analytes; filters given together must all hold.
type AnalytesInput struct {
	Pack        string `query:"pack" maxLength:"64" doc:"The facility's first when absent"`
	ServiceCode string `query:"service_code" maxLength:"64" doc:"Of this test, in its order"`
	Section     string `query:"section" maxLength:"64"`
	Q           string `query:"q" maxLength:"200" doc:"Words, or beginnings of them, in code and name"`
}

// AnalyteInfo is what the laboratory measures, without whom.
type AnalyteInfo struct {
	Code       string       `json:"code"`
	Name       string       `json:"name"`
	LOINC      *string      `json:"loinc"`
	Section    string       `json:"section"`
	Kind       string       `json:"kind" enum:"number,coded,text,titre"`
	Unit       *string      `json:"unit" doc:"UCUM"`
	Units      []string     `json:"units" nullable:"false" doc:"In which it can be entered; the first is its own"`
	Decimals   int          `json:"decimals"`
	Choices    []ChoiceInfo `json:"choices" nullable:"false" doc:"Of a coded one, in order"`
	Calculated bool         `json:"calculated" doc:"Follows from others; nobody types it"`
	Method     *string      `json:"method"`
	// DependsOnPregnancy says that who takes the sample should ask.
	DependsOnPregnancy bool `json:"depends_on_pregnancy" doc:"A range is another in pregnancy: to be asked when the sample is taken"`
}

// ChoiceInfo is one value of a coded analyte.
type ChoiceInfo struct {
	Code  string `json:"code"`
	Title string `json:"title"`
	// IsAbnormal and IsCritical are what such a value is flagged as.
	IsAbnormal bool `json:"is_abnormal"`
	IsCritical bool `json:"is_critical"`
}

// AnalyteList is all that was asked for.
type AnalyteList struct {
	Results  []AnalyteInfo `json:"results" nullable:"false"`
	Sections []SectionInfo `json:"sections" nullable:"false" doc:"The benches, in the order of a report"`
}

// SectionInfo is a bench of the laboratory.
type SectionInfo struct {
	Code  string `json:"code"`
	Title string `json:"title"`
}

var errUnknownService = errs.NotFound("lab.unknown_service", "There is no such test.")

// Analytes lists what the laboratory measures.
func (m *Module) Analytes(ctx context.Context, q db.DBTX, in AnalytesInput) (AnalyteList, error) {
	scope, _ := db.ScopeOf(ctx)
	list := AnalyteList{Results: []AnalyteInfo{}, Sections: sections(httpx.Language(ctx))}
	facility, err := m.deps.Facilities.Settings(ctx, q, scope.TenantID, scope.FacilityID)
	if err != nil {
		return list, err
	}
	first := packsapi.Base
	if len(facility.Packs) > 0 {
		first = facility.Packs[0]
	}
	shelves, err := m.shelves(ctx, q, scope)
	if err != nil {
		return list, err
	}
	laboratory, err := shelves.library.Laboratory(cmp.Or(in.Pack, first))
	if err != nil {
		return list, err
	}
	analytes := laboratory.Analytes()
	if in.ServiceCode != "" {
		shelf, err := shelves.of(cmp.Or(in.Pack, first))
		if err != nil {
			return list, err
		}
		service, known := shelf.catalog.Service(in.ServiceCode)
		if !known {
			return list, errUnknownService
		}
		analytes = shelf.test(service.Code, service.Name.In(packsapi.DefaultLocale))
	}
	for _, a := range analytes {
		if (in.Section == "" || a.Section == in.Section) && (in.Q == "" || hasWords(in.Q, []string{a.Code, a.Name.In(packsapi.DefaultLocale), a.Name.In(httpx.Language(ctx))})) {
			list.Results = append(list.Results, analyteInfo(a))
		}
	}
	return list, nil
}

func sections(locale string) []SectionInfo {
	all := []SectionInfo{}
	for _, s := range packsapi.Sections() {
		all = append(all, SectionInfo{Code: s.Code, Title: s.Title.In(locale)})
	}
	return all
}

func analyteInfo(a *packsapi.Analyte) AnalyteInfo {
	info := AnalyteInfo{
		Code: a.Code, Name: a.Name.In(packsapi.DefaultLocale), LOINC: words(a.LOINC), Section: a.Section, Kind: string(cmp.Or(a.Kind, packsapi.ValueNumber)),
		Unit: words(a.Unit), Units: unitsOf(a), Decimals: a.Decimals, Choices: []ChoiceInfo{}, Calculated: a.Calculated, Method: words(a.Method.In(packsapi.DefaultLocale)),
		DependsOnPregnancy: slices.ContainsFunc(a.Ranges, func(r packsapi.ReferenceRange) bool { return r.Pregnant != nil }),
	}
	for _, c := range a.Choices {
		info.Choices = append(info.Choices, ChoiceInfo{Code: c.Code, Title: c.Title.In(packsapi.DefaultLocale), IsAbnormal: c.Abnormal, IsCritical: c.Critical})
	}
	return info
}

// unitsOf are the units in which a value can be typed, its own first.
func unitsOf(a *packsapi.Analyte) []string {
	if a.Unit == "" {
		return []string{}
	}
	return append([]string{a.Unit}, a.Units...)
}
