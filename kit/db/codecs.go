package db

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"hmsoftware.com/hm/kit/clock"
)

// The types that rows are made of move straight between their bytes and Go. pgx's own way goes by reflection, by text
// or by a driver.Valuer's error, and was a third of what a list cost the server.

// registerCodecs teaches a connection how HM's rows are read and written.
func registerCodecs(types *pgtype.Map) {
	element := &pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: uuidCodec{}}
	types.RegisterType(element)
	types.RegisterType(&pgtype.Type{Name: "_uuid", OID: pgtype.UUIDArrayOID, Codec: &pgtype.ArrayCodec{ElementType: element}})
	types.RegisterType(&pgtype.Type{Name: "text", OID: pgtype.TextOID, Codec: textCodec{}})
	types.RegisterType(&pgtype.Type{Name: "date", OID: pgtype.DateOID, Codec: dateCodec{}})
	types.RegisterType(&pgtype.Type{Name: "jsonb", OID: pgtype.JSONBOID, Codec: jsonbCodec{&pgtype.JSONBCodec{Marshal: json.Marshal, Unmarshal: json.Unmarshal}}})
	// Every time the API tells is in UTC, wherever the machine stands.
	types.RegisterType(&pgtype.Type{Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: timeCodec{&pgtype.TimestamptzCodec{ScanLocation: time.UTC}}})
}

var (
	errNull   = errors.New("db: NULL where the program has no place for it")
	errLength = errors.New("db: a value of another length than its type has")
)

// scan is a ScanPlan of one type: read is given the bytes of a value.
type scan[T any] struct{ read func([]byte) (T, error) }

// Scan implements pgtype.ScanPlan.
func (s scan[T]) Scan(source []byte, target any) (err error) {
	if source == nil {
		return errNull
	}
	*target.(*T), err = s.read(source) //nolint:forcetypeassert // PlanScan looked
	return err
}

// scanPointer is a ScanPlan of a column that may be NULL.
type scanPointer[T any] struct{ read func([]byte) (T, error) }

// Scan implements pgtype.ScanPlan.
func (s scanPointer[T]) Scan(source []byte, target any) error {
	into := target.(**T) //nolint:forcetypeassert // PlanScan looked
	if source == nil {
		*into = nil
		return nil
	}
	value, err := s.read(source)
	*into = &value
	return err
}

// planScan gives the plan for a T or a pointer to one; nil for anything else.
func planScan[T any](target any, read func([]byte) (T, error)) pgtype.ScanPlan {
	switch target.(type) {
	case *T:
		return scan[T]{read}
	case **T:
		return scanPointer[T]{read}
	}
	return nil
}

// uuidCodec moves uuid.UUID as its 16 bytes.
type uuidCodec struct{ pgtype.UUIDCodec }

// PlanEncode implements pgtype.Codec.
func (c uuidCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if format == pgtype.BinaryFormatCode {
		switch value.(type) {
		case uuid.UUID:
			return encodeUUID{}
		case *uuid.UUID:
			return encodeUUIDPointer{}
		}
	}
	return c.UUIDCodec.PlanEncode(m, oid, format, value)
}

// PlanScan implements pgtype.Codec.
func (c uuidCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if format == pgtype.BinaryFormatCode {
		if plan := planScan(target, readUUID); plan != nil {
			return plan
		}
	}
	return c.UUIDCodec.PlanScan(m, oid, format, target)
}

type encodeUUID struct{}

func (encodeUUID) Encode(value any, buffer []byte) ([]byte, error) {
	id := value.(uuid.UUID) //nolint:forcetypeassert // PlanEncode looked
	return append(buffer, id[:]...), nil
}

type encodeUUIDPointer struct{}

func (encodeUUIDPointer) Encode(value any, buffer []byte) ([]byte, error) {
	id := value.(*uuid.UUID) //nolint:forcetypeassert // PlanEncode looked
	if id == nil {
		return nil, nil
	}
	return append(buffer, id[:]...), nil
}

func readUUID(source []byte) (id uuid.UUID, err error) {
	if len(source) != len(id) {
		return id, errLength
	}
	copy(id[:], source)
	return id, nil
}

// textCodec reads text that may be NULL without reflection.
type textCodec struct{ pgtype.TextCodec }

// PlanScan implements pgtype.Codec.
func (c textCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(**string); ok {
		return scanPointer[string]{func(source []byte) (string, error) { return string(source), nil }}
	}
	return c.TextCodec.PlanScan(m, oid, format, target)
}

// dateCodec moves clock.Date as PostgreSQL's count of days.
type dateCodec struct{ pgtype.DateCodec }

// PlanEncode implements pgtype.Codec.
func (c dateCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if format == pgtype.BinaryFormatCode {
		switch value.(type) {
		case clock.Date:
			return encodeDate{}
		case *clock.Date:
			return encodeDatePointer{}
		}
	}
	return c.DateCodec.PlanEncode(m, oid, format, value)
}

type encodeDate struct{}

func (encodeDate) Encode(value any, buffer []byte) ([]byte, error) {
	return appendDate(buffer, value.(clock.Date)), nil //nolint:forcetypeassert // PlanEncode looked
}

type encodeDatePointer struct{}

func (encodeDatePointer) Encode(value any, buffer []byte) ([]byte, error) {
	date := value.(*clock.Date) //nolint:forcetypeassert // PlanEncode looked
	if date == nil {
		return nil, nil
	}
	return appendDate(buffer, *date), nil
}

func appendDate(buffer []byte, date clock.Date) []byte {
	days := (date.In(time.UTC).Unix() - firstDay) / 86_400
	return binary.BigEndian.AppendUint32(buffer, uint32(days)) //nolint:gosec // a day of the calendar fits
}

// PlanScan implements pgtype.Codec.
func (c dateCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if format == pgtype.BinaryFormatCode {
		if plan := planScan(target, readDate); plan != nil {
			return plan
		}
	}
	return c.DateCodec.PlanScan(m, oid, format, target)
}

// firstDay is the day PostgreSQL counts from, as seconds since 1970.
const firstDay = 946_684_800

func readDate(source []byte) (clock.Date, error) {
	if len(source) != 4 {
		return clock.Date{}, errLength
	}
	days := int32(binary.BigEndian.Uint32(source)) //nolint:gosec // as it was sent
	if days == math.MaxInt32 || days == math.MinInt32 {
		return clock.Date{}, clock.ErrDate // infinity
	}
	return clock.DateOf(time.Unix(firstDay+int64(days)*86_400, 0).UTC()), nil
}

// timeCodec reads times that may be NULL without reflection.
type timeCodec struct{ *pgtype.TimestamptzCodec }

// PlanScan implements pgtype.Codec.
func (c timeCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if format == pgtype.BinaryFormatCode {
		if plan := planScan(target, readTime); plan != nil {
			return plan
		}
	}
	return c.TimestamptzCodec.PlanScan(m, oid, format, target)
}

var errInfinity = errors.New("db: infinity is no time of the program's")

func readTime(source []byte) (time.Time, error) {
	if len(source) != 8 {
		return time.Time{}, errLength
	}
	microseconds := int64(binary.BigEndian.Uint64(source)) //nolint:gosec // as it was sent
	if microseconds == math.MaxInt64 || microseconds == math.MinInt64 {
		return time.Time{}, errInfinity
	}
	return time.UnixMicro(firstDay*1_000_000 + microseconds).UTC(), nil
}

// jsonbCodec reads raw JSON as it comes: PostgreSQL does not give any other.
type jsonbCodec struct{ *pgtype.JSONBCodec }

// PlanScan implements pgtype.Codec.
func (c jsonbCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*json.RawMessage); ok && format == pgtype.TextFormatCode {
		return scanRaw{}
	}
	return c.JSONBCodec.PlanScan(m, oid, format, target)
}

type scanRaw struct{}

func (scanRaw) Scan(source []byte, target any) error {
	into := target.(*json.RawMessage)               //nolint:forcetypeassert // PlanScan looked
	*into = append(json.RawMessage(nil), source...) // nil for NULL
	return nil
}
