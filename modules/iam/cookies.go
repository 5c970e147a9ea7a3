package iam

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hmsoftware.com/hm/kit/auth"
	"hmsoftware.com/hm/kit/httpx"
)

// refreshPath is the only place a browser sends the refresh token to.
const refreshPath = "/api/auth"

// Connection tells how the caller reached this node. Embed it in the input of routes that set cookies.
type Connection struct {
	// plainLoopback is HTTP without TLS to this very machine: the one place where a cookie need not be Secure.
	plainLoopback bool
}

// Resolve looks at the connection.
func (c *Connection) Resolve(hc huma.Context) []error {
	c.plainLoopback = hc.TLS() == nil && hc.Header("X-Forwarded-Proto") != "https" && isLoopback(hc.Host())
	return nil
}

func isLoopback(hostAndPort string) bool {
	host, _, err := net.SplitHostPort(hostAndPort)
	if err != nil {
		host = strings.Trim(hostAndPort, "[]")
	}
	if strings.EqualFold(host, "localhost") || strings.HasSuffix(strings.ToLower(host), ".localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// accessCookie lasts as long as the token in it.
func (c *Connection) accessCookie(token string) string {
	return c.cookie(httpx.AccessCookie, "/", token, auth.AccessTokenLife)
}

func (c *Connection) cookies(t Tokens) []string {
	return []string{c.accessCookie(t.Access), c.cookie(httpx.RefreshCookie, refreshPath, t.Refresh, refreshLife)}
}

// noCookies makes a browser forget its session.
func (c *Connection) noCookies() []string {
	return []string{c.cookie(httpx.AccessCookie, "/", "", -1), c.cookie(httpx.RefreshCookie, refreshPath, "", -1)}
}

// cookie that no script can read and no other site's page can send along with a write.
func (c *Connection) cookie(name, path, value string, life time.Duration) string {
	cookie := http.Cookie{
		Name: name, Value: value, Path: path, MaxAge: int(life.Seconds()), HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: !c.plainLoopback,
	}
	if life < 0 {
		cookie.MaxAge = -1
	}
	return cookie.String()
}
