// Package config is what `hm serve` and the other commands can be told, by
// flag or by environment, and the sentences that refuse nonsense.
//
// The structs carry kong's tags: embed them in a command and kong fills them,
// flag before environment before default, and calls the UnmarshalText methods
// below, so that a value of these types is always a checked one, but for the
// database URL, which has Check. Only the secret key has no flag: command lines can be read by every user of a machine.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Database says where the data is. With a URL the data folder's private
// PostgreSQL is neither started nor looked for; files are kept in the data
// folder all the same.
type Database struct {
	DataDir     DataDir     `default:"./data" env:"HM_DATA_DIR" placeholder:"FOLDER" help:"Folder for all of HM's data, with its private PostgreSQL (${default})."`
	DatabaseURL DatabaseURL `env:"HM_DATABASE_URL" placeholder:"URL" help:"Use this PostgreSQL instead of the private one, such as postgres://user@host/hm."`
	PostgresBin string      `env:"HM_POSTGRES_BIN" placeholder:"FOLDER" help:"Folder of the programs for the private PostgreSQL; found by itself when not given."`
}

// Logging says how much is logged.
type Logging struct {
	LogLevel LogLevel `default:"info" env:"HM_LOG_LEVEL" placeholder:"LEVEL" help:"What to log: debug, info, warn or error (${default})."`
}

// Serve is all that `hm serve` can be told, but the secret key.
type Serve struct {
	Database `embed:""`
	Logging  `embed:""`
	Messages `embed:""`
	Addr     Address `default:"127.0.0.1:8080" env:"HM_ADDR" placeholder:"HOST:PORT" help:"Address to serve on (${default})."`
	Proxies  []Proxy `name:"trusted-proxy" env:"HM_TRUSTED_PROXIES" placeholder:"ADDRESS" help:"Address or network of a reverse proxy whose X-Forwarded-For is believed; may repeat."`
	// Tools are a third party's scripts: they run with the rights of whoever is signed in.
	ToolOrigins []ToolOrigin `env:"HM_TOOL_ORIGINS" placeholder:"ORIGIN" help:"Origin such as https://tools.example.org from which the web app may load signature tools of third parties; may repeat."`
	Role        Role         `default:"all" placeholder:"ROLE" help:"What this process does: api answers requests, worker does the jobs, all does both (${default})."`
}

// Proxy is a network of reverse proxies; one address is a network of one.
type Proxy netip.Prefix

// UnmarshalText implements encoding.TextUnmarshaler.
func (p *Proxy) UnmarshalText(text []byte) error {
	if address, err := netip.ParseAddr(string(text)); err == nil {
		*p = Proxy(netip.PrefixFrom(address, address.BitLen()))
		return nil
	}
	network, err := netip.ParsePrefix(string(text))
	if err != nil {
		return fmt.Errorf("the trusted proxy %q is neither an address nor a network such as 10.0.0.0/8", text)
	}
	*p = Proxy(network)
	return nil
}

// ToolOrigin is where scripts of tools may come from: a scheme, a host and perhaps a port.
type ToolOrigin string

// originHost is a name or an IPv4 address: nothing in it can end a directive of a content security policy.
var originHost = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`)

// UnmarshalText implements encoding.TextUnmarshaler.
func (o *ToolOrigin) UnmarshalText(text []byte) error {
	refused := fmt.Errorf("the tool origin %q is not one such as https://tools.example.org, without a path", text)
	address, err := url.Parse(strings.TrimSuffix(string(text), "/"))
	if err != nil || address.User != nil || address.Host == "" || address.Scheme+"://"+address.Host != address.String() {
		return refused
	}
	host, port := strings.ToLower(address.Hostname()), address.Port()
	if !originHost.MatchString(host) || address.Host != address.Hostname() && port == "" {
		return refused
	}
	if number, err := strconv.Atoi(port); port != "" && (err != nil || number < 1 || number > 65535) {
		return refused
	}
	// Plain HTTP can be changed under way; of this machine alone it is believed, for work on tools.
	if address.Scheme != "https" && (address.Scheme != "http" || host != "localhost" && host != "127.0.0.1") {
		return fmt.Errorf("the tool origin %q needs https", text)
	}
	*o = ToolOrigin(address.Scheme + "://" + strings.ToLower(address.Host))
	return nil
}

// DataDir is the path of the data folder, never empty.
type DataDir string

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *DataDir) UnmarshalText(text []byte) error {
	if strings.TrimSpace(string(text)) == "" {
		return errors.New("the data folder needs a name")
	}
	*d = DataDir(text)
	return nil
}

// Address is a host and a port to listen on.
type Address string

// UnmarshalText implements encoding.TextUnmarshaler.
func (a *Address) UnmarshalText(text []byte) error {
	_, port, err := net.SplitHostPort(string(text))
	if err != nil {
		return fmt.Errorf("the address %q is not HOST:PORT, such as 127.0.0.1:8080", text)
	}
	if number, err := strconv.Atoi(port); err != nil || number < 0 || number > 65535 {
		return fmt.Errorf("the port of the address %q is not a number from 0 to 65535", text)
	}
	*a = Address(text)
	return nil
}

// DatabaseURL is a PostgreSQL connection string. It may hold a password, so it
// prints without one. It is the one setting that is not checked while it is
// read: kong would quote what it found in the environment, password and all.
type DatabaseURL string

// Check refuses what is not a URL of a PostgreSQL, without quoting it.
func (u DatabaseURL) Check() error {
	read, err := pgconn.ParseConfig(string(u))
	if err == nil && strings.Contains(read.Host, "@") {
		return errors.New("the database URL's password has an @: write it as %40")
	}
	isURL := strings.HasPrefix(string(u), "postgres://") || strings.HasPrefix(string(u), "postgresql://")
	if err != nil || !isURL {
		return errors.New("the database URL cannot be read; it should look like postgres://user:password@host:5432/hm")
	}
	return nil
}

// String names the database without its password.
func (u DatabaseURL) String() string {
	if u == "" {
		return ""
	}
	read, err := pgconn.ParseConfig(string(u))
	if err != nil || strings.Contains(read.Host, "@") {
		return "an unreadable database URL"
	}
	return fmt.Sprintf("database %s of %s at %s", read.Database, read.User, net.JoinHostPort(read.Host, strconv.Itoa(int(read.Port))))
}

// GoString keeps the password out of %#v.
func (u DatabaseURL) GoString() string { return strconv.Quote(u.String()) }

// LogValue keeps the password out of logs.
func (u DatabaseURL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// LogLevel is the least important level that is logged.
type LogLevel slog.Level

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *LogLevel) UnmarshalText(text []byte) error {
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
		if strings.EqualFold(string(text), level.String()) {
			*l = LogLevel(level)
			return nil
		}
	}
	return fmt.Errorf("the log level %q is none of debug, info, warn and error", text)
}

// Level implements slog.Leveler.
func (l LogLevel) Level() slog.Level { return slog.Level(l) }

// SecretKeyVariable is the environment variable of the secret key.
const SecretKeyVariable = "HM_SECRET_KEY" // #nosec G101 -- a name, not a secret

// shortestSecretKey is in bytes: what 32 random characters hold cannot be guessed.
const shortestSecretKey = 32

// SecretKey is a secret that the deployment chose. It never prints.
type SecretKey string

// SecretKeyFromEnvironment returns HM_SECRET_KEY, "" when it is not set, and an
// error when it is too short to be one.
func SecretKeyFromEnvironment() (SecretKey, error) {
	key := os.Getenv(SecretKeyVariable)
	if key != "" && len(key) < shortestSecretKey {
		return "", fmt.Errorf("%s has %d characters, it needs at least %d", SecretKeyVariable, len(key), shortestSecretKey)
	}
	return SecretKey(key), nil
}

// Reveal returns the key itself.
func (k SecretKey) Reveal() []byte { return []byte(k) }

// String hides the key from %s and %v.
func (k SecretKey) String() string { return "[hidden]" }

// GoString hides the key from %#v.
func (k SecretKey) GoString() string { return "[hidden]" }

// LogValue hides the key from logs.
func (k SecretKey) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// MarshalText hides the key from JSON.
func (k SecretKey) MarshalText() ([]byte, error) { return []byte("[hidden]"), nil }
