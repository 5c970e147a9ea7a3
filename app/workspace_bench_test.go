package app_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"hmsoftware.com/hm/app/apptest"
)

// inFivePacks is a house whose doctor works with every built-in pack, and one more that the tenant installed.
func inFivePacks(t testing.TB) (house *apptest.House, doctor *apptest.Client) {
	house = apptest.New(t, 1)
	tenant := house.Tenant(t, "asha", "MAIN")
	tenant.Admin.Install(t, apptest.Clinic("siddha", "1.0.0", "Siddha")).Want(t, 201)
	tenant.Admin.Put(t, "/api/facilities/"+tenant.Facilities[0].String()+"/packs",
		object{"packs": []string{"allopathy", "ayurveda", "homeopathy", "eye", "cardiac", "siddha", "base"}}).Want(t, 200)
	return house, tenant.User(t, "doctor", tenant.Facilities[0], "doctor")
}

// ask sends a request past the network.
func ask(house *apptest.House, c *apptest.Client, path string, headers ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, path, nil)
	request.Header.Set("Authorization", "Bearer "+c.Access)
	request.Header.Set("X-Tenant-ID", c.TenantID.String())
	request.Header.Set("X-Facility-ID", c.FacilityID.String())
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	house.Apps[0].Handler().ServeHTTP(recorder, request)
	return recorder
}

// BenchmarkWorkspace serves a doctor of all packs, whole and as unchanged; about once a second what the tenant has
// installed is looked up again.
func BenchmarkWorkspace(b *testing.B) {
	house, doctor := inFivePacks(b)
	whole := ask(house, doctor, "/api/workspace")
	if whole.Code != http.StatusOK {
		b.Fatal(whole.Body)
	}
	b.Run("whole", func(b *testing.B) {
		b.SetBytes(int64(whole.Body.Len()))
		for b.Loop() {
			if r := ask(house, doctor, "/api/workspace"); r.Code != http.StatusOK {
				b.Fatal(r.Body)
			}
		}
	})
	b.Run("unchanged", func(b *testing.B) {
		for b.Loop() {
			if r := ask(house, doctor, "/api/workspace", "If-None-Match", whole.Header().Get("ETag")); r.Code != http.StatusNotModified {
				b.Fatal(r.Body)
			}
		}
	})
}

// A cached workspace is served in under 5 ms: the best of several, for other tests run beside this one.
func TestACachedWorkspaceIsServedAtOnce(t *testing.T) {
	house, doctor := inFivePacks(t)
	best := time.Hour
	for range 50 {
		began := time.Now()
		r := ask(house, doctor, "/api/workspace")
		if took := time.Since(began); took < best {
			best = took
		}
		if r.Code != http.StatusOK || r.Body.Len() < 20_000 {
			t.Fatalf("%d, %d bytes", r.Code, r.Body.Len())
		}
	}
	if best > 5*time.Millisecond {
		t.Errorf("the best of 50 took %s", best)
	}
}
