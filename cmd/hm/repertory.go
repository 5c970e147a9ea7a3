package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/config"
	"hmsoftware.com/hm/modules/repertory"
)

type repertoryCommand struct {
	Import repertoryImportCommand `cmd:"" help:"Replace a tenant's homeopathic repertory by a file's."`
}

type repertoryImportCommand struct {
	config.Database `embed:""`
	File            string `arg:"" optional:"" type:"path" help:"Lines of chapter, rubric and graded remedies (acon:3 ars:2), parted by tabs; or of chapter, rubric, remedy and grade; or with a first line of column names. May be gzipped."`
	Sample          bool   `help:"Take the small sample that comes with HM instead of a file."`
	Tenant          string `required:"" placeholder:"CODE" help:"The tenant's code."`
}

// Validate wants a file or the sample, not both.
func (c repertoryImportCommand) Validate() error {
	if c.Sample == (c.File != "") {
		return errors.New("name a file, or give --sample")
	}
	return nil
}

// Run imports, telling now and then how far it has come.
func (c repertoryImportCommand) Run(ctx context.Context) error {
	var file io.Reader
	if !c.Sample {
		opened, err := os.Open(c.File)
		if err != nil {
			return fmt.Errorf("the file cannot be read: %w", err)
		}
		defer opened.Close()
		file = opened
	}
	began := time.Now()
	told := began
	return withApp(ctx, c.Database, func(a *app.App) error {
		made, err := a.ImportRepertory(ctx, c.Tenant, file, filepath.Base(c.File), func(what string, rubrics int) {
			if time.Since(told) > time.Second {
				told = time.Now()
				fmt.Fprintf(os.Stderr, "%s %d rubrics\n", what, rubrics)
			}
		})
		if faults := (*repertory.FileFaults)(nil); errors.As(err, &faults) {
			for _, fault := range faults.Faults {
				fmt.Fprintln(os.Stderr, fault)
			}
			return fmt.Errorf("nothing was imported: the file has faults: %d", len(faults.Faults)+faults.More)
		}
		if err != nil {
			return explain(err)
		}
		fmt.Printf("imported %d rubrics, %d remedies, %d grades in %s\n", made.Rubrics, made.Remedies, made.Gradings, time.Since(began).Round(100*time.Millisecond))
		return nil
	})
}
