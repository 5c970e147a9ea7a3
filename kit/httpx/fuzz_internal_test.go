package httpx

import (
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// Behind no trusted proxy the address is the connection's; behind one, always an address that was named.
func FuzzClientAddress(f *testing.F) {
	for _, c := range [][2]string{
		{"10.0.0.1:80", "192.0.2.1"}, {"10.0.0.1:80", "192.0.2.1, 10.0.0.2"}, {"192.0.2.9:1", "198.51.100.1"}, {"[::1]:80", "::ffff:192.0.2.1,fe80::1%eth0"},
		{"10.0.0.1", ",,x,"}, {"", "1"}, {"@", ""}, {"10.0.0.1:80", "010.1.1.1"}, {"10.0.0.1:80", "[2001:db8::1]:4"},
	} {
		f.Add(c[0], c[1])
	}
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	f.Fuzz(func(t *testing.T, remote, forwarded string) {
		request := httptest.NewRequest("GET", "/", nil)
		request.RemoteAddr = remote
		request.Header.Set("X-Forwarded-For", forwarded)
		direct := clientAddress(request, nil)
		got := clientAddress(request, trusted)
		if !isTrusted(direct, trusted) && got != direct {
			t.Fatalf("%q, which is no proxy, made itself %q by %q", remote, got, forwarded)
		}
		if got == direct {
			return
		}
		named := slices.ContainsFunc(strings.Split(forwarded, ","), func(hop string) bool {
			address, err := netip.ParseAddr(strings.TrimSpace(hop))
			return err == nil && address.Unmap().String() == got
		})
		if !named {
			t.Fatalf("%q is nowhere in %q", got, forwarded)
		}
	})
}

// An id in a header has one spelling.
func FuzzID(f *testing.F) {
	for _, seed := range []string{
		"01890000-0000-7000-8000-000000000001", "{01890000-0000-7000-8000-000000000001}", "urn:uuid:01890000-0000-7000-8000-000000000001",
		"01890000000070008000000000000001", "01890000-0000-7000-8000-00000000000G", "", "00000000-0000-0000-0000-000000000000", "ABCDEFAB-CDEF-7000-8000-000000000001",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if value, ok := parseID(text); ok && value.String() != strings.ToLower(text) {
			t.Fatalf("%q was read as %s", text, value)
		}
	})
}

// What a key may hold is what every client and every log can write.
func FuzzIdempotencyKey(f *testing.F) {
	for _, seed := range []string{"k", "a b", "\x7f", "é", "\x00", strings.Repeat("k", 201)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, key string) {
		for _, b := range []byte(key) {
			if printable(key) && (b < 0x20 || b > 0x7e) {
				t.Fatalf("%q is called printable", key)
			}
		}
	})
}

// The place of a fault is told whatever the text and wherever it is.
func FuzzPlace(f *testing.F) {
	f.Add([]byte("a\nb\xff\n\né"), 4)
	f.Add([]byte(""), -1)
	f.Fuzz(func(t *testing.T, data []byte, at int) {
		if place := placeOf(data, at); !strings.HasPrefix(place, "line ") {
			t.Fatal(place)
		}
		if bad := invalidUTF8(data); bad >= len(data) {
			t.Fatalf("%d of %d bytes", bad, len(data))
		}
		containsEscape(data)
	})
}
