package archtest

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"hmsoftware.com/hm/kit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// withoutTenant are the tables that belong to no tenant, each with its reason. Everything else is a tenant table.
var withoutTenant = map[string]string{
	"hm.installation":      "one row for the installation, of which the application reads the fingerprint only",
	"public.hm_migration":  "the schema's history",
	"audit.sealer":         "one cursor over all tenants; a position, and ids of tenants whose trees are broken",
	"events.relay":         "one cursor over all tenants; holds a position only",
	"tenants.tenant":       "the list of tenants itself",
	"iam.user_account":     "a person may work for several tenants and signs in before one is known",
	"iam.session":          "belongs to a user account",
	"iam.refresh_token":    "belongs to a session",
	"iam.invalidation":     "tells nodes which accounts to read again; ids only",
	"iam.sign_in_throttle": "counts failures before anybody is known",
	"iam.refused_sign_in":  "failures at names that may be nobody's, on their way to the audit trails",
}

func query[T any](t *testing.T, sql string, args ...any) []T {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, testkit.NewDatabase(t).OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	result, err := pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	if err != nil {
		t.Fatal(err)
	}
	return result
}

const ourSchemas = `n.nspname NOT IN ('pg_catalog', 'information_schema', 'river', 'pg_toast') AND n.nspname NOT LIKE 'pg_%'`

func TestEveryTenantTableIsIsolated(t *testing.T) {
	type table struct {
		Name                 string
		Forced, HasTenant    bool
		PolicyOfApplication  *string
		OwnedBy              string
		ApplicationMayDelete bool
	}
	tables := query[table](t, `
		SELECT n.nspname || '.' || c.relname, c.relrowsecurity AND c.relforcerowsecurity,
			EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull),
			(SELECT string_agg(pg_get_expr(p.polqual, p.polrelid), ' ') FROM pg_policy p WHERE p.polrelid = c.oid AND 'hm_app'::regrole = ANY(p.polroles)),
			c.relowner::regrole::text, has_table_privilege('hm_app', c.oid, 'TRUNCATE')
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p') AND `+ourSchemas)
	if len(tables) < 10 {
		t.Fatalf("found only %d tables", len(tables))
	}
	for _, table := range tables {
		if table.OwnedBy != "hm_owner" {
			t.Errorf("%s is owned by %s: the application and its logins own nothing", table.Name, table.OwnedBy)
		}
		if table.ApplicationMayDelete {
			t.Errorf("%s can be truncated by the application", table.Name)
		}
		if _, listed := withoutTenant[table.Name]; listed {
			if table.HasTenant {
				t.Errorf("%s has a tenant_id and is listed as without tenant", table.Name)
			}
			continue
		}
		switch {
		case !table.HasTenant:
			t.Errorf("%s has no tenant_id", table.Name)
		case !table.Forced:
			t.Errorf("%s: row-level security is not enabled and forced", table.Name)
		case table.PolicyOfApplication == nil || !strings.Contains(*table.PolicyOfApplication, "app.tenant_id"):
			t.Errorf("%s has no policy by tenant for the application", table.Name)
		}
	}
}

func TestTenantIsFirstInEveryKey(t *testing.T) {
	type key struct{ Table, Index, FirstColumn, Definition string }
	keys := query[key](t, `
		SELECT n.nspname || '.' || c.relname, i.indexrelid::regclass::text, coalesce(a.attname, ''), pg_get_indexdef(i.indexrelid)
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
		WHERE (i.indisunique OR i.indisprimary) AND `+ourSchemas)
	for _, key := range keys {
		if _, listed := withoutTenant[key.Table]; !listed && key.FirstColumn != "tenant_id" {
			t.Errorf("%s: unique index %s begins with %q, not tenant_id", key.Table, key.Index, key.FirstColumn)
		}
	}
	type reference struct{ Table, Name, Definition string }
	references := query[reference](t, `
		SELECT n.nspname || '.' || c.relname, k.conname, pg_get_constraintdef(k.oid)
		FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE k.contype = 'f' AND `+ourSchemas)
	for _, r := range references {
		_, listed := withoutTenant[r.Table]
		globally := slices.ContainsFunc([]string{"REFERENCES tenants.tenant(", "REFERENCES iam.user_account(", "REFERENCES iam.session("}, func(s string) bool {
			return strings.Contains(r.Definition, s)
		})
		if !listed && !globally && !strings.HasPrefix(r.Definition, "FOREIGN KEY (tenant_id,") {
			t.Errorf("%s: foreign key %s does not begin with tenant_id: %s", r.Table, r.Name, r.Definition)
		}
	}
}

// definers may look past row-level security, each for one narrow question and with its reason.
var definers = map[string]string{
	"alerts.due":                       "the escalation job looks for what waited too long in every tenant; it is given ids, and reads each alert in its own scope",
	"events.tail":                      "the relay and live refresh follow every tenant's events; each event is acted on in its own scope",
	"httpx.expire_idempotency":         "answers older than a day go for every tenant at once",
	"notifications.claim":              "a worker sends for every tenant in turn; it is given ids, and reads each delivery in its own scope",
	"notifications.try_again":          "a mail server that answers again is owed what waited for it in every tenant; gives a count",
	"patients.search":                  "names are found by array overlap, which no index serves under a policy; tenant and facility are predicates inside",
	"patients.outdated_search_entries": "which tenants have entries of an older way of making keys; ids only",
	"audit.tail":                       "the sealer follows every tenant's records; each is sealed in its own tenant",
	"tenants.names_of":                 "the one answer that lists a user's memberships names tenants the caller does not act in",
	"facilities.names_of":              "likewise for facilities",
	"iam.tenants_of":                   "failures to sign in concern every tenant of one user",
	"iam.open_tenants_of":              "signing in knows no tenant yet: which let one user in",
	"iam.is_open":                      "whether any tenant lets one user in",
	"iam.works_elsewhere":              "whether an account is a tenant's alone, without telling whose else",
	"iam.memberships_of":               "a session spans one user's tenants",
	"iam.load_account":                 "all a request needs to know about one session's user, in one round trip",
	"iam.describe_user":                "GET /api/me over one user's tenants",
}

func TestDefinerFunctionsAreListed(t *testing.T) {
	type function struct {
		Name   string
		Owner  string
		Path   *string
		Public bool
	}
	for _, f := range query[function](t, `
		SELECT n.nspname || '.' || p.proname, p.proowner::regrole::text, (SELECT s FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=%'),
			EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)
		FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef AND `+ourSchemas) {
		if _, listed := definers[f.Name]; !listed {
			t.Errorf("%s is SECURITY DEFINER and not listed here with its reason", f.Name)
		}
		if f.Owner != "hm_owner" || f.Path == nil || f.Public {
			t.Errorf("%s must belong to hm_owner, fix its search_path and not be for PUBLIC", f.Name)
		}
	}
}
