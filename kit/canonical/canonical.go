// Package canonical writes values as bytes that can be read in one way only, so that they can be hashed and signed.
// Every field is its length in four bytes, big-endian, and then its content; an absent field is the length ffffffff
// alone. No two different sequences of fields give the same bytes.
package canonical

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/google/uuid"
)

const absent = math.MaxUint32

// Bytes is what has been written so far. The zero value is ready; cut it to [:0] to use its memory again.
type Bytes []byte

// Raw writes content of any kind.
func (b *Bytes) Raw(content []byte) {
	*b = append(binary.BigEndian.AppendUint32(*b, uint32(len(content))), content...) //nolint:gosec // rows are far below 4 GiB
}

// Optional writes content, or that there is none when it is nil.
func (b *Bytes) Optional(content []byte) {
	if content == nil {
		*b = binary.BigEndian.AppendUint32(*b, absent)
		return
	}
	b.Raw(content)
}

// Text writes UTF-8.
func (b *Bytes) Text(text string) {
	*b = append(binary.BigEndian.AppendUint32(*b, uint32(len(text))), text...) //nolint:gosec // rows are far below 4 GiB
}

// UUID writes 16 bytes.
func (b *Bytes) UUID(id uuid.UUID) { b.Raw(id[:]) }

// OptionalUUID writes 16 bytes, or that there is none.
func (b *Bytes) OptionalUUID(id *uuid.UUID) {
	if id == nil {
		*b = binary.BigEndian.AppendUint32(*b, absent)
		return
	}
	b.Raw(id[:])
}

// Uint64 writes 8 bytes, big-endian.
func (b *Bytes) Uint64(n uint64) {
	*b = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(*b, 8), n)
}

// Time writes microseconds since 1970 in UTC, as Uint64 does: what PostgreSQL keeps of a time.
func (b *Bytes) Time(t time.Time) {
	b.Uint64(uint64(t.UnixMicro())) //nolint:gosec // two's complement for times before 1970
}
