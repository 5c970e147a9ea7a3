package httpx

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"hmsoftware.com/hm/kit/clock"
)

type word string

type raw json.RawMessage

func (r raw) MarshalJSON() ([]byte, error) { return r, nil }

type inner struct {
	Code word   `json:"code"`
	Note string `json:"note,omitempty"`
}

type tree struct {
	Name     string `json:"name"`
	Children []tree `json:"children"`
	Beside   *tree  `json:"beside,omitempty"`
}

// record has a field of every sort that answers have.
type record struct {
	Version `json:"-"`
	inner
	ID       uuid.UUID       `json:"id"`
	Other    *uuid.UUID      `json:"other"`
	At       time.Time       `json:"at"`
	Ended    *time.Time      `json:"ended,omitempty"`
	Born     *clock.Date     `json:"born"`
	Name     string          `json:"full_name"`
	Phone    *string         `json:"phone"`
	Small    int32           `json:"small"`
	Large    uint64          `json:"large,omitempty"`
	Ratio    float64         `json:"ratio"`
	Open     bool            `json:"open,omitzero"`
	Raw      raw             `json:"raw"`
	Message  json.RawMessage `json:"message"`
	Words    []word          `json:"words"`
	Inner    []inner         `json:"inner,omitempty"`
	Meta     map[string]any  `json:"meta"`
	Any      any             `json:"any"`
	Tree     *tree           `json:"tree"`
	Untagged []*inner
	hidden   int
}

func someTree(t *rapid.T, depth int) tree {
	made := tree{Name: rapid.String().Draw(t, "name")}
	if depth > 0 {
		for range rapid.IntRange(0, 2).Draw(t, "children") {
			made.Children = append(made.Children, someTree(t, depth-1))
		}
		beside := someTree(t, 0)
		made.Beside = &beside
	}
	return made
}

func someRecord(t *rapid.T) record {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "Asha Rao", "अशोक", "a<b>&c", "line\u2028separator", "\xff\xfe", "tab\tand \"quotes\" \\", "\x7f\x00"}))
	moment := rapid.Map(rapid.Int64Range(-62135596800, 253402300799), func(seconds int64) time.Time { return time.Unix(seconds, seconds%1_000_000_000&^1).UTC() })
	object := rapid.SampledFrom([]string{`{}`, `[]`, `null`, `{"a": [1, 2.50, "x y"], "b": {"c": null}}`, `"a < b & c"`, `{"unicode": "अ  "}`})
	bytes := rapid.SliceOfN(rapid.Byte(), 16, 16)
	r := record{
		inner: inner{Code: word(text.Draw(t, "code")), Note: text.Draw(t, "note")}, ID: uuid.UUID(bytes.Draw(t, "id")), At: moment.Draw(t, "at"),
		Name: text.Draw(t, "full name"), Small: rapid.Int32().Draw(t, "small"), Large: rapid.Uint64().Draw(t, "large"), Ratio: rapid.Float64().Draw(t, "ratio"),
		Open: rapid.Bool().Draw(t, "open"), Raw: raw(object.Draw(t, "raw")), Message: json.RawMessage(object.Draw(t, "message")), hidden: 1,
		Words: rapid.Custom(func(t *rapid.T) []word { return []word{word(text.Draw(t, "word"))} }).Draw(t, "words"),
	}
	if rapid.Bool().Draw(t, "full") {
		other, ended, born, phone, node := uuid.UUID(bytes.Draw(t, "other")), moment.Draw(t, "ended"), clock.DateOf(moment.Draw(t, "born")), text.Draw(t, "phone"), someTree(t, 2)
		r.Other, r.Ended, r.Born, r.Phone, r.Tree = &other, &ended, &born, &phone, &node
		r.Inner = []inner{{Code: "x"}, {}}
		r.Meta = map[string]any{text.Draw(t, "key"): rapid.Int().Draw(t, "value"), "ids": []uuid.UUID{r.ID}, "none": nil}
		r.Any, r.Untagged = r.Inner, []*inner{nil, {Code: "<"}}
	}
	return r
}

// Callers must not be able to tell by whom an answer was written.
func TestAnswersAreWrittenAsEncodingJSONWritesThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		page := NewPage([]record{someRecord(t), someRecord(t)}, 1, func(r record) any { return r.ID })
		want, wantErr := json.Marshal(page)
		got, err := encode(&page)
		if (err == nil) != (wantErr == nil) || err == nil && string(got) != string(want) {
			t.Fatalf("got  %s, %v\nwant %s, %v", got, err, want, wantErr)
		}
	})
	known, _ := encoders.Load(reflect.TypeFor[Page[record]]())
	if known.(*encoder).write == nil {
		t.Error("encoding/json did it all")
	}
}

type byAddress struct{ Text string }

func (b *byAddress) MarshalJSON() ([]byte, error) { return []byte(`"by address"`), nil }

type shadowed struct {
	inner
	Code int `json:"code"`
}

// What the encoder does not understand is left to encoding/json rather than guessed.
func TestWhatIsNotUnderstoodIsLeftToEncodingJSON(t *testing.T) {
	t.Parallel()
	same(t, struct{ Of byAddress }{byAddress{Text: "x"}})
	same(t, shadowed{inner: inner{Code: "inner"}, Code: 5})
	same(t, struct {
		Count int `json:"count,string"`
	}{7})
	same(t, struct{ *inner }{&inner{Code: "x"}})
	same(t, [2]int{1, 2})
	same(t, struct{ Bytes []byte }{[]byte("abc")})
	same(t, struct {
		At time.Time `json:"at,omitzero"`
	}{})
	same(t, map[string]int{"b": 1, "a": 2})
}

func same[T any](t *testing.T, value T) {
	t.Helper()
	want, err := json.Marshal(&value)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := encode(&value); err != nil || string(got) != string(want) {
		t.Errorf("%T: got %s, %v, want %s", value, got, err, want)
	}
}

func TestWhatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	endless, late, broken := struct{ Ratio float64 }{math.Inf(1)}, struct{ At time.Time }{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, struct{ Raw raw }{raw(`{"a":`)}
	_, one := encode(&endless)
	_, two := encode(&late)
	_, three := encode(&broken)
	if one == nil || two == nil || three == nil {
		t.Errorf("got %v, %v, %v", one, two, three)
	}
}

func BenchmarkPage(b *testing.B) {
	type row struct {
		ID, Tenant, Facility uuid.UUID
		Name, Code           string
		Phone, Address       *string
		Born                 *clock.Date
		Raw                  raw
		Inner                []inner
		Made, Changed        time.Time
		Open                 bool
	}
	rows, phone := make([]row, 50), "+91 98765 43210"
	for i := range rows {
		rows[i] = row{ID: uuid.New(), Name: "Lakshmi Devi", Code: "MAIN-26-000042", Phone: &phone, Made: time.Now(), Changed: time.Now(),
			Born: &clock.Date{Year: 1980, Month: 2, Day: 3}, Raw: raw(`{}`), Inner: []inner{}}
	}
	page := NewPage(rows, 50, func(r row) any { return r.ID })
	b.Run("here", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := encode(&page); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := json.Marshal(&page); err != nil {
				b.Fatal(err)
			}
		}
	})
}
