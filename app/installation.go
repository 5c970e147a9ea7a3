package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"hmsoftware.com/hm/kit/config"
	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/embedpg"
	"hmsoftware.com/hm/kit/events"
	"hmsoftware.com/hm/migrations"
)

// Installation is one hospital group's database, migrated and open, with the secret that its keys derive from.
type Installation struct {
	Pool   *db.Pool
	Secret []byte
	// OwnerURL is the connection that may migrate; empty when this node was given the application's role only.
	OwnerURL string

	private *embedpg.Server
}

// OpenOptions of Open.
type OpenOptions struct {
	Database  config.Database
	SecretKey config.SecretKey
	// Exclusive takes the data folder for this process, as hm serve does; other commands share it.
	Exclusive bool
	MaxConns  int32
}

// Open starts or finds the database, migrates it when it may, and connects as the application's role. Every error is
// one line for the person who started HM.
func Open(ctx context.Context, o OpenOptions) (_ *Installation, err error) {
	i := &Installation{}
	defer func() {
		if err != nil {
			i.Close(context.WithoutCancel(ctx))
		}
	}()
	url := string(o.Database.DatabaseURL)
	if url != "" {
		if err := o.Database.DatabaseURL.Check(); err != nil {
			return nil, err
		}
	} else {
		start := embedpg.AttachOrStart
		if o.Exclusive {
			start = embedpg.Start
		}
		i.private, err = start(ctx, embedpg.Options{DataDir: string(o.Database.DataDir), BinDir: o.Database.PostgresBin, Log: slog.Default()})
		if err != nil {
			return nil, err
		}
		url = i.private.URL()
	}
	may, err := db.CanMigrate(ctx, url)
	if err != nil {
		return nil, err
	}
	if !may {
		return i, i.openAsApplication(ctx, url, o)
	}
	i.OwnerURL = url
	applied, err := db.Migrate(ctx, url, migrations.Files)
	if err != nil {
		return nil, err
	}
	if applied > 0 {
		slog.InfoContext(ctx, "migrated the database", "migrations", applied)
	}
	if i.Secret, err = i.settleSecret(ctx, o); err != nil {
		return nil, err
	}
	appURL, err := db.EnsureLogin(ctx, url, i.Secret)
	if err != nil {
		return nil, err
	}
	if i.Pool, err = db.Open(ctx, appURL, db.Options{MaxConns: o.MaxConns}); err != nil {
		return nil, err
	}
	return i, events.CheckOrder(ctx, i.Pool)
}

// openAsApplication serves a node that was given a login without the right to migrate, as behind a pooler.
func (i *Installation) openAsApplication(ctx context.Context, url string, o OpenOptions) (err error) {
	if o.SecretKey == "" {
		return errors.New("the database URL's role may not migrate (it is no superuser and cannot create roles); to serve with it, give the HM_SECRET_KEY that hm migrate was given")
	}
	i.Secret = o.SecretKey.Reveal()
	if i.Pool, err = db.Open(ctx, url, db.Options{MaxConns: o.MaxConns}); err != nil {
		return err
	}
	if err := db.CheckSchema(ctx, i.Pool, migrations.Files); err != nil {
		return err
	}
	if err := db.CheckSecret(ctx, i.Pool, i.Secret); err != nil {
		return err
	}
	return events.CheckOrder(ctx, i.Pool)
}

// settleSecret takes the given key; else the one beside a private database, outside of it, so that whoever holds
// the database alone cannot forge a seal of the audit trail; else the one kept in the database that nodes share.
func (i *Installation) settleSecret(ctx context.Context, o OpenOptions) ([]byte, error) {
	if o.SecretKey != "" {
		return db.Secret(ctx, i.OwnerURL, o.SecretKey.Reveal(), false)
	}
	file := filepath.Join(string(o.Database.DataDir), "secret.key")
	given, err := readSecret(file)
	if err != nil {
		return nil, err
	}
	if i.private == nil {
		secret, err := db.Secret(ctx, i.OwnerURL, nil, true)
		if errors.Is(err, db.ErrOtherSecret) && given != nil {
			return db.Secret(ctx, i.OwnerURL, given, false)
		}
		return secret, err
	}
	if given == nil {
		if given, err = writeSecret(file); err != nil {
			return nil, err
		}
	}
	return db.Secret(ctx, i.OwnerURL, given, false)
}

func readSecret(file string) ([]byte, error) {
	text, err := os.ReadFile(file) //nolint:gosec // the operator's own data folder
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the secret key %s cannot be read: %w", file, err)
	}
	secret, err := hex.DecodeString(string(bytes.TrimSpace(text)))
	if err != nil || len(secret) != 32 {
		return nil, fmt.Errorf("the secret key %s is damaged: it should hold 64 hexadecimal digits", file)
	}
	return secret, nil
}

func writeSecret(file string) ([]byte, error) {
	secret := make([]byte, 32)
	rand.Read(secret)
	temporary := file + ".new"
	if err := os.WriteFile(temporary, []byte(hex.EncodeToString(secret)+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("the secret key cannot be written: %w", err)
	}
	// A link, not a rename: of two commands that start at once, both then read the one that came first.
	err := os.Link(temporary, file)
	_ = os.Remove(temporary)
	if errors.Is(err, fs.ErrExist) {
		return readSecret(file)
	}
	if err != nil {
		return nil, fmt.Errorf("the secret key cannot be written: %w", err)
	}
	return secret, nil
}

// Died is closed when the private database ended by itself; nil, which never is, with a database URL.
func (i *Installation) Died() <-chan struct{} {
	if i.private == nil {
		return nil
	}
	return i.private.Done()
}

// Close gives the connections back and stops the private database when nobody else uses it.
func (i *Installation) Close(ctx context.Context) {
	if i.Pool != nil {
		i.Pool.Close()
	}
	if i.private != nil {
		if err := i.private.Stop(ctx); err != nil {
			slog.ErrorContext(ctx, "stopping the private database", "error", err)
		}
	}
}
