package patients

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/patients/internal/patientsdb"
)

var errMRNTaken = errs.Conflict("patients.mrn_taken", "Another patient of this facility has this MRN.")

// mrnShape is what a hand-given MRN may look like, once normalised.
var mrnShape = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{M}\p{N} ./_#:-]{0,63}$`)

// normaliseMRN gives an MRN as it is stored and compared: upper case, no outer white space, inner white space single.
func normaliseMRN(text string) string {
	return strings.ToUpper(strings.Join(strings.Fields(text), " "))
}

var mrnNumber = regexp.MustCompile(`\{number(?::([1-9]))?\}`)

// series is an MRN pattern at one moment: everything but the number.
type series struct {
	prefix, suffix string
	width          int32
}

// seriesOf renders a facility's pattern, such as {facility}-{yy}-{number:6}, at a time in the facility's zone.
// Numbers begin anew whenever the rest differs, such as each year.
func seriesOf(settings facilitiesapi.Settings, now time.Time) series {
	local := now.In(settings.Zone)
	pattern := strings.NewReplacer("{facility}", settings.Code, "{yyyy}", local.Format("2006"), "{yy}", local.Format("06"), "{mm}", local.Format("01")).
		Replace(settings.MRNPattern)
	at := mrnNumber.FindStringSubmatchIndex(pattern)
	if at == nil {
		at = []int{len(pattern), len(pattern), -1, -1}
	}
	s := series{prefix: strings.ToUpper(pattern[:at[0]]), suffix: strings.ToUpper(pattern[at[1]:])}
	if at[2] >= 0 {
		width, _ := strconv.Atoi(pattern[at[2]:at[3]])
		s.width = int32(width) //nolint:gosec // one digit
	}
	return s
}

// name of the series, under which its numbers are kept.
func (s series) name() string { return s.prefix + "#" + s.suffix }

// mrn is a number of the series, as patients.next_mrn writes it.
func (s series) mrn(number int64) string {
	return fmt.Sprintf("%s%0*d%s", s.prefix, int(s.width), number, s.suffix)
}

// mrnTries bounds how often a number can turn out to be taken by an MRN that someone gave by hand at the same moment.
const mrnTries = 100

var errNoMRN = errors.New("patients: no free MRN found")

// insert stores a patient and its search entry. An empty MRN is made by the facility's pattern.
func (m *Module) insert(ctx context.Context, tx db.Tx, settings facilitiesapi.Settings, p patientsdb.InsertPatientParams, numbered numbers) (patientsdb.PatientsPatient, error) {
	queries := patientsdb.New(tx)
	given := p.Mrn != ""
	s := seriesOf(settings, tx.Now())
	for range mrnTries {
		if !given {
			next, err := queries.NextMRN(ctx, patientsdb.NextMRNParams{Prefix: s.prefix, Suffix: s.suffix, Width: s.width})
			if err != nil {
				return patientsdb.PatientsPatient{}, err
			}
			name := s.name()
			p.Mrn, p.MrnSeries, p.MrnNumber = next.Mrn, &name, &next.Number
		}
		entry := entryOf(p.FacilityID, findable{p.FullName, p.Mrn, p.Phone, p.DateOfBirth, numbered.values})
		p.KeyVersion, p.SortName, p.Keys = keyVersion, entry.sortName, entry.keys
		p.Systems, p.Values = numbered.systems, numbered.values
		row, err := queries.InsertPatient(ctx, p)
		switch {
		case err == nil:
			return patientsdb.PatientsPatient(row), nil
		case db.Violates(err, "identifier_key"):
			return patientsdb.PatientsPatient{}, errIdentifierTaken
		case !db.IsNoRows(err):
			return patientsdb.PatientsPatient{}, err
		case given:
			return patientsdb.PatientsPatient{}, errMRNTaken
		}
	}
	return patientsdb.PatientsPatient{}, errNoMRN
}
