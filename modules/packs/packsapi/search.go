package packsapi

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxSearched is how much of a text counts when it is searched, in characters.
const maxSearched = 200

// Datum is one searchable value of a data form, in the one spelling in which values are compared.
type Datum struct {
	Pack  string `json:"pack"`
	Field string `json:"field"`
	Value string `json:"value"`
}

// Searchable lists what of the data can be searched.
func (d *DataForm) Searchable(pack string, data map[string]any) []Datum {
	var all []Datum
	for _, field := range d.Search {
		if value, ok := field.spell(data[field.Name]); ok {
			all = append(all, Datum{pack, field.Name, value})
		}
	}
	return all
}

// spell gives a stored value as it is compared; false for none.
func (f SearchField) spell(value any) (string, bool) {
	switch v := value.(type) {
	case string:
		if f.Kind == SearchText {
			return fold(v)
		}
		return clip(v), v != ""
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), true
	case bool:
		return strconv.FormatBool(v), true
	default:
		return "", false
	}
}

// fold lets case and blanks at the ends count for nothing.
func fold(text string) (string, bool) {
	text = clip(strings.ToLower(strings.TrimSpace(text)))
	return text, text != ""
}

func clip(text string) string {
	if utf8.RuneCountInString(text) > maxSearched {
		text = string([]rune(text)[:maxSearched])
	}
	return text
}

// ReadDatum reads what somebody searches for, written pack.field:value, by the form that the pack gives for such data.
// The fault is a sentence, empty when there is none.
func ReadDatum(asked string, form func(pack string) (*DataForm, error)) (found Datum, fault string) {
	name, value, whole := strings.Cut(asked, ":")
	pack, field, named := strings.Cut(name, ".")
	if !whole || !named {
		return Datum{}, "Is written pack.field:value, such as ayurveda.prakriti:Vata."
	}
	data, err := form(pack)
	if err != nil || data == nil {
		return Datum{}, "Names no pack that keeps such data."
	}
	i := slices.IndexFunc(data.Search, func(f SearchField) bool { return f.Name == field })
	if i < 0 {
		return Datum{}, "Names no field that can be searched."
	}
	value, fault = data.Search[i].read(value)
	return Datum{pack, field, value}, fault
}

// read gives a value that somebody wrote as it is compared.
func (f SearchField) read(text string) (value, fault string) {
	switch f.Kind {
	case SearchNumber, SearchInteger:
		number, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return "", "Must search for a number there."
		}
		value, _ = f.spell(number)
	case SearchBoolean:
		if text != "true" && text != "false" {
			return "", "Must search for true or false there."
		}
		value = text
	case SearchCode:
		if len(f.Codes) > 0 && !slices.Contains(f.Codes, text) {
			return "", "Must search for one of the field's choices."
		}
		value = clip(text)
	default:
		value, _ = fold(text)
	}
	if value == "" {
		return "", "Must search for something."
	}
	return value, ""
}
