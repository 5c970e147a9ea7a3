// Package iam knows who people are, whether they may come in, where they work and what that allows.
//
//	owns         accounts, sessions, roles, memberships; the answer to every access token
//	tables       of tenants: iam.tenant_user, iam.role, iam.role_permission, iam.membership, iam.membership_role
//	             of no tenant, since a person signs in before any is known and may work for several: iam.user_account,
//	             iam.session, iam.refresh_token, iam.sign_in_throttle, iam.refused_sign_in, iam.invalidation
//	permissions  iam.can_read_users, iam.can_manage_users, iam.can_read_roles, iam.can_manage_roles, iam.can_grant_any_role
//	publishes    iam.user_created.v1, iam.user_updated.v1, iam.user_disabled.v1, iam.user_enabled.v1, iam.password_changed.v1,
//	             iam.otp_changed.v1, iam.role_changed.v1, iam.membership_changed.v1, iam.signed_in.v1,
//	             iam.signed_out.v1, iam.session_ended.v1
//	listens      facilities.created.v1 (its opener administers it), tenants.updated.v1 (a closed tenant lets nobody in)
//	callers      everybody signs in; administrators over the API; every route through httpx.Authenticator; other modules
//	             through iamapi.Reader; the tenants module, in its transaction, through iamapi.Founder
//
// The application's role may read and write the tables of no tenant, without row-level security: nothing but this
// module names them, and what they hold of secrets are hashes (argon2id, SHA-256, HMAC) and sealed text (AES-GCM).
//
// Who lets whom in. An account is open while some tenant lets the person in, or for a superuser. Disabling a user is a
// tenant's own decision (tenant_user.is_active) and never reaches into another: who works for nobody else is shut out
// altogether and every session ends; who also works elsewhere loses this tenant's facilities and no more. The fields
// of the account itself (name, email, password, second factor) can be changed by an administrator only while the
// account is the tenant's alone; otherwise an administrator could take over an account that opens another hospital.
//
// Who may give what. Rights are held per facility. A caller reaches people with a place, present or past, in a facility
// where they hold the permission; everybody else does not exist for them. Roles are given only where the caller manages
// people, and only with permissions held there, unless the caller may grant any role (administrators: they must be able
// to appoint a doctor without being one). What concerns a person as a whole asks for the right wherever the person works.
//
// Sessions. Access tokens last 10 minutes, refresh tokens 14 days from their last use, a session 30 days at most. Every
// node remembers accounts by session and polls iam.invalidation, which each change fills in its own transaction: a
// change holds on its own node at once and on every node within a second (watch.go).
package iam
