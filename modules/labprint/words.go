package labprint

import (
	"embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hmsoftware.com/hm/kit/clock"
)

//go:embed words/*.json
var wordFiles embed.FS

// words are what a report says in one language.
type words map[string]string

// languages that reports are printed in.
var languages = map[string]words{"en": read("en"), "hi": read("hi"), "ta": read("ta"), "ur": read("ur")}

func read(language string) words {
	text, err := wordFiles.ReadFile("words/" + language + ".json")
	if err != nil {
		panic(err)
	}
	var w words
	if err := json.Unmarshal(text, &w); err != nil {
		panic(fmt.Sprintf("words/%s.json: %v", language, err))
	}
	return w
}

// First-strong isolation: a name keeps its own direction, and leaves that of the sentence alone.
const isolate, endIsolate = "\u2068", "\u2069"

// fill puts values, by name and value in turn, into the placeholders of a sentence.
func (w words) fill(key string, values ...string) string {
	for i := 0; i+1 < len(values); i += 2 {
		values[i], values[i+1] = "{"+values[i]+"}", isolate+values[i+1]+endIsolate
	}
	return strings.NewReplacer(values...).Replace(w[key])
}

// day is 22-Nov-2026, with the month's name in the language and in the order that the language has.
func (w words) day(d clock.Date) string {
	t := d.In(time.UTC)
	months := strings.Fields(w["months_of_year"])
	return strings.NewReplacer("{day}", fmt.Sprintf("%02d", t.Day()), "{month}", months[t.Month()-1], "{year}", strconv.Itoa(t.Year())).Replace(w["day"])
}

// moment is a day and a time of the facility's zone.
func (w words) moment(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	return w.day(clock.DateOf(t)) + " " + t.Format("15:04")
}

// age on a day: in days up to a month, in months up to two years.
func (w words) age(born, on clock.Date) string {
	days := born.DaysUntil(on)
	years := born.YearsUntil(on)
	switch {
	case days < 0:
		return ""
	case days < 31:
		return w.fill("days", "n", fmt.Sprint(days))
	case years < 2:
		from, to := born.In(time.UTC), on.In(time.UTC)
		months := (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
		if to.Day() < from.Day() {
			months--
		}
		return w.fill("months", "n", fmt.Sprint(max(months, 1)))
	}
	return w.fill("years", "n", fmt.Sprint(years))
}

// specimen is what a kind of specimen is called; a pack's own kind has no other name than its code.
func (w words) specimen(kind string) string {
	if name := w["specimen_"+strings.ReplaceAll(kind, " ", "_")]; name != "" {
		return name
	}
	return strings.ReplaceAll(kind, "_", " ")
}
