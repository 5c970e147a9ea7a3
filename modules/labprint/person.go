package labprint

import (
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/modules/lab/labapi"
	"hmsoftware.com/hm/modules/labprint/internal/labprintdb"
)

// person is the one by whom ranges and flags were chosen. A paper tells that one, not the patient as known today: above
// ranges of another sex or age what is right today would be a lie.
type person struct {
	sex  string
	born *clock.Date
	on   clock.Date // the day by which the age is told
}

func (p person) same(other person) bool {
	return p.sex == other.sex && (p.born == nil) == (other.born == nil) && (p.born == nil || *p.born == *other.born)
}

func (p person) sexIn(w words) string {
	if word := w[p.sex]; word != "" {
		return word
	}
	return w["unknown"]
}

func (p person) inWords(w words) string {
	if p.born == nil {
		return p.sexIn(w) + ", " + w["born"] + ": " + w["not_recorded"]
	}
	return p.sexIn(w) + ", " + w.age(*p.born, p.on)
}

func (s *shelf) collectedOn(r labapi.Result) clock.Date {
	return clock.DateOf(r.CollectedAt.In(s.zone))
}

// judgedAs is the person of a result. The date of birth follows from the age on the day that the sample was taken.
func (s *shelf) judgedAs(r labapi.Result) person {
	p := person{sex: r.JudgedFor.Sex, on: s.collectedOn(r)}
	if days := r.JudgedFor.AgeDays; days != nil {
		born := p.on.AddDays(-*days)
		p.born = &born
	}
	return p
}

// personOf is who stands above a report: the one of the result that was entered last, who was known best.
func (s *shelf) personOf(r labprintdb.LabprintReport) person {
	last := s.results[r.ResultIds[0]]
	for _, resultID := range r.ResultIds {
		if result := s.results[resultID]; result.EnteredAt.After(last.EnteredAt) {
			last = result
		}
	}
	return s.judgedAs(last)
}
