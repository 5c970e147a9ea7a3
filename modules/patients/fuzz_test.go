package patients

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/facilities/facilitiesapi"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/patients/internal/patientsdb"
)

var anyFacility = uuid.UUID{7}

// Whatever is typed to find a patient asks PostgreSQL for a bounded number of keys, in the shape patients.search reads.
func FuzzQuestion(f *testing.F) {
	for _, seed := range []string{
		"", " ", "Ravi Kumar", "MAIN-26-000042", "+91 98450 12345", "9845", "42", "लक्ष्मी देवी", "லட்சுமி", "محمد", "Mr", "Dr. Smt", "a", "D'Souza", "\x00", "a\xff", "\u200d\u200c",
		"'; DROP TABLE patients.patient; --", "%_\\", strings.Repeat("a", 5000), strings.Repeat("a ", 500), strings.Repeat("1", 300), "१२३", "ﷺ", "🧑", "1 2 3 4 5 6", "(((", "00000",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		testkit.Within(func() {
			for _, q := range []question{ask(anyFacility, text), askAlike(anyFacility, text, text, nil)} {
				p := q.params()
				if len(q.words) > maxWords || len(p.Codes) != len(p.CodePoints) || len(p.Codes) > 12 || len(p.Grams) > 800 ||
					len(p.Ladders) != len(q.words)*int(rungs) || len(p.SlipEnds) != maxWords || len(p.Slips) > 400 {
					t.Fatalf("%q asks for %d words, %d codes, %d grams, %d ladders, %d slips", text, len(q.words), len(p.Codes), len(p.Grams), len(p.Ladders), len(p.Slips))
				}
				if p.Codes == nil || p.Grams == nil || p.Ladders == nil || p.Slips == nil || p.Births == nil {
					t.Fatal("a list is NULL")
				}
				q.require(byPhone, text)
				if len(q.words) > maxWords {
					t.Fatalf("%d words", len(q.words))
				}
			}
		})
	})
}

// A patient is found by a bounded number of keys, and by the whole name as it was written.
func FuzzSearchEntry(f *testing.F) {
	for _, c := range [][4]string{
		{"Ravi Kumar", "MAIN-26-000042", "+91 98450 12345", "1234-5678"}, {"லட்சுமி", "ங", "", ""}, {"a\xff", "", "0", "\x00"}, {strings.Repeat("a b ", 64), strings.Repeat("9", 64), strings.Repeat("9", 40), "é"},
		{"ß ẞ ŉ ǰ", "ß1", "००९१", "१२"},
	} {
		f.Add(c[0], c[1], c[2], c[3])
	}
	f.Fuzz(func(t *testing.T, name, mrn, phone, outside string) {
		if len(name) > 1200 || len(mrn) > 300 || len(phone) > 200 || len(outside) > 500 {
			t.Skip() // the record's fields are shorter
		}
		testkit.Within(func() {
			e := entryOf(anyFacility, findable{fullName: name, mrn: mrn, phone: &phone, outside: []string{outside}})
			if len(e.keys) > 3000 || !utf8.ValidString(e.sortName) {
				t.Fatalf("%q has %d keys and is sorted as %q", name, len(e.keys), e.sortName)
			}
			for i := 1; i < len(e.keys); i++ {
				if e.keys[i-1] >= e.keys[i] {
					t.Fatal("the keys are not in order")
				}
			}
		})
	})
}

// An MRN that was accepted is accepted again as it is stored, and a pattern always leaves room for the number.
func FuzzMRN(f *testing.F) {
	for _, c := range [][2]string{
		{"{facility}-{yy}-{number:6}", "MAIN"}, {"{number}", ""}, {"{number:9}{number:1}", "{number:2}"}, {"", "é"}, {"{yyyy}{mm}{number:0}", "A"}, {"{number:10}", "ß"}, {"{{number}}", "{yy}"},
	} {
		f.Add(c[0], c[1], "main-26 / 42")
	}
	f.Add("x", "y", "ŉ1")
	f.Add("x", "y", "ǰ ΐ")
	f.Add("x", "y", "e\u0301\u0345")
	f.Fuzz(func(t *testing.T, pattern, code, mrn string) {
		s := seriesOf(facilitiesapi.Settings{Code: code, MRNPattern: pattern, Zone: time.UTC}, testkit.Epoch)
		if s.width < 0 || s.width > 9 {
			t.Fatalf("%q makes numbers of %d digits", pattern, s.width)
		}
		var row patientsdb.PatientsPatient
		first := editing(&row, facilitiesapi.Settings{Zone: time.UTC}, noForms, testkit.Epoch)
		if first.mrn(mrn); first.faults != nil {
			return
		}
		stored := row.Mrn
		again := editing(&row, facilitiesapi.Settings{Zone: time.UTC}, noForms, testkit.Epoch)
		if again.mrn(stored); again.faults != nil || row.Mrn != stored || utf8.RuneCountInString(stored) > 64 {
			t.Fatalf("%q is stored as %q, and that as %q: %v", mrn, stored, row.Mrn, again.faults)
		}
	})
}

// What a record shows, sent back, changes nothing and has no faults; what has faults says where.
func FuzzRecord(f *testing.F) {
	for _, seed := range []string{
		`{"full_name":"Ravi Kumar","gender":"male","date_of_birth":"1990-01-31","phone":"+91 98450 12345","email":"a@b.example","address":"1 Road\r\nTown","blood_group":"AB+","identifiers":[{"system":"ABHA","value":"12-3456"}],"system_specific_data":{"base":{"a":1}}}`,
		`{"age_years":30}`, `{"age_years":30,"date_of_birth":"1990-01-31"}`, `{"date_of_birth":"2026-03-11"}`, `{"date_of_birth":"1896-03-09","birth_date_estimated":true}`, `{"age_years":0,"birth_date_estimated":false}`,
		`{"phone":"123"}`, `{"phone":"\u0007 1234"}`, `{"phone":"०१२३४"}`, `{"email":"a@b"}`, `{"email":"a@@b.c"}`, `{"address":"\u0000"}`, `{"address":" \n "}`, `{"address":"a\rb"}`, `{"blood_group":"a+"}`,
		`{"identifiers":[{"system":"a","value":"1"},{"system":"A","value":"1-"}]}`, `{"identifiers":[{"system":"","value":""}]}`, `{"identifiers":null}`, `{"system_specific_data":{"base":7,"other":{}}}`, `{"system_specific_data":{"base":null}}`,
		`{"full_name":"\u202eRavi"}`, `{"full_name":"\u1e9b\u0323 \ufdfa"}`, `{"phone":null,"email":"","address":null,"blood_group":""}`, `{"identifiers":[{"system":"ŉ","value":"ŉ"}]}`,
	} {
		f.Add([]byte(seed))
	}
	settings := facilitiesapi.Settings{Zone: time.UTC, Packs: []string{"base"}}
	apply := func(row *patientsdb.PatientsPatient, text []byte) (*edit, bool) {
		var in RegisterInput
		if json.Unmarshal(text, &in.Body) != nil {
			return nil, false
		}
		e := editing(row, settings, noForms, testkit.Epoch)
		e.fullName(in.Body.FullName)
		e.attributes(in.Body.Attributes)
		return e, true
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			t.Skip()
		}
		testkit.Within(func() {
			row := patientsdb.PatientsPatient{Identifiers: json.RawMessage(`[]`), SystemSpecificData: json.RawMessage(`{}`)}
			e, read := apply(&row, data)
			if !read {
				return
			}
			if e.faults != nil {
				for _, fault := range e.faults.Fields {
					if !strings.HasPrefix(fault.Location, "body.") || fault.Message == "" {
						t.Fatalf("a fault without its place: %+v", fault)
					}
				}
				return
			}
			shown, err := present(row)
			if err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(map[string]any{
				"full_name": shown.FullName, "date_of_birth": shown.DateOfBirth, "phone": shown.Phone, "email": shown.Email, "address": shown.Address,
				"blood_group": shown.BloodGroup, "identifiers": shown.Identifiers, "system_specific_data": shown.SystemSpecificData,
			})
			if err != nil {
				t.Fatal(err)
			}
			stored := row
			again, read := apply(&stored, text)
			if !read || again.faults != nil {
				t.Fatalf("%s\nis shown as\n%s\nwhich is refused: %v", data, text, again)
			}
			stored.BirthDateEstimated = row.BirthDateEstimated // only the date was sent back
			if !reflect.DeepEqual(row, stored) {
				t.Fatalf("%s\nis shown as\n%s\nwhich changes\n%+v\nto\n%+v", data, text, row, stored)
			}
		})
	})
}

// noForms is of packs that say nothing of what they keep.
func noForms(string) (*packsapi.DataForm, error) { return nil, nil }
