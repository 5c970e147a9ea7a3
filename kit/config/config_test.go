package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// parse reads a command line as hm does.
func parse(t *testing.T, arguments ...string) (Serve, error) {
	t.Helper()
	var serve Serve
	parser, err := kong.New(&serve)
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(arguments)
	return serve, err
}

func TestDefaults(t *testing.T) {
	got, err := parse(t)
	if err != nil {
		t.Fatal(err)
	}
	want := Serve{Database: Database{DataDir: "./data"}, Addr: "127.0.0.1:8080", Role: RoleAll}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("without flags: %+v", got)
	}
}

func TestAFlagWinsOverTheEnvironment(t *testing.T) {
	t.Setenv("HM_ADDR", "127.0.0.1:1111")
	t.Setenv("HM_DATA_DIR", "/srv/environment")
	t.Setenv("HM_DATABASE_URL", "postgres://hm@db/environment")
	t.Setenv("HM_POSTGRES_BIN", "/opt/postgres/bin")
	t.Setenv("HM_LOG_LEVEL", "DEBUG")
	got, err := parse(t, "--addr=:2222", "--database-url", "postgres://hm@db/flag", "--role", "worker")
	if err != nil {
		t.Fatal(err)
	}
	want := Serve{
		Database: Database{DataDir: "/srv/environment", DatabaseURL: "postgres://hm@db/flag", PostgresBin: "/opt/postgres/bin"},
		Logging:  Logging{LogLevel: LogLevel(slog.LevelDebug)},
		Addr:     ":2222",
		Role:     RoleWorker,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("it reads %#v", got)
	}
}

func TestNonsenseIsRefusedWithASentence(t *testing.T) {
	for flag, words := range map[string]string{
		"--addr=8080":            `the address "8080" is not HOST:PORT`,
		"--addr=localhost:http":  `is not a number from 0 to 65535`,
		"--addr=127.0.0.1:70000": `is not a number from 0 to 65535`,
		"--role=both":            `the role "both" is none of all, api and worker`,
		"--log-level=loud":       `the log level "loud" is none of debug, info, warn and error`,
		"--data-dir=":            `the data folder needs a name`,
	} {
		_, err := parse(t, flag)
		if err == nil {
			t.Errorf("%s is accepted", flag)
			continue
		}
		if text := err.Error(); !strings.Contains(text, words) || strings.Contains(text, "hush") || strings.Contains(text, "\n") {
			t.Errorf("%s is refused with %q", flag, text)
		}
	}
}

func TestADatabaseURLThatIsNoneIsRefusedWithoutQuotingIt(t *testing.T) {
	for _, text := range []string{"db:5432 ", "hush", "mysql://hm:hush@db/hm", "postgres://hm:hush hush@db:x/hm", "host=db user=hm password=hush dbname=hm"} {
		t.Setenv("HM_DATABASE_URL", text)
		serve, err := parse(t)
		if err != nil {
			t.Fatalf("%q is refused while it is read: %v", text, err)
		}
		if err = serve.DatabaseURL.Check(); err == nil {
			t.Errorf("%q is accepted", text)
		} else if strings.Contains(err.Error(), "hush") {
			t.Errorf("%q is refused with %q", text, err)
		}
	}
	for _, text := range []string{"postgres://hm@db/hm", "postgresql://hm:word@/hm?host=%2Frun"} {
		if err := DatabaseURL(text).Check(); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestNonsenseInTheEnvironmentIsRefusedToo(t *testing.T) {
	t.Setenv("HM_LOG_LEVEL", "loud")
	if _, err := parse(t); err == nil || !strings.Contains(err.Error(), "HM_LOG_LEVEL") {
		t.Errorf("it says %v", err)
	}
}

func TestSecretsDoNotPrint(t *testing.T) {
	const password = "correct-horse-battery-staple-0001"
	t.Setenv(SecretKeyVariable, password)
	key, err := SecretKeyFromEnvironment()
	if err != nil || string(key.Reveal()) != password {
		t.Fatalf("the key is not read: %v", err)
	}
	serve, err := parse(t, "--database-url=postgres://hm:"+password+"@db/hm")
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	slog.New(slog.NewJSONHandler(&said, nil)).Info("started", "key", key, "url", serve.DatabaseURL)
	fmt.Fprintf(&said, "%v %+v %#v %s", key, key, key, key)
	fmt.Fprintf(&said, "%v %+v %#v", serve, serve, serve)
	encoded, err := json.Marshal(struct{ Key SecretKey }{key})
	if err != nil {
		t.Fatal(err)
	}
	said.Write(encoded)
	if strings.Contains(said.String(), password) {
		t.Errorf("it prints: %s", said.String())
	}
	if !strings.Contains(said.String(), "database hm of hm at db:5432") {
		t.Errorf("the database is not named: %s", said.String())
	}
}

func TestAShortSecretKeyIsRefused(t *testing.T) {
	for key, words := range map[string]string{
		"":                      "",
		strings.Repeat("k", 31): "HM_SECRET_KEY has 31 characters, it needs at least 32",
		strings.Repeat("k", 32): "",
	} {
		t.Setenv(SecretKeyVariable, key)
		_, err := SecretKeyFromEnvironment()
		if words == "" && err != nil || words != "" && (err == nil || err.Error() != words) {
			t.Errorf("a key of %d characters: %v", len(key), err)
		}
	}
}

func TestRoles(t *testing.T) {
	for _, trial := range []struct {
		name           string
		requests, jobs bool
	}{{"all", true, true}, {"api", true, false}, {"worker", false, true}} {
		var role Role
		if err := role.UnmarshalText([]byte(trial.name)); err != nil {
			t.Fatal(err)
		}
		if role.String() != trial.name || role.AnswersRequests() != trial.requests || role.DoesJobs() != trial.jobs {
			t.Errorf("%s is %s, answers requests %v, does jobs %v", trial.name, role, role.AnswersRequests(), role.DoesJobs())
		}
	}
}

func TestToolOrigins(t *testing.T) {
	t.Setenv("HM_TOOL_ORIGINS", "https://Tools.Example.org/,http://127.0.0.1:5000")
	got, err := parse(t)
	if err != nil || !reflect.DeepEqual(got.ToolOrigins, []ToolOrigin{"https://tools.example.org", "http://127.0.0.1:5000"}) {
		t.Errorf("%q, %v", got.ToolOrigins, err)
	}
	got, err = parse(t, "--tool-origins=https://a.example", "--tool-origins=https://b.example:8443")
	if err != nil || !reflect.DeepEqual(got.ToolOrigins, []ToolOrigin{"https://a.example", "https://b.example:8443"}) {
		t.Errorf("%q, %v", got.ToolOrigins, err)
	}
	for _, refused := range []string{
		"tools.example.org", "https://", "https://a/b", "https://a?b", "https://a#b", "https://a@b", "https://*", "https://*.example.org", "https://a;script-src *", "https://a b",
		"https://'unsafe-inline'", "data:text/javascript", "javascript:alert(1)", "http://tools.example.org", "https://a:", "https://a:0", "https://a:65536", "https://a:x", "https://[::1]", "https://-a",
	} {
		var origin ToolOrigin
		if err := origin.UnmarshalText([]byte(refused)); err == nil || origin != "" {
			t.Errorf("%q is taken as %q", refused, origin)
		}
	}
}
