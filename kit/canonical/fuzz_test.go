package canonical_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"hmsoftware.com/hm/kit/canonical"
)

// The fields can be read back from the bytes, so that two rows never have the same ones. The input is cut into fields:
// a length byte, of which 255 is an absent field, and so much content.
func FuzzFields(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 0, 255})
	f.Add([]byte{4, 0xff, 0xff, 0xff, 0xff, 255, 1, 'a'})
	f.Fuzz(func(t *testing.T, cuts []byte) {
		var written canonical.Bytes
		var fields [][]byte
		for rest := cuts; len(rest) > 0; {
			length := int(rest[0])
			rest = rest[1:]
			if length == 255 {
				fields = append(fields, nil)
				written.Optional(nil)
				continue
			}
			length = min(length, len(rest))
			field := append([]byte{}, rest[:length]...)
			rest = rest[length:]
			if len(fields)%2 == 0 {
				written.Raw(field)
			} else {
				written.Text(string(field))
			}
			fields = append(fields, field)
		}
		at := 0
		for rest := []byte(written); len(rest) > 0; at++ {
			length := binary.BigEndian.Uint32(rest)
			rest = rest[4:]
			if length == math.MaxUint32 {
				if fields[at] != nil {
					t.Fatalf("field %d is read as absent", at)
				}
				continue
			}
			if fields[at] == nil || !bytes.Equal(fields[at], rest[:length]) {
				t.Fatalf("field %d is read as %x", at, rest[:length])
			}
			rest = rest[length:]
		}
		if at != len(fields) {
			t.Fatalf("%d fields of %d are read back", at, len(fields))
		}
	})
}
