package app_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/testkit"
	"hmsoftware.com/hm/migrations"
)

// Two installations in one cluster: the login of one, which is a member of the role both use, must not reach the
// database of the other.
func TestALoginReachesItsOwnInstallationOnly(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	type installation struct{ owner, login string }
	var two [2]installation
	for i := range two {
		d := testkit.NewDatabase(t)
		two[i].owner = d.OwnerURL
		if _, err := db.Migrate(ctx, d.OwnerURL, migrations.Files); err != nil {
			t.Fatal(err)
		}
		var err error
		if two[i].login, err = db.EnsureLogin(ctx, d.OwnerURL, testkit.Secret); err != nil {
			t.Fatal(err)
		}
	}
	for i, here := range two {
		there := two[1-i]
		if err := connects(ctx, here.login); err != nil {
			t.Errorf("the login does not reach its own database: %v", err)
		}
		elsewhere, err := url.Parse(here.login)
		if err != nil {
			t.Fatal(err)
		}
		other, err := url.Parse(there.owner)
		if err != nil {
			t.Fatal(err)
		}
		elsewhere.Path = other.Path
		if err := connects(ctx, elsewhere.String()); err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("the login of %s connects to %s: %v", here.owner, there.owner, err)
		}
		// A start of either, which migrates again, takes nothing from the login.
		if _, err := db.Migrate(ctx, here.owner, migrations.Files); err != nil {
			t.Fatal(err)
		}
		if err := connects(ctx, here.login); err != nil {
			t.Errorf("after another start the login is shut out: %v", err)
		}
	}
}

func connects(ctx context.Context, address string) error {
	conn, err := pgx.Connect(ctx, address)
	if err == nil {
		err = conn.Close(ctx)
	}
	return err
}
