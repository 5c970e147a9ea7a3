package httpx

import (
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// clientAddress is who really asks: the connection's other end, or, when that is a trusted proxy, the nearest
// address in X-Forwarded-For that is not one. What lies further left anybody could have written. In its shortest form,
// without a port, which says nothing afterwards.
func clientAddress(r *http.Request, trusted []netip.Prefix) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && isTrusted(host, trusted); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		host = next.Unmap().String()
	}
	if address, err := netip.ParseAddr(host); err == nil {
		return address.Unmap().String()
	}
	return host
}

// hostName is a name or an address, with a port or without: nothing that could leave the place of a host in an address.
var hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?$`)

// siteAddress is where the request found this server: its Host, which proxies keep, and the scheme of the connection or,
// from a trusted proxy, of X-Forwarded-Proto. Empty where Host is none.
func siteAddress(r *http.Request, trusted []netip.Prefix) string {
	host := strings.ToLower(r.Host)
	if !hostName.MatchString(host) {
		return ""
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	} else if peer, _, err := net.SplitHostPort(r.RemoteAddr); err == nil && isTrusted(peer, trusted) && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		scheme = "https"
	}
	return scheme + "://" + host
}

func isTrusted(host string, trusted []netip.Prefix) bool {
	address, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(trusted, func(p netip.Prefix) bool { return p.Contains(address.Unmap()) })
}
