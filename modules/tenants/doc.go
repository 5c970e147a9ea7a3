// Package tenants holds the list of hospitals, or chains of hospitals, that share the installation.
//
//	owns         tenants: code, name, open or closed
//	tables       tenants.tenant, which belongs to no tenant
//	permissions  none: only those who run the installation (superusers) come here
//	publishes    tenants.created.v1, tenants.updated.v1, each in the tenant's own trail
//	listens      to nobody
//	callers      superusers over the API; the command line; other modules through tenantsapi.Reader
//
// Founding a tenant is one transaction over three modules (facilitiesapi.Opener, iamapi.Founder): a tenant without a
// facility, without roles or without an administrator must not be seen by anybody, nor stay behind after a failure.
package tenants
