package main

import (
	"os"

	"hmsoftware.com/hm/app"
)

type openAPICommand struct{}

// Run writes the OpenAPI document; it needs no database.
func (openAPICommand) Run() error {
	a, err := app.New(app.Config{Version: version})
	if err != nil {
		return err
	}
	document, err := a.API.OpenAPI()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(document)
	return err
}
