package db

import (
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// uuidCodec moves uuid.UUID to and from PostgreSQL as its 16 bytes. Without it pgx finds that the type is a
// driver.Valuer and goes by way of an error and its text, which cost half of the client's time in a profile.
type uuidCodec struct{ pgtype.UUIDCodec }

// registerUUID teaches a connection uuidCodec.
func registerUUID(types *pgtype.Map) {
	element := &pgtype.Type{Name: "uuid", OID: pgtype.UUIDOID, Codec: uuidCodec{}}
	types.RegisterType(element)
	types.RegisterType(&pgtype.Type{Name: "_uuid", OID: pgtype.UUIDArrayOID, Codec: &pgtype.ArrayCodec{ElementType: element}})
}

// PlanEncode implements pgtype.Codec.
func (c uuidCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.(uuid.UUID); ok && format == pgtype.BinaryFormatCode {
		return encodeUUID{}
	}
	return c.UUIDCodec.PlanEncode(m, oid, format, value)
}

// PlanScan implements pgtype.Codec.
func (c uuidCodec) PlanScan(m *pgtype.Map, oid uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*uuid.UUID); ok && format == pgtype.BinaryFormatCode {
		return scanUUID{}
	}
	return c.UUIDCodec.PlanScan(m, oid, format, target)
}

type encodeUUID struct{}

func (encodeUUID) Encode(value any, buffer []byte) ([]byte, error) {
	id := value.(uuid.UUID) //nolint:forcetypeassert // PlanEncode looked
	return append(buffer, id[:]...), nil
}

type scanUUID struct{}

var errNotUUID = errors.New("db: not a UUID")

func (scanUUID) Scan(source []byte, target any) error {
	if len(source) != len(uuid.UUID{}) {
		return errNotUUID // NULL too
	}
	copy(target.(*uuid.UUID)[:], source) //nolint:forcetypeassert // PlanScan looked
	return nil
}
