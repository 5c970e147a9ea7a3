package main

import (
	"context"
	"fmt"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/config"
)

type seedCommand struct {
	Demo seedDemoCommand `cmd:"" help:"Two demo hospitals with a week of work; a second run changes nothing."`
}

type seedDemoCommand struct {
	config.Database `embed:""`
}

// Run seeds the demo.
func (c seedDemoCommand) Run(ctx context.Context) error {
	return withApp(ctx, c.Database, func(a *app.App) error {
		if err := a.SeedDemo(ctx); err != nil {
			return err
		}
		fmt.Print(app.DemoSignIns)
		return nil
	})
}
