-- +goose Up
-- What people are told, by which channel, and whether it went out. A notification says what it is about by ids and by
-- words that name no patient; patients' names are read when it is shown.
CREATE SCHEMA notifications;
GRANT USAGE ON SCHEMA notifications TO hm_app;

CREATE TABLE notifications.notification (
    tenant_id    uuid        NOT NULL,
    id           uuid        NOT NULL,
    facility_id  uuid        NOT NULL,
    user_id      uuid        NOT NULL REFERENCES iam.user_account (id),
    cause        text        NOT NULL CHECK (length(cause) BETWEEN 1 AND 100),
    kind         text        NOT NULL CHECK (kind ~ '^[a-z][a-z_]{0,59}$'),
    severity     text        NOT NULL CHECK (severity IN ('INFO', 'WARNING', 'CRITICAL')),
    title        text        NOT NULL CHECK (length(title) <= 500),
    service_code text        NOT NULL CHECK (length(service_code) <= 100),
    subject_kind text        NOT NULL CHECK (length(subject_kind) <= 60),
    subject_id   uuid        NOT NULL,
    alert_id     uuid,
    encounter_id uuid,
    patient_id   uuid,
    is_in_app    boolean     NOT NULL,
    read_at      timestamptz,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, user_id, cause)
);
COMMENT ON COLUMN notifications.notification.cause IS 'What it was made for. One cause tells a person once, however often its job runs.';
COMMENT ON COLUMN notifications.notification.is_in_app IS 'Whether the person wants to see it in the app; what goes out by other channels has a row all the same.';
CREATE INDEX notification_of_user ON notifications.notification (tenant_id, facility_id, user_id, created_at, id) WHERE is_in_app;
CREATE INDEX notification_unread ON notifications.notification (tenant_id, facility_id, user_id, created_at, id) WHERE is_in_app AND read_at IS NULL;
CALL hm.protect_tenant_table('notifications.notification', true, 'SELECT, INSERT, UPDATE');

CREATE TABLE notifications.delivery (
    tenant_id       uuid        NOT NULL,
    id              uuid        NOT NULL,
    facility_id     uuid        NOT NULL,
    notification_id uuid        NOT NULL,
    channel         text        NOT NULL CHECK (channel IN ('in_app', 'email', 'sms', 'push')),
    is_critical     boolean     NOT NULL,
    status          text        NOT NULL CHECK (status IN ('PENDING', 'SENDING', 'SENT', 'FAILED', 'DEAD', 'SUPPRESSED')),
    reason          text        CHECK (length(reason) <= 60),
    tries           integer     NOT NULL DEFAULT 0 CHECK (tries >= 0),
    next_try_at     timestamptz,
    expires_at      timestamptz NOT NULL,
    claim_id        uuid,
    committed_at    timestamptz,
    is_in_doubt     boolean     NOT NULL DEFAULT false,
    last_error      text        CHECK (length(last_error) <= 500),
    sent_at         timestamptz,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, notification_id, channel),
    FOREIGN KEY (tenant_id, notification_id) REFERENCES notifications.notification (tenant_id, id),
    CONSTRAINT delivery_waits_or_is_over CHECK ((next_try_at IS NOT NULL) = (status IN ('PENDING', 'SENDING', 'FAILED')))
);
COMMENT ON COLUMN notifications.delivery.next_try_at IS 'When to try next; while SENDING, when its claim ends. None once it is over.';
COMMENT ON COLUMN notifications.delivery.claim_id IS 'The attempt under way. Whoever holds another claim may neither send nor write what came of it.';
COMMENT ON COLUMN notifications.delivery.committed_at IS 'Written before the step from which a message cannot be called back. A claim that ends with it set is in doubt and never repeated by itself.';
CREATE INDEX delivery_due ON notifications.delivery (channel, next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX delivery_listed ON notifications.delivery (tenant_id, facility_id, created_at, id) WHERE channel <> 'in_app';
CREATE INDEX delivery_dead ON notifications.delivery (tenant_id, facility_id, created_at, id) WHERE status = 'DEAD';
CALL hm.protect_tenant_table('notifications.delivery', true, 'SELECT, INSERT, UPDATE');
CREATE POLICY claim ON notifications.delivery TO hm_owner USING (true);

-- Workers send for every tenant, a few at a time, each tenant in its turn, so that none waits behind another's
-- thousands. A definer function, so that the application's role itself never sees more than one tenant: it gives ids, to
-- code that reads each delivery in its own scope.
-- +goose StatementBegin
CREATE FUNCTION notifications.claim(of_channel text, at timestamptz, ends_at timestamptz, by_claim uuid, most integer)
RETURNS TABLE (tenant_id uuid, id uuid, facility_id uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH due AS (
        SELECT d.tenant_id, d.id, row_number() OVER (PARTITION BY d.tenant_id ORDER BY d.is_critical DESC, d.next_try_at, d.id) AS place
        FROM notifications.delivery d WHERE d.channel = of_channel AND d.next_try_at <= at
    ), chosen AS MATERIALIZED (
        SELECT d.tenant_id, d.id FROM notifications.delivery d JOIN due ON due.tenant_id = d.tenant_id AND due.id = d.id
        WHERE d.next_try_at <= at
        ORDER BY due.place, d.next_try_at, d.id LIMIT most FOR UPDATE OF d SKIP LOCKED
    ), claimed AS (
        UPDATE notifications.delivery d SET
            status = CASE WHEN d.committed_at IS NULL THEN 'SENDING' ELSE 'DEAD' END,
            is_in_doubt = d.committed_at IS NOT NULL,
            reason = CASE WHEN d.committed_at IS NULL THEN d.reason ELSE 'outcome_unknown' END,
            last_error = CASE WHEN d.committed_at IS NULL THEN d.last_error ELSE 'The server was stopped while the message was handed over; it may have arrived.' END,
            tries = d.tries + CASE WHEN d.committed_at IS NULL THEN 1 ELSE 0 END,
            claim_id = CASE WHEN d.committed_at IS NULL THEN by_claim END,
            next_try_at = CASE WHEN d.committed_at IS NULL THEN ends_at END,
            updated_at = at
        FROM chosen c WHERE d.tenant_id = c.tenant_id AND d.id = c.id
        RETURNING d.tenant_id, d.id, d.facility_id, d.status
    )
    SELECT c.tenant_id, c.id, c.facility_id FROM claimed c WHERE c.status = 'SENDING'
$$;
-- +goose StatementEnd
COMMENT ON FUNCTION notifications.claim IS 'Takes what is due on a channel, critical messages first, for the one attempt by_claim. What a stopped attempt left in doubt ends here.';
REVOKE ALL ON FUNCTION notifications.claim FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notifications.claim TO hm_app;

-- A server that answers again is owed everything that waited for it.
-- +goose StatementBegin
CREATE FUNCTION notifications.try_again(of_channel text, because text, at timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
    WITH waiting AS (
        UPDATE notifications.delivery d SET next_try_at = at
        WHERE d.channel = of_channel AND d.next_try_at > at AND d.status = 'FAILED' AND d.reason = because
        RETURNING 1
    ) SELECT count(*) FROM waiting
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION notifications.try_again FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notifications.try_again TO hm_app;

CREATE TABLE notifications.preference (
    tenant_id  uuid        NOT NULL,
    user_id    uuid        NOT NULL REFERENCES iam.user_account (id),
    channels   jsonb       NOT NULL,
    quiet_from text        CHECK (quiet_from ~ '^[0-2][0-9]:[0-5][0-9]$'),
    quiet_to   text        CHECK (quiet_to ~ '^[0-2][0-9]:[0-5][0-9]$'),
    sms_to     text        CHECK (sms_to ~ '^\+[0-9]{6,15}$'),
    language   text        NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    version    integer     NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, user_id),
    CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);
COMMENT ON COLUMN notifications.preference.quiet_from IS 'Local time of the facility in which something happens. What is critical passes.';
CALL hm.protect_tenant_table('notifications.preference', false, 'SELECT, INSERT, UPDATE');

CREATE TABLE notifications.template (
    tenant_id     uuid        NOT NULL,
    kind          text        NOT NULL CHECK (kind ~ '^[a-z][a-z_]{0,59}$'),
    channel       text        NOT NULL CHECK (channel IN ('in_app', 'email', 'sms', 'push')),
    language      text        NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    subject       text        NOT NULL CHECK (length(subject) <= 200),
    body          text        NOT NULL CHECK (length(body) BETWEEN 1 AND 4000),
    updated_by_id uuid,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, kind, channel, language)
);
COMMENT ON TABLE notifications.template IS 'Texts that a tenant put in the place of the built-in ones.';
CALL hm.protect_tenant_table('notifications.template', false, 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE notifications.setting (
    tenant_id     uuid        NOT NULL,
    names_outside boolean     NOT NULL,
    version       integer     NOT NULL DEFAULT 1,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id)
);
COMMENT ON COLUMN notifications.setting.names_outside IS 'Whether patients'' names may stand in what leaves the app: mail, SMS, push.';
CALL hm.protect_tenant_table('notifications.setting', false, 'SELECT, INSERT, UPDATE');

CREATE TABLE notifications.push_subscription (
    tenant_id  uuid        NOT NULL,
    id         uuid        NOT NULL,
    user_id    uuid        NOT NULL REFERENCES iam.user_account (id),
    endpoint   text        NOT NULL CHECK (length(endpoint) BETWEEN 1 AND 1000),
    p256dh     text        NOT NULL CHECK (length(p256dh) <= 200),
    auth       text        NOT NULL CHECK (length(auth) <= 100),
    device     text        NOT NULL CHECK (length(device) <= 200),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, endpoint)
);
COMMENT ON TABLE notifications.push_subscription IS 'Browsers that show messages while the app is closed. A browser belongs to whoever asked last on it.';
CREATE INDEX push_subscription_of_user ON notifications.push_subscription (tenant_id, user_id);
CALL hm.protect_tenant_table('notifications.push_subscription', false, 'SELECT, INSERT, UPDATE, DELETE');
