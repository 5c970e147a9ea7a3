package patients

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/internal/names"
	"hmsoftware.com/hm/modules/patients/internal/patientsdb"
)

// Attributes are what may be said of a patient at registration or later. Null and empty text mean nothing is known.
type Attributes struct {
	DateOfBirth        httpx.Optional[clock.Date]     `json:"date_of_birth,omitzero" format:"date"`
	AgeYears           httpx.Optional[int]            `json:"age_years,omitzero" minimum:"0" maximum:"130" doc:"Instead of date_of_birth, which is then reckoned and marked as estimated"`
	BirthDateEstimated httpx.Optional[bool]           `json:"birth_date_estimated,omitzero" doc:"The date of birth is not known for certain"`
	Phone              httpx.Optional[string]         `json:"phone,omitzero" maxLength:"40" doc:"As written; 4 to 20 digits"`
	Email              httpx.Optional[string]         `json:"email,omitzero" maxLength:"254"`
	Address            httpx.Optional[string]         `json:"address,omitzero" maxLength:"1000"`
	BloodGroup         httpx.Optional[string]         `json:"blood_group,omitzero" doc:"A+, A-, B+, B-, AB+, AB-, O+ or O-"`
	Identifiers        httpx.Optional[[]Identifier]   `json:"identifiers,omitzero" maxItems:"20" doc:"All of them: these replace those before"`
	SystemSpecificData httpx.Optional[map[string]any] `json:"system_specific_data,omitzero" doc:"An object for each pack named; packs not named keep theirs, null removes a pack's"`
}

const (
	maxSystemData = 64 << 10 // bytes of JSON for all packs of one patient
	oldest        = 130      // years
)

var (
	emailShape  = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s.]+$`)
	bloodGroups = []string{"A+", "A-", "B+", "B-", "AB+", "AB-", "O+", "O-"}
)

// edit changes a record as someone asks, and collects every fault in what they ask.
type edit struct {
	row      *patientsdb.PatientsPatient
	forms    packForms
	settings facilitiesapi.Settings
	today    clock.Date // in the facility
	numbers  numbers
	faults   *errs.Error
}

// packForms gives the form of what a pack keeps of patients; nil for a pack that has none.
type packForms func(pack string) (*packsapi.DataForm, error)

// numbers are outside identifiers in the spelling in which they are unique and searched.
type numbers struct{ systems, values []string }

func editing(row *patientsdb.PatientsPatient, settings facilitiesapi.Settings, forms packForms, now time.Time) *edit {
	return &edit{row: row, forms: forms, settings: settings, today: clock.DateOf(now.In(settings.Zone)), numbers: numbers{[]string{}, []string{}}}
}

func (e *edit) fault(field, message string) {
	if e.faults == nil {
		e.faults = errInvalid
	}
	e.faults = e.faults.At("body."+field, message)
}

func (e *edit) fullName(sent string) {
	name, err := names.Display(sent)
	if err != nil {
		e.fault("full_name", err.Error())
		return
	}
	e.row.FullName = name
}

func (e *edit) mrn(sent string) {
	mrn := normaliseMRN(norm.NFC.String(sent))
	if !mrnShape.MatchString(mrn) {
		e.fault("mrn", "Must have at most 64 letters, digits, blanks and . / _ # : -, and begin with a letter or digit.")
		return
	}
	if mrn != e.row.Mrn {
		e.row.Mrn, e.row.MrnSeries, e.row.MrnNumber = mrn, nil, nil
	}
}

func (e *edit) attributes(sent Attributes) {
	e.birth(sent)
	e.contact(sent)
	if sent.BloodGroup.Present {
		e.row.BloodGroup = e.text("blood_group", sent.BloodGroup, 3)
		if group := e.row.BloodGroup; group != nil && !slices.Contains(bloodGroups, *group) {
			e.fault("blood_group", "Must be one of "+strings.Join(bloodGroups, ", ")+".")
		}
	}
	if sent.Identifiers.Present {
		e.identifiers(sent.Identifiers.Value)
	}
	if sent.SystemSpecificData.Present {
		e.systemData(sent.SystemSpecificData)
	}
}

func (e *edit) birth(sent Attributes) {
	estimated := sent.BirthDateEstimated.Pointer()
	age := sent.AgeYears.Pointer()
	switch born := sent.DateOfBirth.Pointer(); {
	case born != nil && age != nil:
		e.fault("age_years", "Give the date of birth or the age, not both.")
		return
	case born != nil:
		if e.today.Before(*born) {
			e.fault("date_of_birth", "Must not be in the future.")
		}
		if (*born).Before(yearsBefore(e.today, oldest)) {
			e.fault("date_of_birth", "Must not be over 130 years ago.")
		}
		e.row.DateOfBirth, e.row.BirthDateEstimated = born, false
	case age != nil:
		if estimated != nil && !*estimated {
			e.fault("birth_date_estimated", "A date of birth reckoned from an age is estimated.")
		}
		reckoned := yearsBefore(e.today, *age)
		e.row.DateOfBirth, e.row.BirthDateEstimated = &reckoned, true
	case sent.DateOfBirth.Null:
		e.row.DateOfBirth, e.row.BirthDateEstimated = nil, false
	}
	if estimated != nil && age == nil {
		if *estimated && e.row.DateOfBirth == nil {
			e.fault("birth_date_estimated", "There is no date of birth to be estimated.")
			return
		}
		e.row.BirthDateEstimated = *estimated
	}
}

// yearsBefore gives the day so many years earlier; of 29 February the 28th where there is no 29th, so that the age
// reckoned back is the same.
func yearsBefore(day clock.Date, years int) clock.Date {
	before := clock.DateOf(clock.Date{Year: day.Year - years, Month: day.Month, Day: day.Day}.In(time.UTC))
	if before.Month != day.Month {
		return before.AddDays(-1)
	}
	return before
}

func (e *edit) contact(sent Attributes) {
	if sent.Phone.Present {
		e.row.Phone, e.row.PhoneDigits = e.text("phone", sent.Phone, 40), nil
		if e.row.Phone != nil {
			digits := phoneDigits(*e.row.Phone)
			if len(digits) < 4 || len(digits) > 20 {
				e.fault("phone", "Must have 4 to 20 digits.")
			}
			e.row.PhoneDigits = &digits
		}
	}
	if sent.Email.Present {
		e.row.Email = e.text("email", sent.Email, 254)
		if email := e.row.Email; email != nil && !emailShape.MatchString(*email) {
			e.fault("email", "Must be an address such as name@example.org.")
		}
	}
	if sent.Address.Present {
		e.row.Address = nil
		if address := strings.TrimSpace(norm.NFC.String(sent.Address.Value)); address != "" {
			lines := strings.ReplaceAll(address, "\r\n", "\n")
			if strings.ContainsFunc(lines, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
				e.fault("address", "Must not contain control characters.")
			}
			if utf8.RuneCountInString(lines) > 1000 {
				e.fault("address", "Must have at most 1000 characters.")
			}
			e.row.Address = &lines
		}
	}
}

// text reads one line; empty means none.
func (e *edit) text(field string, sent httpx.Optional[string], longest int) *string {
	text := oneLine(sent.Value)
	switch {
	case sent.Null || text == "":
		return nil
	case strings.ContainsFunc(text, unicode.IsControl):
		e.fault(field, "Must not contain control characters.")
	case utf8.RuneCountInString(text) > longest:
		e.fault(field, fmt.Sprintf("Must have at most %d characters.", longest))
	}
	return &text
}

func oneLine(text string) string { return strings.Join(strings.Fields(norm.NFC.String(text)), " ") }

func (e *edit) identifiers(sent []Identifier) {
	stored := make([]Identifier, len(sent))
	seen := map[Identifier]bool{}
	if len(sent) > 20 {
		e.fault("identifiers", "There must be at most 20.")
	}
	for i, identifier := range sent {
		at := fmt.Sprintf("identifiers[%d]", i)
		one := Identifier{oneLine(identifier.System), oneLine(identifier.Value)}
		for part, text := range map[string]string{".system": one.System, ".value": one.Value} {
			if text == "" || utf8.RuneCountInString(text) > 100 || strings.ContainsFunc(text, unicode.IsControl) {
				e.fault(at+part, "Must have 1 to 100 characters, no control characters.")
			}
		}
		key := keyOf(one)
		if seen[key] {
			e.fault(at, "Is there twice.")
		}
		seen[key] = true
		stored[i] = one
	}
	e.numbers = numbersOf(stored)
	// Strings always marshal.
	e.row.Identifiers, _ = json.Marshal(stored)
}

// keyOf spells an identifier the one way: how a number is grouped does not make it another.
func keyOf(i Identifier) Identifier {
	value := compact(i.Value)
	if value == "" {
		value = strings.ToUpper(i.Value)
	}
	return Identifier{strings.ToLower(i.System), value}
}

func numbersOf(identifiers []Identifier) numbers {
	n := numbers{[]string{}, []string{}}
	for _, i := range identifiers {
		key := keyOf(i)
		n.systems, n.values = append(n.systems, key.System), append(n.values, key.Value)
	}
	return n
}

// systemData merges by pack: a pack's client need not know the others'. What is inside is checked by the pack's form,
// where it has one. What the form requires may be missing: whoever is registered in a hurry is registered, and rules can
// ask for the rest when it matters.
func (e *edit) systemData(sent httpx.Optional[map[string]any]) {
	data := map[string]any{}
	if !sent.Null {
		maps.Copy(data, decoded(SystemData(e.row.SystemSpecificData)))
	}
	for _, pack := range slices.Sorted(maps.Keys(sent.Value)) {
		content := sent.Value[pack]
		fields, object := content.(map[string]any)
		switch _, had := data[pack]; {
		case content == nil:
			delete(data, pack)
			continue
		case !slices.Contains(e.settings.Packs, pack) && !had:
			e.fault("system_specific_data", "Must name packs that are enabled in this facility.")
		case !object:
			e.fault("system_specific_data", "Must hold an object for each pack.")
		default:
			e.checkData(pack, fields)
		}
		data[pack] = content
	}
	text, err := json.Marshal(data)
	if err != nil || len(text) > maxSystemData {
		e.fault("system_specific_data", "Must have at most 64 KiB of JSON.")
		return
	}
	e.row.SystemSpecificData = text
}

// checkData names what the pack's form finds wrong, each fault at its place.
func (e *edit) checkData(pack string, data map[string]any) {
	form, err := e.forms(pack)
	if err != nil {
		e.fault("system_specific_data."+pack, "This pack is not installed here.")
		return
	}
	if form == nil {
		return
	}
	for _, f := range form.Validate(data, false) {
		e.fault("system_specific_data."+pack+strings.TrimPrefix(f.Path, "data"), f.Message)
	}
}

func decoded(data SystemData) map[string]any {
	var packs map[string]any
	// PostgreSQL holds nothing but an object here.
	_ = json.Unmarshal(data, &packs)
	return packs
}
