package canonical_test

import (
	"bytes"
	"encoding/hex"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"hmsoftware.com/hm/kit/canonical"
)

// The bytes are a format: trails sealed years ago are checked against them.
func TestFormatNeverChanges(t *testing.T) {
	t.Parallel()
	some := uuid.MustParse("01890000-0000-7000-8000-000000000001")
	var b canonical.Bytes
	b.Text("é")
	b.Raw(nil)
	b.Optional(nil)
	b.UUID(some)
	b.OptionalUUID(nil)
	b.OptionalUUID(&some)
	b.Uint64(258)
	b.Time(time.Date(1969, 12, 31, 23, 59, 59, 999_999_000, time.UTC))
	want := "00000002c3a9" + "00000000" + "ffffffff" + "0000001001890000000070008000000000000001" + "ffffffff" +
		"0000001001890000000070008000000000000001" + "000000080000000000000102" + "00000008ffffffffffffffff"
	if got := hex.EncodeToString(b); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestDifferentFieldsGiveDifferentBytes(t *testing.T) {
	t.Parallel()
	write := func(fields [][]byte) []byte {
		var b canonical.Bytes
		for _, f := range fields {
			b.Optional(f)
		}
		return b
	}
	fields := rapid.SliceOf(rapid.OneOf(rapid.SliceOfN(rapid.Byte(), 0, 6), rapid.Just[[]byte](nil)))
	rapid.Check(t, func(t *rapid.T) {
		one, other := fields.Draw(t, "one"), fields.Draw(t, "other")
		same := len(one) == len(other)
		for i := 0; same && i < len(one); i++ {
			same = (one[i] == nil) == (other[i] == nil) && bytes.Equal(one[i], other[i])
		}
		if bytes.Equal(write(one), write(other)) != same {
			t.Fatalf("%q and %q", one, other)
		}
	})
}
