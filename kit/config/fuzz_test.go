package config_test

import (
	"encoding"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"hmsoftware.com/hm/kit/config"
)

// A setting is taken or refused in one sentence; nothing that was refused is half taken.
func FuzzSettings(f *testing.F) {
	for _, seed := range []string{
		"", " ", "./data", "127.0.0.1:8080", ":8080", "[::1]:0", "host:65536", "host:-1", "a:b:c", "10.0.0.0/8", "10.0.0.1", "::/0", "10.0.0.0/99", "fe80::1%eth0", "fe80::1%eth0/64",
		"info", "DEBUG", "trace", "all", "api", "worker", "Role(7)", "\x00", "\n", "127.0.0.1:http", "127.0.0.1:+80", "127.0.0.1:0x50",
		"https://tools.example.org", "https://tools.example.org:8443/", "http://127.0.0.1:5000", "https://a; script-src *", "https://*", "https://a@b", "data:x",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var proxy config.Proxy
		var folder config.DataDir
		var address config.Address
		var level config.LogLevel
		var role config.Role
		var origin config.ToolOrigin
		for name, setting := range map[string]encoding.TextUnmarshaler{"proxy": &proxy, "folder": &folder, "address": &address, "level": &level, "role": &role, "origin": &origin} {
			if err := setting.UnmarshalText([]byte(text)); err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("the refusal of the %s %q has several lines: %v", name, text, err)
			}
		}
		if p := netip.Prefix(proxy); p != (netip.Prefix{}) && !p.IsValid() {
			t.Errorf("the proxy %q is no network", text)
		}
		if strings.ContainsAny(string(origin), " ;,'\"*?#@\\\n\x00") {
			t.Errorf("%q became the origin %q, which says more to a browser", text, origin)
		}
		if folder != "" && strings.TrimSpace(string(folder)) == "" {
			t.Errorf("the folder %q has no name", text)
		}
		if !strings.Contains("all api worker", role.String()) {
			t.Errorf("%q became the role %s", text, role)
		}
	})
}

// passwordPlace is where what is written is a password and nothing else.
var passwordPlace = regexp.MustCompile(`^postgres(ql)?://hm:%s@|[ ?&]password=('%s'|%s)`)

// However a database URL is written, its password is in no message, no log and no dump of the settings.
func FuzzDatabaseURL(f *testing.F) {
	for _, c := range [][2]string{
		{"postgres://hm:%s@127.0.0.1:5432/hm", "correcthorse"}, {"postgresql://hm:%s@h,i:1,2/hm?sslmode=disable", "p@ss:w/rd?#"}, {"host=h user=hm password=%s", "two words"},
		{"host=h user=hm password='%s'", "it\\'s"}, {"postgres://h/hm?password=%s", "a&b=c"}, {"postgres://hm:%s@h:port/hm", "secretive"}, {"mysql://hm:%s@h/hm", "secretive"},
		{"postgres://hm:%s@[::1/hm", "secretive"}, {"postgresql://hm:%s@000000000000000000000000", "@0000001"}, {"postgres://hm:%s@h/hm", "sec@retive"}, {"%s", "secretive"}, {"postgres://%s", "secretive\n"}, {"postgres://hm:%s@h/hm?sslrootcert=/no/such/file", "secretive"},
	} {
		f.Add(c[0], c[1])
	}
	f.Fuzz(func(t *testing.T, form, password string) {
		if strings.Count(form, "%") != 1 || !passwordPlace.MatchString(form) || len(password) < 8 {
			t.Skip()
		}
		sent := config.DatabaseURL(strings.Replace(form, "%s", url.PathEscape(password), 1))
		shown := sent.String() + fmt.Sprintf("%v %+v %#v", sent, sent, sent) + slog.AnyValue(sent).Resolve().String()
		if err := sent.Check(); err != nil {
			shown += err.Error()
		}
		for _, secret := range []string{password, url.PathEscape(password)} {
			if strings.Contains(shown, secret) && !strings.Contains(form, secret) {
				t.Errorf("%q is shown as %q", sent, shown)
			}
		}
	})
}
