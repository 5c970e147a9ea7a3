package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/config"
)

type tenantsCommand struct {
	Create tenantsCreateCommand `cmd:"" help:"Create a tenant with its facilities and its first administrator."`
}

type tenantsCreateCommand struct {
	config.Database `embed:""`
	Code            string   `arg:"" help:"Short name, unique in the installation."`
	Name            string   `arg:"" help:"The hospital's name."`
	Facility        []string `required:"" sep:"none" placeholder:"CODE=NAME" help:"A facility; may repeat."`
	Admin           string   `required:"" placeholder:"USERNAME" help:"The first administrator, in every facility."`
	AdminName       string   `placeholder:"NAME" help:"The administrator's full name; the username when absent."`
	PasswordStdin   bool     `required:"" help:"Read the administrator's password from standard input."`
}

// Validate refuses a facility without a code or a name.
func (c tenantsCreateCommand) Validate() error {
	for _, f := range c.Facility {
		if code, name, ok := strings.Cut(f, "="); !ok || code == "" || name == "" {
			return fmt.Errorf("--facility %q is not CODE=NAME", f)
		}
	}
	return nil
}

// Run creates the tenant and prints its ids as JSON.
func (c tenantsCreateCommand) Run(ctx context.Context) error {
	wanted := app.NewTenant{Code: c.Code, Name: c.Name, Admin: c.Admin, AdminName: c.AdminName}
	for _, f := range c.Facility {
		code, name, _ := strings.Cut(f, "=")
		wanted.Facilities = append(wanted.Facilities, app.NewFacility{Code: code, Name: name})
	}
	var err error
	if wanted.Password, err = passwordFromStandardInput(os.Stdin); err != nil {
		return err
	}
	return withApp(ctx, c.Database, func(a *app.App) error {
		made, err := a.CreateTenant(ctx, wanted)
		if err != nil {
			return explain(err)
		}
		return json.NewEncoder(os.Stdout).Encode(made)
	})
}
