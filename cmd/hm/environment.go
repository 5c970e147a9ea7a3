package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/config"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/telemetry"
)

// usageExit makes wrong usage exit with 2; help and success stay 0.
func usageExit(code int) {
	if code != 0 {
		code = 2
	}
	os.Exit(code)
}

// oneLine keeps an error readable where it is shown: on one line of a terminal or a journal.
func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}

// withApp runs a command against the data folder's database, running or started for it.
func withApp(ctx context.Context, database config.Database, run func(*app.App) error) error {
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
	return run(a)
}

func logTo(w io.Writer, level config.LogLevel) {
	slog.SetDefault(telemetry.NewLogger(w, level.Level()))
}

// passwordFromStandardInput reads one line, so that no password stands in a process list or a shell's history.
func passwordFromStandardInput(in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, 4096))
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	line = strings.TrimSuffix(line, "\r")
	if line == "" {
		return "", errors.New("no password on standard input")
	}
	return line, nil
}

// explain turns an answer meant for the API into a line for a terminal: the sentence, and the faulty fields.
func explain(err error) error {
	e := errs.Of(err)
	if e == nil {
		return err
	}
	text := e.Message
	for _, f := range e.Fields {
		text += " " + strings.TrimPrefix(f.Location, "body.") + ": " + f.Message
	}
	return errors.New(text)
}
