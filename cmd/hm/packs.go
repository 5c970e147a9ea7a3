package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/config"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/modules/packs"
)

type packsCommand struct {
	Check   packsCheckCommand   `cmd:"" help:"Say everything that is wrong with a pack folder, or doubtful, by file and line."`
	Install packsInstallCommand `cmd:"" help:"Give a tenant the pack of a folder, or a new version of it."`
}

type packsCheckCommand struct {
	Folder string `arg:"" name:"dir" type:"existingdir" help:"The folder of the pack, in which pack.yaml is."`
}

// Run prints every fault, or what was found to be in order. It needs no database: the built-in packs are in the binary.
func (c packsCheckCommand) Run() error {
	root, err := packFolder(c.Folder)
	if err != nil {
		return err
	}
	permissions := app.Permissions()
	codes := make([]string, len(permissions))
	for i, p := range permissions {
		codes[i] = p.Code
	}
	found, faults, err := packs.CheckFolder(root, codes)
	if err != nil {
		return err
	}
	for _, f := range faults {
		fmt.Println(filepath.Join(c.Folder, f.File) + f.String()[len(f.File):])
	}
	for _, d := range found.Doubts {
		fmt.Println(filepath.Join(c.Folder, d.File) + fmt.Sprintf(":%d: Doubtful: %s", d.Line, d.Message))
	}
	switch len(faults) {
	case 0:
		fmt.Printf("%s %s is in order: %s.\n", found.ID, found.Version, found)
		return nil
	case 1:
		return errors.New("the pack has 1 fault")
	default:
		return fmt.Errorf("the pack has %d faults", len(faults))
	}
}

type packsInstallCommand struct {
	config.Database `embed:""`
	Folder          string `arg:"" name:"dir" type:"existingdir" help:"The folder of the pack, in which pack.yaml is."`
	Tenant          string `required:"" placeholder:"CODE" help:"The tenant that gets it."`
}

// Run installs the pack. A server that runs already uses it within a second.
func (c packsInstallCommand) Run(ctx context.Context) error {
	root, err := packFolder(c.Folder)
	if err != nil {
		return err
	}
	return withApp(ctx, c.Database, func(a *app.App) error {
		pack, err := a.InstallPack(ctx, c.Tenant, root)
		if e := errs.Of(err); e != nil && len(e.Fields) > 0 {
			for _, f := range e.Fields {
				fmt.Println(filepath.Join(c.Folder, f.Location) + ": " + f.Message)
			}
			return errors.New(e.Message)
		}
		if err != nil {
			return explain(err)
		}
		fmt.Printf("%s %s is installed for %s.\n", pack.ID, pack.Version, c.Tenant)
		return nil
	})
}

// packFolder opens a folder that must be a pack's.
func packFolder(folder string) (fs.FS, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", folder, err)
	}
	if _, err := root.Stat("pack.yaml"); err != nil {
		return nil, fmt.Errorf("%s holds no pack.yaml, so it is not the folder of a pack", folder)
	}
	return root.FS(), nil
}
