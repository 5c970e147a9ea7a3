// Command hm is the whole of HM: the server, its workers and the operator's tools in one binary.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // facilities name their time zone; the machine may not know it

	"github.com/alecthomas/kong"

	"hmsoftware.com/hm/app/load"
	"hmsoftware.com/hm/kit/telemetry"
)

type commands struct {
	Serve     serveCommand     `cmd:"" help:"Serve the API and the web apps."`
	Migrate   migrateCommand   `cmd:"" help:"Bring the database to this version's schema."`
	Seed      seedCommand      `cmd:"" help:"Fill the database with sample data."`
	Tenants   tenantsCommand   `cmd:"" help:"Create tenants."`
	Users     usersCommand     `cmd:"" help:"Create those who run the installation."`
	Roles     ensureCommand    `cmd:"" name:"ensure-roles" help:"Give every tenant the built-in roles with this version's permissions."`
	Backfill  backfillCommand  `cmd:"" name:"backfill-encounter-events" help:"Rebuild missing events of encounters, tasks and documents."`
	Packs     packsCommand     `cmd:"" help:"Check and install packs: medical systems as data."`
	Repertory repertoryCommand `cmd:"" help:"Import the book that homeopaths look rubrics up in."`
	Audit     auditCommand     `cmd:"" help:"Prove the audit trail."`
	Jobs      jobsCommand      `cmd:"" help:"Look at the job queue and retry what failed."`
	Version   versionCommand   `cmd:"" help:"Say which version this is."`

	OpenAPI    openAPICommand    `cmd:"" name:"openapi" hidden:"" help:"Write the OpenAPI document."`
	DumpSchema dumpSchemaCommand `cmd:"" name:"dump-schema" hidden:"" help:"Write the schema after all migrations."`
}

func main() { os.Exit(run(os.Args[1:])) }

// run gives the exit status: 0 done, 1 failed, 2 wrong usage.
func run(arguments []string) int {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // the terminal was closed; under nohup that means nothing
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	defer stop()
	slog.SetDefault(telemetry.NewLogger(os.Stderr, slog.LevelWarn))
	parsed, err := newParser(kong.BindTo(ctx, (*context.Context)(nil))).Parse(arguments)
	if err != nil {
		fmt.Fprintln(os.Stderr, "hm:", oneLine(err))
		fmt.Fprintf(os.Stderr, "Run \"%s --help\" to see what it takes.\n", commandOf(err))
		return 2
	}
	err = parsed.Run()
	if err != nil && ctx.Err() != nil && !errors.Is(err, load.ErrCutOff) {
		err = errors.New("stopped before it was done; what was finished stays, and the next start goes on from there")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "hm:", oneLine(err))
		return 1
	}
	return 0
}

// newParser reads command lines.
func newParser(options ...kong.Option) *kong.Kong {
	return kong.Must(&commands{}, append(options, kong.Name("hm"), kong.Description("HM, a hospital backend that serves every medical system."))...)
}

// commandOf names the command that was used wrongly, as far as it was understood.
func commandOf(err error) string {
	name := "hm"
	var fault *kong.ParseError
	if errors.As(err, &fault) {
		for _, part := range fault.Context.Path {
			if part.Command != nil {
				name = part.Command.FullPath()
			}
		}
	}
	return name
}
