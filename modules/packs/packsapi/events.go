package packsapi

import (
	"github.com/google/uuid"

	"hmsoftware.com/hm/kit/events"
)

// Installed says that a tenant has a new pack, or a new version of one.
type Installed struct {
	VersionID uuid.UUID `json:"version_id"`
	Pack      string    `json:"pack"`
	Version   string    `json:"version"`
	// PreviousVersion was in use before; empty for a pack that the tenant did not have.
	PreviousVersion string `json:"previous_version,omitempty"`
}

// EventName is packs.installed.v1.
func (Installed) EventName() string { return "packs.installed.v1" }

// EventKeys makes it an event of the tenant, in each of whose facilities the pack can be used.
func (e Installed) EventKeys() events.Keys {
	return events.Keys{Entity: "pack", EntityID: e.VersionID, TenantLevel: true}
}

// ToolsAllowed says which tools of third parties a tenant allows from now on.
type ToolsAllowed struct {
	ID    uuid.UUID `json:"id"`
	Tools []ToolRef `json:"tools"`
}

// ToolRef is one tool: where its code is loaded from, and the hash of that code.
type ToolRef struct {
	URL       string `json:"url"`
	Integrity string `json:"integrity"`
}

// EventName is packs.tools_allowed.v1.
func (ToolsAllowed) EventName() string { return "packs.tools_allowed.v1" }

// EventKeys makes it an event of the tenant.
func (e ToolsAllowed) EventKeys() events.Keys {
	return events.Keys{Entity: "allowed_tools", EntityID: e.ID, TenantLevel: true}
}
