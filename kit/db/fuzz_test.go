package db

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// passwordPlace is where what is written is a password and nothing else.
var passwordPlace = regexp.MustCompile(`^postgres(ql)?://hm:%s@|(^| )password=('%s'|%s)( |$)`)

// Whatever is wrong with a database URL, or with the connection it leads to, no message holds its password.
func FuzzDatabaseURL(f *testing.F) {
	for _, c := range [][2]string{
		{"postgres://hm:%s@127.0.0.1:1/hm", "correcthorse"}, {"postgresql://hm:%s@h,i:1,2/hm?sslmode=maybe", "p@ss:w/rd?#"}, {"host=h user=hm password=%s port=x", "twowords"},
		{"host=h user=hm password='%s' sslmode=maybe", "two words"}, {"postgres://hm:%s@h:port/hm", "secretive"}, {"postgres://hm:%s@[::1/hm", "secretive"}, {"postgres://hm:%s@h/hm?sslrootcert=/no/such/file", "secretive"},
		{"postgres://hm:%s@h/hm?connect_timeout=x", "a:b@c:d@e"}, {"postgresql://hm:%s@000000000000000000000000", "@0000001"},
	} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, form, secret string) {
		if strings.Count(form, "%") != 1 || !passwordPlace.MatchString(form) || len(secret) < 8 || strings.Contains(form, secret) {
			t.Skip()
		}
		written := url.PathEscape(secret)
		if !strings.Contains(form, "://") {
			written = regexp.MustCompile(`['\\\s]`).ReplaceAllString(secret, "_")
		}
		address := strings.Replace(form, "%s", written, 1)
		shown := withoutPassword(errors.New("cannot connect to " + address)).Error()
		if config, err := pgx.ParseConfig(address); err != nil {
			shown += withoutPassword(err).Error()
		} else {
			for _, cause := range []error{errors.New("dial " + address), &pgconn.PgError{Code: "28P01", Message: "password authentication failed"}, &pgconn.PgError{Code: "42501"}} {
				shown += explainConnect(&config.Config, cause).Error()
			}
		}
		if strings.Contains(shown, written) && !strings.Contains(form, written) {
			t.Fatalf("%q is told as %q", address, shown)
		}
	})
}
