package rules

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/modules/packs/packsapi"
	"hmsoftware.com/hm/modules/rules/internal/rulesdb"
)

// settings are what the tenant changed, by rule: one query, always the present state.
func settings(ctx context.Context, q db.DBTX, tenantID uuid.UUID) (map[string]packsapi.RuleSetting, error) {
	rows, err := rulesdb.New(q).ListOverrides(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	all := make(map[string]packsapi.RuleSetting, len(rows))
	for _, row := range rows {
		if all[row.Code], err = settingOf(row); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func settingOf(row rulesdb.RulesOverride) (packsapi.RuleSetting, error) {
	setting := packsapi.RuleSetting{Disabled: !row.Enabled}
	if row.Severity != nil {
		setting.Severity = packsapi.Severity(*row.Severity)
	}
	if err := json.Unmarshal(row.Parameters, &setting.Params); err != nil {
		return setting, fmt.Errorf("override of rule %s: %w", row.Code, err)
	}
	return setting, nil
}
