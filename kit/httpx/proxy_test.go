package httpx

import (
	"crypto/tls"
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

func TestClientAddress(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("::1/128")}
	for name, c := range map[string]struct {
		remote    string
		forwarded []string
		want      string
	}{
		"no proxy":                   {"203.0.113.7:1234", nil, "203.0.113.7"},
		"a stranger who claims":      {"203.0.113.7:1234", []string{"198.51.100.9"}, "203.0.113.7"},
		"a trusted proxy":            {"127.0.0.1:80", []string{"198.51.100.9"}, "198.51.100.9"},
		"a forged entry further off": {"127.0.0.1:80", []string{"1.1.1.1, 198.51.100.9"}, "198.51.100.9"},
		"two trusted proxies":        {"127.0.0.1:80", []string{"198.51.100.9, 10.1.2.3"}, "198.51.100.9"},
		"two headers":                {"127.0.0.1:80", []string{"1.1.1.1", "198.51.100.9"}, "198.51.100.9"},
		"nonsense":                   {"127.0.0.1:80", []string{"<script>"}, "127.0.0.1"},
		"IPv6":                       {"[::1]:80", []string{"2001:db8::5"}, "2001:db8::5"},
		"nobody beyond the proxy":    {"127.0.0.1:80", nil, "127.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &http.Request{RemoteAddr: c.remote, Header: http.Header{"X-Forwarded-For": c.forwarded}}
			if got := clientAddress(r, trusted); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestSiteAddress(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	for name, c := range map[string]struct {
		remote, host, proto string
		secure              bool
		want                string
	}{
		"plain":                 {"203.0.113.7:1234", "HM.example.org", "", false, "http://hm.example.org"},
		"a port":                {"203.0.113.7:1234", "192.168.1.5:8080", "", false, "http://192.168.1.5:8080"},
		"IPv6":                  {"[::1]:80", "[2001:db8::5]:8080", "", false, "http://[2001:db8::5]:8080"},
		"TLS":                   {"203.0.113.7:1234", "hm.example.org", "", true, "https://hm.example.org"},
		"a trusted proxy":       {"127.0.0.1:1234", "hm.example.org", "https", false, "https://hm.example.org"},
		"a stranger who claims": {"203.0.113.7:1234", "hm.example.org", "https", false, "http://hm.example.org"},
		"another scheme":        {"127.0.0.1:1234", "hm.example.org", "javascript", false, "http://hm.example.org"},
		"no host":               {"203.0.113.7:1234", "", "", false, ""},
		"a user":                {"203.0.113.7:1234", "hm.example.org@evil.example", "", false, ""},
		"a path":                {"203.0.113.7:1234", "hm.example.org/x", "", false, ""},
		"a line":                {"203.0.113.7:1234", "hm.example.org\n", "", false, ""},
		"a query":               {"203.0.113.7:1234", "hm.example.org?x=", "", false, ""},
		"a long one":            {"203.0.113.7:1234", strings.Repeat("a", 300), "", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &http.Request{RemoteAddr: c.remote, Host: c.host, Header: http.Header{"X-Forwarded-Proto": {c.proto}}}
			if c.secure {
				r.TLS = &tls.ConnectionState{}
			}
			if got := siteAddress(r, trusted); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
