package clock

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"time"
)

// Date is a day without a time or zone, written YYYY-MM-DD. The zero Date is no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ErrDate is a text that is no date of the calendar.
var ErrDate = errors.New("a date is written YYYY-MM-DD")

// DateOf gives the day t falls on in its own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, ErrDate
	}
	return DateOf(t), nil
}

// In gives the first moment of the day in a zone.
func (d Date) In(zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}

// AddDays moves the date by days.
func (d Date) AddDays(days int) Date { return DateOf(d.In(time.UTC).AddDate(0, 0, days)) }

// Before tells whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.In(time.UTC).Before(other.In(time.UTC)) }

// YearsUntil gives the full years between d and on: an age. A birthday on 29 February falls on 1 March in other years.
func (d Date) YearsUntil(on Date) int {
	years := on.Year - d.Year
	if on.Month < d.Month || on.Month == d.Month && on.Day < d.Day {
		years--
	}
	return years
}

// DaysUntil gives the days between d and on.
func (d Date) DaysUntil(on Date) int {
	return int(on.In(time.UTC).Sub(d.In(time.UTC)).Hours() / 24)
}

// String gives YYYY-MM-DD.
func (d Date) String() string { return string(d.append(nil)) }

func (d Date) append(text []byte) []byte { return d.In(time.UTC).AppendFormat(text, time.DateOnly) }

// AppendText writes YYYY-MM-DD after text.
func (d Date) AppendText(text []byte) ([]byte, error) { return d.append(text), nil }

// MarshalText writes YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) {
	return d.append(make([]byte, 0, len(time.DateOnly))), nil
}

// UnmarshalText reads YYYY-MM-DD.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = ParseDate(string(text))
	return err
}

// UnmarshalJSON reads a JSON string.
func (d *Date) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return ErrDate
	}
	return d.UnmarshalText([]byte(text))
}

// Scan reads a date column.
func (d *Date) Scan(value any) error {
	t, ok := value.(time.Time)
	if !ok {
		return ErrDate
	}
	*d = DateOf(t)
	return nil
}

// Value writes a date column.
func (d Date) Value() (driver.Value, error) { return d.In(time.UTC), nil }
