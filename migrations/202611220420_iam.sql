-- +goose Up
-- Who people are and where they work. Accounts belong to no tenant: one person may work for several, and signs in
-- before any is known. What a tenant says about a person (may they come in, where, as what) is the tenant's.

-- Names of tenants and facilities across tenants, for the one answer that lists all of a user's memberships. They
-- are the contract of their schemas; no other schema reads the tables.
-- +goose StatementBegin
CREATE FUNCTION tenants.names_of(ids uuid[]) RETURNS TABLE (id uuid, code text, name text, is_active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT t.id, t.code, t.name, t.is_active FROM tenants.tenant t WHERE t.id = ANY(ids)
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION tenants.names_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenants.names_of TO hm_app;

CREATE POLICY names ON facilities.facility FOR SELECT TO hm_owner USING (true);
-- +goose StatementBegin
CREATE FUNCTION facilities.names_of(ids uuid[]) RETURNS TABLE (tenant_id uuid, id uuid, code text, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT f.tenant_id, f.id, f.code, f.name FROM facilities.facility f WHERE f.id = ANY(ids)
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION facilities.names_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION facilities.names_of TO hm_app;

CREATE SCHEMA iam;
GRANT USAGE ON SCHEMA iam TO hm_app;

CREATE TABLE iam.user_account (
    id               uuid        PRIMARY KEY,
    -- ASCII, so that two spellings that look alike are alike.
    username         text        NOT NULL CHECK (username ~ '^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$'),
    full_name        text        NOT NULL CHECK (length(full_name) BETWEEN 1 AND 255),
    email            text        CHECK (length(email) BETWEEN 3 AND 254),
    password_hash    text        NOT NULL,
    is_superuser     boolean     NOT NULL DEFAULT false,
    otp_secret       bytea,
    otp_confirmed_at timestamptz,
    otp_last_step    bigint,
    last_tenant_id   uuid,
    last_facility_id uuid,
    version          integer     NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    CHECK (otp_confirmed_at IS NULL OR otp_secret IS NOT NULL)
);
COMMENT ON TABLE iam.user_account IS 'A person who can sign in. Open while some tenant lets the person in, or for a superuser.';
COMMENT ON COLUMN iam.user_account.otp_secret IS 'Sealed with AES-GCM under a key of the installation; unconfirmed until otp_confirmed_at.';
COMMENT ON COLUMN iam.user_account.otp_last_step IS 'The 30-second step of the last code accepted: none is accepted twice.';
COMMENT ON COLUMN iam.user_account.last_facility_id IS 'Where the user acted last, the scope of the next sign-in.';
CREATE UNIQUE INDEX user_account_username_key ON iam.user_account (lower(username));
GRANT SELECT, INSERT, UPDATE ON iam.user_account TO hm_app;

CREATE TABLE iam.session (
    id                 uuid        PRIMARY KEY,
    user_id            uuid        NOT NULL REFERENCES iam.user_account (id),
    active_tenant_id   uuid,
    active_facility_id uuid,
    address            text        NOT NULL,
    created_at         timestamptz NOT NULL,
    refreshed_at       timestamptz NOT NULL,
    expires_at         timestamptz NOT NULL,
    ended_at           timestamptz,
    end_reason         text        CHECK (end_reason IN ('signed_out', 'token_reused', 'password_changed', 'account_closed')),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
COMMENT ON TABLE iam.session IS 'One sign-in. Its access and refresh tokens live no longer than it does.';
CREATE INDEX session_of_user ON iam.session (user_id) WHERE ended_at IS NULL;
CREATE INDEX session_expires_at ON iam.session (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON iam.session TO hm_app;

CREATE TABLE iam.refresh_token (
    hash       bytea       PRIMARY KEY CHECK (length(hash) = 32),
    session_id uuid        NOT NULL REFERENCES iam.session (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    used_at    timestamptz
);
COMMENT ON TABLE iam.refresh_token IS 'SHA-256 of every refresh token of a session, used ones too: a second use tells of a theft.';
CREATE INDEX refresh_token_session ON iam.refresh_token (session_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON iam.refresh_token TO hm_app;

CREATE TABLE iam.sign_in_throttle (
    key           bytea       PRIMARY KEY CHECK (length(key) = 32),
    failures      integer     NOT NULL,
    counted_at    timestamptz NOT NULL,
    blocked_until timestamptz
);
COMMENT ON TABLE iam.sign_in_throttle IS 'Failures to sign in by username and by address. Keyed hashes: people type passwords where the name belongs.';
CREATE INDEX sign_in_throttle_counted_at ON iam.sign_in_throttle (counted_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON iam.sign_in_throttle TO hm_app;

CREATE TABLE iam.refused_sign_in (
    id         uuid        PRIMARY KEY,
    user_id    uuid,
    reason     text        NOT NULL CHECK (reason IN ('credentials', 'otp', 'closed')),
    address    text        NOT NULL,
    refused_at timestamptz NOT NULL
);
COMMENT ON TABLE iam.refused_sign_in IS
    'Failures on their way to the tenants'' audit trails. Written alike for known and unknown names, so that neither takes longer.';
-- UPDATE only for SELECT ... FOR UPDATE: two workers must not take the same rows.
GRANT SELECT, INSERT, UPDATE, DELETE ON iam.refused_sign_in TO hm_app;

CREATE TABLE iam.invalidation (
    id         uuid        PRIMARY KEY,
    xid        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    kind       text        NOT NULL CHECK (kind IN ('user', 'session', 'tenant', 'everyone')),
    subject_id uuid        NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE iam.invalidation IS 'Whose accounts every node must read again, written with the change itself. Nodes poll it.';
CREATE INDEX invalidation_xid ON iam.invalidation (xid);
CREATE INDEX invalidation_created_at ON iam.invalidation (created_at);
GRANT SELECT, INSERT, DELETE ON iam.invalidation TO hm_app;

CREATE TABLE iam.tenant_user (
    tenant_id  uuid        NOT NULL REFERENCES tenants.tenant (id),
    user_id    uuid        NOT NULL REFERENCES iam.user_account (id),
    is_active  boolean     NOT NULL DEFAULT true,
    version    integer     NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id)
);
COMMENT ON TABLE iam.tenant_user IS 'A person who works, or worked, for the tenant. Not active: the tenant lets the person in nowhere, and says nothing about other tenants.';
CALL hm.protect_tenant_table('iam.tenant_user', false, 'SELECT, INSERT, UPDATE');
CREATE POLICY definers ON iam.tenant_user FOR SELECT TO hm_owner USING (true);
-- By user alone, for the definer functions: signing in knows no tenant yet.
CREATE INDEX tenant_user_user ON iam.tenant_user (user_id);

CREATE TABLE iam.role (
    tenant_id  uuid        NOT NULL REFERENCES tenants.tenant (id),
    id         uuid        NOT NULL,
    code       text        NOT NULL CHECK (code ~ '^[a-z][a-z0-9_]{0,39}$'),
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    built_in   boolean     NOT NULL,
    version    integer     NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT role_code_key UNIQUE (tenant_id, code)
);
COMMENT ON TABLE iam.role IS 'What a person may be in a facility. Built-in roles are what the code says; a tenant may add its own.';
CALL hm.protect_tenant_table('iam.role', false, 'SELECT, INSERT, UPDATE');
CREATE POLICY definers ON iam.role FOR SELECT TO hm_owner USING (true);

CREATE TABLE iam.role_permission (
    tenant_id  uuid NOT NULL,
    role_id    uuid NOT NULL,
    permission text NOT NULL CHECK (permission ~ '^[a-z]+\.can_[a-z_]+$'),
    PRIMARY KEY (tenant_id, role_id, permission),
    FOREIGN KEY (tenant_id, role_id) REFERENCES iam.role (tenant_id, id)
);
COMMENT ON TABLE iam.role_permission IS 'What a role allows.';
CALL hm.protect_tenant_table('iam.role_permission', false, 'SELECT, INSERT, DELETE');
CREATE POLICY definers ON iam.role_permission FOR SELECT TO hm_owner USING (true);

CREATE TABLE iam.membership (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    user_id     uuid        NOT NULL,
    facility_id uuid        NOT NULL,
    is_active   boolean     NOT NULL DEFAULT true,
    version     integer     NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT membership_user_facility_key UNIQUE (tenant_id, user_id, facility_id),
    FOREIGN KEY (tenant_id, user_id) REFERENCES iam.tenant_user (tenant_id, user_id)
);
COMMENT ON TABLE iam.membership IS 'A person''s place in a facility; not active once it ended.';
-- An administrator of two facilities sees both from either, so the act filters by the caller's own memberships; the
-- tenant is held here.
CALL hm.protect_tenant_table('iam.membership', false, 'SELECT, INSERT, UPDATE');
CREATE POLICY definers ON iam.membership FOR SELECT TO hm_owner USING (true);
CREATE INDEX membership_facility ON iam.membership (tenant_id, facility_id);
CREATE INDEX membership_user ON iam.membership (user_id);

CREATE TABLE iam.membership_role (
    tenant_id     uuid NOT NULL,
    membership_id uuid NOT NULL,
    role_id       uuid NOT NULL,
    PRIMARY KEY (tenant_id, membership_id, role_id),
    FOREIGN KEY (tenant_id, membership_id) REFERENCES iam.membership (tenant_id, id),
    FOREIGN KEY (tenant_id, role_id) REFERENCES iam.role (tenant_id, id)
);
COMMENT ON TABLE iam.membership_role IS 'The roles held in a membership.';
CREATE INDEX membership_role_role ON iam.membership_role (tenant_id, role_id);
CALL hm.protect_tenant_table('iam.membership_role', false, 'SELECT, INSERT, DELETE');
CREATE POLICY definers ON iam.membership_role FOR SELECT TO hm_owner USING (true);

-- The functions below look across tenants, because a session does. Each answers for one user only.

-- +goose StatementBegin
CREATE FUNCTION iam.tenants_of(of_user uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(array_agg(t.tenant_id ORDER BY t.tenant_id), '{}') FROM iam.tenant_user t WHERE t.user_id = of_user
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION iam.tenants_of IS 'The tenants the user works or worked for: those that are told of failures to sign in as the user.';

-- +goose StatementBegin
CREATE FUNCTION iam.open_tenants_of(of_user uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce(array_agg(n.id ORDER BY n.id), '{}')
    FROM tenants.names_of(ARRAY(SELECT t.tenant_id FROM iam.tenant_user t WHERE t.user_id = of_user AND t.is_active)) n
    WHERE n.is_active
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION iam.open_tenants_of IS 'The tenants that let the user in now.';

-- +goose StatementBegin
CREATE FUNCTION iam.is_open(of_user uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT coalesce((SELECT u.is_superuser FROM iam.user_account u WHERE u.id = of_user), false)
        OR cardinality(iam.open_tenants_of(of_user)) > 0
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION iam.is_open IS 'Whether the user can sign in: a superuser, or let in by some tenant.';

-- +goose StatementBegin
CREATE FUNCTION iam.works_elsewhere(of_user uuid, than_tenant uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT EXISTS (SELECT FROM iam.tenant_user t WHERE t.user_id = of_user AND t.tenant_id <> than_tenant)
        OR coalesce((SELECT u.is_superuser FROM iam.user_account u WHERE u.id = of_user), false)
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION iam.works_elsewhere IS 'Whether the account is not the tenant''s alone, so that the tenant must not change it.';

-- +goose StatementBegin
CREATE FUNCTION iam.memberships_of(of_user uuid)
RETURNS TABLE (tenant_id uuid, facility_id uuid, roles text[], permissions text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT m.tenant_id, m.facility_id,
        ARRAY(SELECT r.code FROM iam.membership_role mr JOIN iam.role r ON r.tenant_id = mr.tenant_id AND r.id = mr.role_id
            WHERE mr.tenant_id = m.tenant_id AND mr.membership_id = m.id ORDER BY r.code),
        ARRAY(SELECT DISTINCT p.permission FROM iam.membership_role mr JOIN iam.role_permission p ON p.tenant_id = mr.tenant_id AND p.role_id = mr.role_id
            WHERE mr.tenant_id = m.tenant_id AND mr.membership_id = m.id ORDER BY p.permission)
    FROM iam.membership m
    WHERE m.user_id = of_user AND m.is_active AND m.tenant_id = ANY(iam.open_tenants_of(of_user))
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION iam.memberships_of IS 'Where the user may act now, as what, and what that allows.';

-- +goose StatementBegin
CREATE FUNCTION iam.load_account(of_session uuid, at timestamptz)
RETURNS TABLE (user_id uuid, is_superuser boolean, expires_at timestamptz, memberships jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT u.id, u.is_superuser, s.expires_at, coalesce((SELECT jsonb_agg(m) FROM iam.memberships_of(u.id) m), '[]')
    FROM iam.session s JOIN iam.user_account u ON u.id = s.user_id
    WHERE s.id = of_session AND s.ended_at IS NULL AND s.expires_at > at AND iam.is_open(u.id)
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION iam.load_account IS 'All that a request needs to know about the caller of a session; no row when the session is over.';

-- +goose StatementBegin
CREATE FUNCTION iam.describe_user(of_user uuid)
RETURNS TABLE (username text, full_name text, email text, is_superuser boolean, memberships jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH held AS (SELECT * FROM iam.memberships_of(of_user))
    SELECT u.username, u.full_name, u.email, u.is_superuser, coalesce((
        SELECT jsonb_agg(jsonb_build_object('tenant_id', t.id, 'tenant_code', t.code, 'tenant_name', t.name, 'facility_id', f.id,
            'facility_code', f.code, 'facility_name', f.name, 'roles', h.roles, 'permissions', h.permissions) ORDER BY t.name, f.name, f.id)
        FROM held h
        JOIN tenants.names_of(ARRAY(SELECT DISTINCT held.tenant_id FROM held)) t ON t.id = h.tenant_id
        JOIN facilities.names_of(ARRAY(SELECT held.facility_id FROM held)) f ON f.tenant_id = h.tenant_id AND f.id = h.facility_id), '[]')
    FROM iam.user_account u WHERE u.id = of_user
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION iam.describe_user IS 'A user to herself: name and memberships, with the names of tenants and facilities.';

REVOKE ALL ON FUNCTION iam.tenants_of, iam.open_tenants_of, iam.is_open, iam.works_elsewhere, iam.memberships_of, iam.load_account, iam.describe_user FROM PUBLIC;
GRANT EXECUTE ON FUNCTION iam.tenants_of, iam.open_tenants_of, iam.is_open, iam.works_elsewhere, iam.memberships_of, iam.load_account, iam.describe_user TO hm_app;
