package app_test

import (
	"net/url"
	"strings"
	"testing"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/config"
	"hmsoftware.com/hm/kit/testkit"
)

// TestServingWithALoginThatMayNotMigrate follows docs/operators.md: hm migrate as the owner, then a login that is
// only a member of hm_app. Each step left out is named.
func TestServingWithALoginThatMayNotMigrate(t *testing.T) {
	t.Parallel()
	d := testkit.NewDatabase(t)
	const key, otherKey = config.SecretKey("0123456789abcdef0123456789abcdef"), config.SecretKey("another key of thirty-two letters")
	login, err := url.Parse(d.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	login.User = url.User("serves_" + strings.TrimPrefix(login.Path, "/"))
	d.AsSuperuser(t, "CREATE ROLE "+login.User.Username()+" LOGIN")
	open := func(address string, key config.SecretKey) error {
		installation, err := app.Open(t.Context(), app.OpenOptions{
			Database: config.Database{DataDir: config.DataDir(t.TempDir()), DatabaseURL: config.DatabaseURL(address)}, SecretKey: key,
		})
		if err != nil {
			return err
		}
		installation.Close(t.Context())
		return nil
	}
	refused := func(key config.SecretKey, says string) {
		t.Helper()
		if err := open(login.String(), key); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("it should say %q: %v", says, err)
		}
	}
	refused("", "HM_SECRET_KEY")
	refused(key, "GRANT hm_app")
	d.AsSuperuser(t, "GRANT hm_app TO "+login.User.Username())
	refused(key, "run hm migrate") // nobody has settled the secret yet
	if err := open(d.OwnerURL, key); err != nil {
		t.Fatal(err)
	}
	refused(key, "GRANT CONNECT ON DATABASE") // since it was migrated nobody may but whom it was granted
	d.AsSuperuser(t, "GRANT CONNECT ON DATABASE "+strings.TrimPrefix(login.Path, "/")+" TO "+login.User.Username())
	refused(otherKey, "another secret key")
	if err := open(login.String(), key); err != nil {
		t.Errorf("all is set up: %v", err)
	}
	if err := open(d.OwnerURL, otherKey); err == nil || !strings.Contains(err.Error(), "another secret key") {
		t.Errorf("the owner came with another key: %v", err)
	}
}
