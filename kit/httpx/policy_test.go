package httpx_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/telemetry"
)

var scriptSources = regexp.MustCompile(`(?:^|; )script-src ([^;]*)`)

// Pages may run scripts of HM alone, and of the origins that the operator named; nothing else opens with them.
func TestScriptsComeFromHMAndTheOperatorsOrigins(t *testing.T) {
	for want, origins := range map[string][]string{
		"'self'": nil,
		"'self' https://tools.example.org http://localhost:5000": {"https://tools.example.org", "http://localhost:5000"},
	} {
		api := httpx.New(httpx.Config{Version: "test", ToolOrigins: origins})
		answer := httptest.NewRecorder()
		api.Handler(telemetry.NewMetrics()).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/anywhere", nil))
		policy := answer.Header().Get("Content-Security-Policy")
		if found := scriptSources.FindStringSubmatch(policy); found == nil || found[1] != want {
			t.Errorf("with %q the policy is %q", origins, policy)
		}
		for _, directive := range []string{"default-src 'self';", "connect-src 'self';", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !regexp.MustCompile(regexp.QuoteMeta(directive)).MatchString(policy) {
				t.Errorf("with %q the policy lacks %s: %q", origins, directive, policy)
			}
		}
	}
}
