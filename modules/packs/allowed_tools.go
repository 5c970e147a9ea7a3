package packs

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/db"
	"hmsoftware.com/hm/kit/errs"
	"hmsoftware.com/hm/kit/httpx"
	"hmsoftware.com/hm/kit/id"
	"hmsoftware.com/hm/modules/packs/internal/packsdb"
	"hmsoftware.com/hm/modules/packs/packsapi"
)

var errTools = errs.Invalid("packs.tools_invalid", "The list has faults; see errors.")

// AllowedTool is a third party's tool that may run in this tenant's browsers, as long as its code is what it was.
type AllowedTool struct {
	URL       string `json:"url" minLength:"1" maxLength:"500" doc:"https, or an address of HM itself that begins with /"`
	Integrity string `json:"integrity" minLength:"1" maxLength:"200" doc:"Subresource integrity of the code: sha256-, sha384- or sha512- and the hash in base64"`
}

// AllowedTools is a tenant's list of them.
type AllowedTools struct {
	Tools []AllowedTool `json:"tools" maxItems:"100" nullable:"false"`
}

// ETag tells whether the list is still the same.
func (t AllowedTools) ETag() string { return `"` + digestOfTools(t.Tools)[:16] + `"` }

// digestOfTools tells lists apart. They are sorted.
func digestOfTools(tools []AllowedTool) string {
	h := sha256.New()
	for _, t := range tools {
		fmt.Fprintf(h, "%s\n%s\n", t.URL, t.Integrity) // neither holds a line's end
	}
	return hex.EncodeToString(h.Sum(nil))
}

// GetAllowedTools gives the tenant's list.
func (m *Module) GetAllowedTools(ctx context.Context, q db.DBTX, _ struct{}) (AllowedTools, error) {
	scope, _ := db.ScopeOf(ctx)
	rows, err := packsdb.New(q).ListAllowedTools(ctx, scope.TenantID)
	return AllowedTools{toolsOf(rows)}, err
}

// allowedTools is what the workspace asks, every time.
func (m *Module) allowedTools(ctx context.Context, q db.DBTX, tenantID uuid.UUID) ([]AllowedTool, error) {
	return m.tools.of(tenantID, func() ([]AllowedTool, error) {
		rows, err := packsdb.New(q).ListAllowedTools(ctx, tenantID)
		return toolsOf(rows), err
	})
}

func toolsOf(rows []packsdb.ListAllowedToolsRow) []AllowedTool {
	tools := make([]AllowedTool, len(rows))
	for i, row := range rows {
		tools[i] = AllowedTool{row.Url, row.Integrity}
	}
	slices.SortFunc(tools, compareTools)
	return tools
}

func compareTools(a, b AllowedTool) int {
	if c := strings.Compare(a.URL, b.URL); c != 0 {
		return c
	}
	return strings.Compare(a.Integrity, b.Integrity)
}

// AllowToolsInput replaces the list.
type AllowToolsInput struct {
	httpx.IfMatch
	Body AllowedTools
}

// AllowTools replaces the tenant's list. What it leaves out is loaded by no browser from then on.
func (m *Module) AllowTools(ctx context.Context, tx db.Tx, in AllowToolsInput) (AllowedTools, error) {
	wanted := slices.Clone(in.Body.Tools)
	if err := checkTools(wanted); err != nil {
		return AllowedTools{}, err
	}
	scope, queries := tx.Scope(), packsdb.New(tx)
	lockInstallations(tx)
	rows, err := queries.ListAllowedTools(ctx, scope.TenantID)
	if err != nil {
		return AllowedTools{}, err
	}
	before := AllowedTools{toolsOf(rows)}
	if err := in.IfMatch.Check(before); err != nil {
		return AllowedTools{}, err
	}
	slices.SortFunc(wanted, compareTools)
	after := AllowedTools{slices.Compact(wanted)}
	if slices.Equal(before.Tools, after.Tools) {
		return after, nil
	}
	var gone []uuid.UUID
	for _, row := range rows {
		if !slices.Contains(after.Tools, AllowedTool{row.Url, row.Integrity}) {
			gone = append(gone, row.ID)
		}
	}
	if err := queries.DeleteAllowedTools(ctx, packsdb.DeleteAllowedToolsParams{TenantID: scope.TenantID, Ids: gone}); err != nil {
		return AllowedTools{}, err
	}
	told := packsapi.ToolsAllowed{ID: id.For(ctx, tx.Now()), Tools: []packsapi.ToolRef{}}
	for _, t := range after.Tools {
		told.Tools = append(told.Tools, packsapi.ToolRef(t))
		if slices.Contains(before.Tools, t) {
			continue
		}
		if err := queries.InsertAllowedTool(ctx, packsdb.InsertAllowedToolParams{
			TenantID: scope.TenantID, ID: id.For(ctx, tx.Now()), Url: t.URL, Integrity: t.Integrity, AllowedByID: id.Ptr(scope.UserID), Now: tx.Now(),
		}); err != nil {
			return AllowedTools{}, err
		}
	}
	tx.AfterCommit(func() { m.tools.forget(scope.TenantID) })
	return after, m.bus.Publish(ctx, tx, told)
}

// hashLengths are the algorithms that browsers know, with the length of their hashes.
var hashLengths = map[string]int{"sha256": 32, "sha384": 48, "sha512": 64}

func checkTools(tools []AllowedTool) error {
	e := errTools
	for i, t := range tools {
		if !loadable(t.URL) {
			e = e.At(fmt.Sprintf("body.tools[%d].url", i), "Must be an https address without a user or a fragment, or one of HM itself that begins with a single /.")
		}
		algorithm, hash, _ := strings.Cut(t.Integrity, "-")
		sum, err := base64.StdEncoding.DecodeString(hash)
		if length, known := hashLengths[algorithm]; !known || err != nil || len(sum) != length || strings.ContainsAny(hash, "\r\n") {
			e = e.At(fmt.Sprintf("body.tools[%d].integrity", i), "Must be sha256-, sha384- or sha512- and the hash of the code in base64.")
		}
	}
	if len(e.Fields) > 0 {
		return e
	}
	return nil
}
