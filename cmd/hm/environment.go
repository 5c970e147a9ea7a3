package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/config"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/telemetry"
)

// oneLine keeps an error readable where it is shown: on one line of a terminal or a journal.
func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}

// withApp runs a command against the data folder's database, running or started for it.
func withApp(ctx context.Context, database config.Database, run func(*app.App) error) error {
	return withInstallation(ctx, database, func(_ *app.Installation, a *app.App) error { return run(a) })
}

// withInstallation is withApp for a command that needs the owner's connection as well.
func withInstallation(ctx context.Context, database config.Database, run func(*app.Installation, *app.App) error) error {
	secret, err := config.SecretKeyFromEnvironment()
	if err != nil {
		return err
	}
	installation, err := app.Open(ctx, app.OpenOptions{Database: database, SecretKey: secret})
	if err != nil {
		return err
	}
	defer installation.Close(context.WithoutCancel(ctx))
	a, err := app.New(app.Config{Pool: installation.Pool, Secret: installation.Secret, Version: version})
	if err != nil {
		return err
	}
	return run(installation, a)
}

func logTo(w io.Writer, level config.LogLevel) {
	slog.SetDefault(telemetry.NewLogger(w, level.Level()))
}

// passwordFromStandardInput reads one line, so that no password stands in a process list or a shell's history. Who
// types it is asked for it.
func passwordFromStandardInput(in *os.File) (string, error) {
	nothing, _ := os.Stat(os.DevNull)
	if info, err := in.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 && !os.SameFile(info, nothing) {
		fmt.Fprint(os.Stderr, "Password (it shows as it is typed): ")
	}
	line, err := bufio.NewReader(io.LimitReader(in, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("no password on standard input")
	}
	return line, nil
}

// explain turns an answer meant for the API into a line for a terminal: the faulty fields, or the sentence.
func explain(err error) error {
	e := errs.Of(err)
	if e == nil {
		return err
	}
	if len(e.Fields) == 0 {
		return errors.New(e.Message)
	}
	var faults []string
	for _, f := range e.Fields {
		faults = append(faults, strings.TrimPrefix(f.Location, "body.")+": "+f.Message)
	}
	return errors.New(strings.Join(faults, " "))
}
