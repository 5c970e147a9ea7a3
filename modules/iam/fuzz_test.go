package iam

import (
	"net/netip"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/clock"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/modules/iam/internal/iamdb"
)

// What counts as one address is one address or network, whatever the connection is said to come from.
func FuzzNetwork(f *testing.F) {
	for _, seed := range []string{"192.0.2.1:80", "192.0.2.1", "[2001:db8::1]:443", "::ffff:192.0.2.1", "fe80::1%eth0", "", "@", "host:80", "[::1", "1.2.3.4.5", "2001:db8::/32", "[::]:0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, remote string) {
		network := networkOf(remote)
		if network == "" {
			return
		}
		if address, err := netip.ParseAddr(network); err == nil {
			if !address.Is4() || networkOf(network) != network {
				t.Fatalf("%q is %q, and that %q", remote, network, networkOf(network))
			}
			return
		}
		if prefix, err := netip.ParsePrefix(network); err != nil || prefix.Bits() != 64 || prefix.Masked() != prefix {
			t.Fatalf("%q is %q", remote, network)
		}
	})
}

// Cookies are without Secure for this machine only: a name that merely looks like it is another's.
func FuzzLoopback(f *testing.F) {
	for _, seed := range []string{"localhost", "localhost:8080", "hm.localhost:1", "localhost.example", "127.0.0.1.example", "127.0.0.1", "[::1]:80", "::1", "[::1", "0x7f.1", "127.1", "", "LOCALHOST", "localhost.", "a@localhost", "[::ffff:127.0.0.1]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		if !isLoopback(host) {
			return
		}
		name := strings.ToLower(host)
		if !strings.Contains(name, "localhost") && !strings.Contains(name, "127.") && !strings.Contains(name, ":") {
			t.Fatalf("%q is taken for this machine", host)
		}
	})
}

// A username has one spelling in ASCII, an address is one that was sent, and no password is taken that is short, the
// name itself, or one part again and again.
func FuzzCredentials(f *testing.F) {
	for _, c := range [][2]string{
		{"admin.asha", "a long enough passphrase"}, {"asha", "asha"}, {"", ""}, {"as ha", "password123"}, {"ASHA@example.org", "aaaaaaaaaaaa"}, {"é", "éééééééééé"}, {"a\x00", "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6"},
		{"\"a b\"@example.org", "123456789012"}, {"a@b (c)", "abcabcabcabc"}, {"<a@b>", "Correct horse battery"}, {"a@b\r\nBcc: c@d", "qwertyuiop!!!"},
	} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, username, password string) {
		testkit.Within(func() {
			if address, err := checkedEmail(&username, "body.email"); err == nil && (*address != username || strings.ContainsAny(username, "\r\n\x00")) {
				t.Fatalf("%q is taken for an address", username)
			}
			if checkCredentials(username, password, "body") != nil {
				return
			}
			if len(username) == 0 || len(username) > 64 || strings.ContainsFunc(username, func(r rune) bool { return r <= ' ' || r > '~' }) {
				t.Fatalf("%q is taken for a username", username)
			}
			if utf8.RuneCountInString(password) < 10 || strings.EqualFold(username, password) || strings.Count(password, password[:1]) == len(password) {
				t.Fatalf("%q is taken for a password", password)
			}
		})
	})
}

// Only the codes of this half minute and its neighbours are right.
func FuzzOneTimeCode(f *testing.F) {
	m := &Module{clock: clock.NewManual(testkit.Epoch), otpSeal: newSeal(auth.DeriveKey(testkit.Secret, "one-time passwords"))}
	const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	user := iamdb.IamUserAccount{ID: uuid.UUID{1}}
	user.OtpSecret = m.sealOTP(user.ID, secret)
	right := map[string]bool{}
	for _, at := range []int{-otpPeriod, 0, otpPeriod} {
		code, err := totp.GenerateCode(secret, testkit.Epoch.Add(time.Duration(at)*time.Second))
		if err != nil {
			f.Fatal(err)
		}
		right[code] = true
		f.Add(code)
	}
	for _, seed := range []string{"", "000000", "0000000", " 00000", "००००००", "-00001", "1e5\x00\x00\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		if _, ok, err := m.matchOTP(user, code); err != nil || ok != right[code] {
			t.Fatalf("%q: %v %v", code, ok, err)
		}
	})
}

// A sealed secret that was changed, cut or moved to another account is refused.
func FuzzSealedSecret(f *testing.F) {
	m := &Module{otpSeal: newSeal(auth.DeriveKey(testkit.Secret, "one-time passwords"))}
	user := uuid.UUID{1}
	nonce := make([]byte, m.otpSeal.NonceSize())
	genuine := m.otpSeal.Seal(nonce, nonce, []byte("secret"), user[:])
	f.Add(genuine, user[:])
	f.Add(genuine, []byte("0123456789abcdef"))
	f.Add(genuine[:12], user[:])
	f.Add([]byte{}, user[:])
	f.Fuzz(func(t *testing.T, sealed, owner []byte) {
		id, err := uuid.FromBytes(owner)
		if err != nil {
			t.Skip()
		}
		if secret, err := m.openOTP(id, sealed); err == nil && (id != user || string(sealed) != string(genuine) || secret != "secret") {
			t.Fatalf("%x of %s opens as %q", sealed, id, secret)
		}
	})
}
