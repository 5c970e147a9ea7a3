package main

import (
	"context"
	"fmt"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/config"
)

type ensureCommand struct {
	config.Database `embed:""`
}

// Run gives every tenant the built-in roles as this version has them.
func (c ensureCommand) Run(ctx context.Context) error {
	return withApp(ctx, c.Database, func(a *app.App) error {
		err := a.EnsureRoles(ctx)
		if err != nil {
			return err
		}
		fmt.Println("every tenant has the built-in roles of this version")
		return nil
	})
}

type backfillCommand struct {
	config.Database `embed:""`
}

// Run rebuilds the events that rows prove to have happened and that are missing.
func (c backfillCommand) Run(ctx context.Context) error {
	return withApp(ctx, c.Database, func(a *app.App) error {
		added, err := a.Backfill(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("events added: %d\n", added)
		return nil
	})
}
