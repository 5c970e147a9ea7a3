// Command hm is the whole of HM: the server, its workers and the operator's tools in one binary.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // facilities name their time zone; the machine may not know it

	"github.com/alecthomas/kong"

	"hmsoftware.com/hm/kit/telemetry"
)

type commands struct {
	Serve    serveCommand    `cmd:"" help:"Serve the API and the web apps."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database to this version's schema."`
	Seed     seedCommand     `cmd:"" help:"Fill the database with sample data."`
	Tenants  tenantsCommand  `cmd:"" help:"Create tenants."`
	Users    usersCommand    `cmd:"" help:"Create those who run the installation."`
	Roles    ensureCommand   `cmd:"" name:"ensure-roles" help:"Give every tenant the built-in roles with this version's permissions."`
	Backfill backfillCommand `cmd:"" name:"backfill-encounter-events" help:"Rebuild missing events of encounters, tasks and documents."`
	Audit    auditCommand    `cmd:"" help:"Prove the audit trail."`
	Jobs     jobsCommand     `cmd:"" help:"Look at the job queue and retry what failed."`
	Version  versionCommand  `cmd:"" help:"Say which version this is."`

	OpenAPI    openAPICommand    `cmd:"" name:"openapi" hidden:"" help:"Write the OpenAPI document."`
	DumpSchema dumpSchemaCommand `cmd:"" name:"dump-schema" hidden:"" help:"Write the schema after all migrations."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	slog.SetDefault(telemetry.NewLogger(os.Stderr, slog.LevelWarn))
	parsed := kong.Parse(&commands{}, kong.Name("hm"), kong.UsageOnError(), kong.Exit(usageExit),
		kong.Description("HM, a hospital backend that serves every medical system."),
		kong.BindTo(ctx, (*context.Context)(nil)))
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "hm:", oneLine(err))
		os.Exit(1)
	}
}
