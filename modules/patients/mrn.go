package patients

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

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
	given := p.Mrn != ""
	s := seriesOf(settings, tx.Now())
	row, err := patientsdb.PatientsPatient{}, error(nil)
	store := func(mrn string, number *int64, guessed bool) error {
		if p.Mrn, p.MrnNumber, p.Guessed = mrn, number, guessed; number != nil {
			name := s.name()
			p.MrnSeries = &name
		}
		entry := entryOf(p.FacilityID, findable{p.FullName, p.Mrn, p.Phone, p.DateOfBirth, numbered.values})
		p.KeyVersion, p.SortName, p.Keys = keyVersion, entry.sortName, entry.keys
		p.Systems, p.Values = numbered.systems, numbered.values
		stored, err := patientsdb.New(tx).InsertPatient(ctx, p)
		row = patientsdb.PatientsPatient(stored)
		if db.Violates(err, "identifier_key") {
			return errIdentifierTaken
		}
		return err
	}
	if given {
		if err = store(p.Mrn, nil, false); db.IsNoRows(err) {
			err = errMRNTaken
		}
		return row, err
	}
	of := counted{p.TenantID, p.FacilityID, s.name()}
	if number, known := m.upcoming.take(of); known {
		if err = store(s.mrn(number), &number, true); !db.IsNoRows(err) {
			return row, err
		}
	}
	for range mrnTries {
		next, err := patientsdb.New(tx).NextMRN(ctx, patientsdb.NextMRNParams{Prefix: s.prefix, Suffix: s.suffix, Width: s.width})
		if err != nil {
			return row, err
		}
		if err = store(next.Mrn, &next.Number, false); !db.IsNoRows(err) {
			m.upcoming.given(of, next.Number)
			return row, err
		}
	}
	return row, errNoMRN
}

// counted is what numbers are counted for.
type counted struct {
	tenantID, facilityID uuid.UUID
	series               string
}

// upcoming guesses the next number of each series on one node: the one behind the last it saw given. Asking the
// database (patients.next_mrn) costs a round trip and three look-ups; a guess that somebody else was given first, on
// another node or by hand, costs no more than that. A registration that fails leaves its number out.
type upcoming struct {
	mu   sync.Mutex
	next map[counted]int64
}

// mostCounted bounds how many series are remembered.
const mostCounted = 10_000

func (u *upcoming) take(of counted) (number int64, known bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if number, known = u.next[of]; known {
		u.next[of]++
	}
	return number, known
}

func (u *upcoming) given(of counted, number int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.next == nil || len(u.next) >= mostCounted {
		u.next = map[counted]int64{}
	}
	u.next[of] = max(u.next[of], number+1)
}
