package main

import (
	"context"
	"fmt"
	"os"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/config"
)

type usersCommand struct {
	CreateSuperuser createSuperuserCommand `cmd:"" name:"create-superuser" help:"Create a user who may create tenants over the API. It sees no patient."`
}

type createSuperuserCommand struct {
	config.Database `embed:""`
	Username        string `arg:"" help:"Unique in the installation."`
	FullName        string `placeholder:"NAME" help:"The username when absent."`
	PasswordStdin   bool   `required:"" help:"Read the password from standard input."`
}

// Run creates the superuser and prints its id.
func (c createSuperuserCommand) Run(ctx context.Context) error {
	password, err := passwordFromStandardInput(os.Stdin)
	if err != nil {
		return err
	}
	return withApp(ctx, c.Database, func(a *app.App) error {
		userID, err := a.CreateSuperuser(ctx, c.Username, c.FullName, password)
		if err != nil {
			return explain(err)
		}
		fmt.Println(userID)
		return nil
	})
}
