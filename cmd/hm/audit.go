package main

import (
	"context"
	"fmt"

	"hmsoftware.com/hm/app"
	"hmsoftware.com/hm/kit/config"
)

type auditCommand struct {
	Verify auditVerifyCommand `cmd:"" help:"Recompute a tenant's audit trail and name every row that was tampered with."`
}

type auditVerifyCommand struct {
	config.Database `embed:""`
	Tenant          string `required:"" placeholder:"CODE" help:"The tenant's code."`
}

// Run prints what was verified, and a line for each broken row.
func (c auditVerifyCommand) Run(ctx context.Context) error {
	return withApp(ctx, c.Database, func(a *app.App) error {
		result, err := a.VerifyAudit(ctx, c.Tenant)
		if err != nil {
			return explain(err)
		}
		for _, broken := range result.Broken {
			fmt.Printf("%s %s\n", broken.ID, broken.Reason)
		}
		if !result.OK {
			more := ""
			if result.BrokenMore {
				more = ", the first of more"
			}
			return fmt.Errorf("the audit trail of %s is broken; rows named: %d%s", c.Tenant, len(result.Broken), more)
		}
		fmt.Printf("ok: %d entries, root %s\n", result.TreeSize, result.RootHash)
		return nil
	})
}
