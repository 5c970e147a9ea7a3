package main

import (
	"context"
	"fmt"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/config"
)

type migrateCommand struct {
	config.Database `embed:""`
}

// Run migrates; opening the installation does it.
func (c migrateCommand) Run(ctx context.Context) error {
	return withApp(ctx, c.Database, func(*app.App) error {
		fmt.Println("the database has this version's schema")
		return nil
	})
}
