package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/embedpg"
	"hmsoftware.com/hm/migrations"
)

type dumpSchemaCommand struct {
	PostgresBin string `env:"HM_POSTGRES_BIN" help:"Folder of the programs of PostgreSQL, with pg_dump."`
}

// Run migrates an empty database of its own and writes its schema. Needs pg_dump, which Debian's package has.
func (c dumpSchemaCommand) Run(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "hm-schema-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	// The server runs as another user when this runs as root.
	if err := os.Chmod(folder, 0o755); err != nil { //nolint:gosec // holds no data
		return err
	}
	server, err := embedpg.Start(ctx, embedpg.Options{DataDir: folder, BinDir: c.PostgresBin, Ephemeral: true})
	if err != nil {
		return err
	}
	defer func() { _ = server.Stop(context.WithoutCancel(ctx)) }()
	if _, err := db.Migrate(ctx, server.URL(), migrations.Files); err != nil {
		return err
	}
	bin, _, err := embedpg.Find(c.PostgresBin)
	if err != nil {
		return err
	}
	dump := exec.CommandContext(ctx, filepath.Join(bin, "pg_dump"), "--schema-only", "--exclude-schema="+db.RiverSchema, "--dbname="+server.URL()) //nolint:gosec // the found PostgreSQL
	dump.Stderr = os.Stderr
	text, err := dump.Output()
	if err != nil {
		return fmt.Errorf("pg_dump: %w", err)
	}
	var out bytes.Buffer
	out.WriteString("-- The schema after all migrations, written by make generate. Do not edit; read it.\n")
	for line := range strings.Lines(string(text)) {
		// Version lines and the restriction token differ between machines and runs.
		if strings.HasPrefix(line, "-- Dumped ") || strings.HasPrefix(line, `\restrict`) || strings.HasPrefix(line, `\unrestrict`) {
			continue
		}
		out.WriteString(line)
	}
	_, err = os.Stdout.Write(out.Bytes())
	return err
}
