-- The schema after all migrations, written by make generate. Do not edit; read it.
--
-- PostgreSQL database dump
--



SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: alerts; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA alerts;


ALTER SCHEMA alerts OWNER TO hm_owner;

--
-- Name: audit; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA audit;


ALTER SCHEMA audit OWNER TO hm_owner;

--
-- Name: clinicaldocs; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA clinicaldocs;


ALTER SCHEMA clinicaldocs OWNER TO hm_owner;

--
-- Name: encounters; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA encounters;


ALTER SCHEMA encounters OWNER TO hm_owner;

--
-- Name: events; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA events;


ALTER SCHEMA events OWNER TO hm_owner;

--
-- Name: facilities; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA facilities;


ALTER SCHEMA facilities OWNER TO hm_owner;

--
-- Name: hm; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA hm;


ALTER SCHEMA hm OWNER TO hm_owner;

--
-- Name: httpx; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA httpx;


ALTER SCHEMA httpx OWNER TO hm_owner;

--
-- Name: iam; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA iam;


ALTER SCHEMA iam OWNER TO hm_owner;

--
-- Name: lab; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA lab;


ALTER SCHEMA lab OWNER TO hm_owner;

--
-- Name: labprint; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA labprint;


ALTER SCHEMA labprint OWNER TO hm_owner;

--
-- Name: notifications; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA notifications;


ALTER SCHEMA notifications OWNER TO hm_owner;

--
-- Name: orders; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA orders;


ALTER SCHEMA orders OWNER TO hm_owner;

--
-- Name: packs; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA packs;


ALTER SCHEMA packs OWNER TO hm_owner;

--
-- Name: patients; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA patients;


ALTER SCHEMA patients OWNER TO hm_owner;

--
-- Name: qualitycontrol; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA qualitycontrol;


ALTER SCHEMA qualitycontrol OWNER TO hm_owner;

--
-- Name: repertory; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA repertory;


ALTER SCHEMA repertory OWNER TO hm_owner;

--
-- Name: rules; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA rules;


ALTER SCHEMA rules OWNER TO hm_owner;

--
-- Name: tasks; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA tasks;


ALTER SCHEMA tasks OWNER TO hm_owner;

--
-- Name: tenants; Type: SCHEMA; Schema: -; Owner: hm_owner
--

CREATE SCHEMA tenants;


ALTER SCHEMA tenants OWNER TO hm_owner;

--
-- Name: due(timestamp with time zone, integer); Type: FUNCTION; Schema: alerts; Owner: hm_owner
--

CREATE FUNCTION alerts.due(at timestamp with time zone, most integer) RETURNS TABLE(tenant_id uuid, facility_id uuid, id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    SELECT a.tenant_id, a.facility_id, a.id FROM alerts.alert a WHERE a.next_escalation_at <= at
    ORDER BY a.next_escalation_at LIMIT most
$$;


ALTER FUNCTION alerts.due(at timestamp with time zone, most integer) OWNER TO hm_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: entry; Type: TABLE; Schema: audit; Owner: hm_owner
--

CREATE TABLE audit.entry (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone NOT NULL,
    facility_id uuid,
    actor_id uuid,
    code text NOT NULL,
    entity_type text DEFAULT ''::text NOT NULL,
    entity_id uuid,
    patient_id uuid,
    patient_ids uuid[],
    encounter_id uuid,
    outcome text NOT NULL,
    request_id text DEFAULT ''::text NOT NULL,
    origin text DEFAULT ''::text NOT NULL,
    event_id uuid,
    detail json,
    CONSTRAINT entry_at_check CHECK (isfinite(at)),
    CONSTRAINT entry_check CHECK (((patient_id IS NULL) OR (patient_ids IS NULL))),
    CONSTRAINT entry_code_check CHECK ((code ~ '^[a-z]+\.[a-z_]+$'::text)),
    CONSTRAINT entry_outcome_check CHECK ((outcome = ANY (ARRAY['ok'::text, 'refused'::text, 'failed'::text]))),
    CONSTRAINT entry_patient_ids_check CHECK (((array_ndims(patient_ids) = 1) AND (cardinality(patient_ids) > 1) AND (array_position(patient_ids, NULL::uuid) IS NULL)))
);

ALTER TABLE ONLY audit.entry FORCE ROW LEVEL SECURITY;


ALTER TABLE audit.entry OWNER TO hm_owner;

--
-- Name: TABLE entry; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON TABLE audit.entry IS 'Who did, saw or was refused what. Ids and facts, no names. Never changes; sealed within about a second.';


--
-- Name: COLUMN entry.patient_ids; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON COLUMN audit.entry.patient_ids IS 'The patients of a list, when there is more than one; audit.entry_patient finds them.';


--
-- Name: event; Type: TABLE; Schema: events; Owner: hm_owner
--

CREATE TABLE events.event (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    name text NOT NULL,
    facility_id uuid,
    entity text NOT NULL,
    entity_id uuid NOT NULL,
    patient_id uuid,
    encounter_id uuid,
    actor_id uuid,
    request_id text DEFAULT ''::text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    payload jsonb NOT NULL,
    origin text
);

ALTER TABLE ONLY events.event FORCE ROW LEVEL SECURITY;


ALTER TABLE events.event OWNER TO hm_owner;

--
-- Name: TABLE event; Type: COMMENT; Schema: events; Owner: hm_owner
--

COMMENT ON TABLE events.event IS 'What happened, in the transaction in which it happened: the outbox, the timeline and the source of live refresh. Ids and facts, no names.';


--
-- Name: COLUMN event.origin; Type: COMMENT; Schema: events; Owner: hm_owner
--

COMMENT ON COLUMN events.event.origin IS 'Network address of the caller, empty for work of the system. NULL on events of earlier versions, for which a copy in audit.entry stands in the trail.';


--
-- Name: record; Type: VIEW; Schema: audit; Owner: hm_owner
--

CREATE VIEW audit.record WITH (security_invoker='true') AS
 SELECT e.tenant_id,
    e.id,
    e.xid,
    e.at,
    e.facility_id,
    e.actor_id,
    e.code,
    e.entity_type,
    e.entity_id,
    e.patient_id,
    e.patient_ids,
    e.encounter_id,
    e.outcome,
    e.request_id,
    e.origin,
    e.event_id,
    e.detail,
    NULL::text AS event_name
   FROM audit.entry e
UNION ALL
 SELECT v.tenant_id,
    v.id,
    v.xid,
    v.occurred_at AS at,
    v.facility_id,
    v.actor_id,
    "left"(rtrim(v.name, '0123456789'::text), '-2'::integer) AS code,
    v.entity AS entity_type,
    v.entity_id,
    v.patient_id,
    NULL::uuid[] AS patient_ids,
    v.encounter_id,
    'ok'::text AS outcome,
    v.request_id,
    v.origin,
    v.id AS event_id,
    (v.payload)::json AS detail,
    v.name AS event_name
   FROM events.event v
  WHERE (v.origin IS NOT NULL);


ALTER TABLE audit.record OWNER TO hm_owner;

--
-- Name: VIEW record; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON VIEW audit.record IS 'The audit trail: every event, and every entry of what has no event.';


--
-- Name: tail(xid8, uuid, integer); Type: FUNCTION; Schema: audit; Owner: hm_owner
--

CREATE FUNCTION audit.tail(after_xid xid8, after_id uuid, max_rows integer) RETURNS SETOF audit.record
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    SELECT * FROM (
        (SELECT e.tenant_id, e.id, e.xid, e.at, e.facility_id, e.actor_id, e.code, e.entity_type, e.entity_id, e.patient_id, e.patient_ids,
            e.encounter_id, e.outcome, e.request_id, e.origin, e.event_id, e.detail, NULL::text AS event_name
         FROM audit.entry e
         WHERE (e.xid, e.id) > (after_xid, after_id) AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY e.xid, e.id LIMIT max_rows)
        UNION ALL
        (SELECT v.tenant_id, v.id, v.xid, v.occurred_at, v.facility_id, v.actor_id, left(rtrim(v.name, '0123456789'), -2), v.entity, v.entity_id,
            v.patient_id, NULL::uuid[], v.encounter_id, 'ok', v.request_id, v.origin, v.id, v.payload::json, v.name
         FROM events.event v
         WHERE v.origin IS NOT NULL AND (v.xid, v.id) > (after_xid, after_id) AND v.xid < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY v.xid, v.id LIMIT max_rows)
    ) r
    ORDER BY r.xid, r.id LIMIT max_rows
$$;


ALTER FUNCTION audit.tail(after_xid xid8, after_id uuid, max_rows integer) OWNER TO hm_owner;

--
-- Name: refuse_change_of_finished_draft(); Type: FUNCTION; Schema: clinicaldocs; Owner: hm_owner
--

CREATE FUNCTION clinicaldocs.refuse_change_of_finished_draft() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF OLD.finalized_at IS NOT NULL OR OLD.discarded_at IS NOT NULL THEN
        RAISE EXCEPTION 'a draft that was finalised or discarded never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;


ALTER FUNCTION clinicaldocs.refuse_change_of_finished_draft() OWNER TO hm_owner;

--
-- Name: refuse_change_of_ended(); Type: FUNCTION; Schema: encounters; Owner: hm_owner
--

CREATE FUNCTION encounters.refuse_change_of_ended() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'an encounter that is closed or cancelled never changes' USING ERRCODE = 'restrict_violation';
END
$$;


ALTER FUNCTION encounters.refuse_change_of_ended() OWNER TO hm_owner;

--
-- Name: tail(xid8, uuid, integer); Type: FUNCTION; Schema: events; Owner: hm_owner
--

CREATE FUNCTION events.tail(after_xid xid8, after_id uuid, max_rows integer) RETURNS SETOF events.event
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    SELECT * FROM events.event e
    WHERE (e.xid, e.id) > (after_xid, after_id) AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY e.xid, e.id LIMIT max_rows
$$;


ALTER FUNCTION events.tail(after_xid xid8, after_id uuid, max_rows integer) OWNER TO hm_owner;

--
-- Name: names_of(uuid[]); Type: FUNCTION; Schema: facilities; Owner: hm_owner
--

CREATE FUNCTION facilities.names_of(ids uuid[]) RETURNS TABLE(tenant_id uuid, id uuid, code text, name text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    SELECT f.tenant_id, f.id, f.code, f.name FROM facilities.facility f WHERE f.id = ANY(ids)
$$;


ALTER FUNCTION facilities.names_of(ids uuid[]) OWNER TO hm_owner;

--
-- Name: make_append_only(regclass); Type: PROCEDURE; Schema: hm; Owner: hm_owner
--

CREATE PROCEDURE hm.make_append_only(IN target regclass)
    LANGUAGE plpgsql
    AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION hm.refuse_change()', target);
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change()', target);
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM hm_app', target);
END
$$;


ALTER PROCEDURE hm.make_append_only(IN target regclass) OWNER TO hm_owner;

--
-- Name: protect_tenant_table(regclass, boolean, text); Type: PROCEDURE; Schema: hm; Owner: hm_owner
--

CREATE PROCEDURE hm.protect_tenant_table(IN target regclass, IN by_facility boolean, IN privileges text)
    LANGUAGE plpgsql
    AS $$
DECLARE
    visible text := 'tenant_id = (SELECT current_setting(''app.tenant_id'')::uuid)';
BEGIN
    -- The wrapped SELECT is evaluated once per statement, not once per row.
    IF by_facility THEN
        visible := visible || ' AND (facility_id = (SELECT current_setting(''app.facility_id'')::uuid)'
            || ' OR (SELECT current_setting(''app.tenant_wide'')) = ''on'')';
    END IF;
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY tenant ON %s TO hm_app USING (%s) WITH CHECK (%s)', target, visible, visible);
    EXECUTE format('GRANT %s ON %s TO hm_app', privileges, target);
END
$$;


ALTER PROCEDURE hm.protect_tenant_table(IN target regclass, IN by_facility boolean, IN privileges text) OWNER TO hm_owner;

--
-- Name: PROCEDURE protect_tenant_table(IN target regclass, IN by_facility boolean, IN privileges text); Type: COMMENT; Schema: hm; Owner: hm_owner
--

COMMENT ON PROCEDURE hm.protect_tenant_table(IN target regclass, IN by_facility boolean, IN privileges text) IS 'Row-level security by tenant (and facility), forced, and the privileges of the application. Every tenant table calls it.';


--
-- Name: refuse_change(); Type: FUNCTION; Schema: hm; Owner: hm_owner
--

CREATE FUNCTION hm.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is refused: its rows never change', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$;


ALTER FUNCTION hm.refuse_change() OWNER TO hm_owner;

--
-- Name: tenant_id(); Type: FUNCTION; Schema: hm; Owner: hm_owner
--

CREATE FUNCTION hm.tenant_id() RETURNS uuid
    LANGUAGE sql STABLE
    AS $$ SELECT current_setting('app.tenant_id')::uuid $$;


ALTER FUNCTION hm.tenant_id() OWNER TO hm_owner;

--
-- Name: FUNCTION tenant_id(); Type: COMMENT; Schema: hm; Owner: hm_owner
--

COMMENT ON FUNCTION hm.tenant_id() IS 'The tenant of this transaction; an error when none was set.';


--
-- Name: expire_idempotency(timestamp with time zone); Type: FUNCTION; Schema: httpx; Owner: hm_owner
--

CREATE FUNCTION httpx.expire_idempotency(before timestamp with time zone) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    WITH gone AS (DELETE FROM httpx.idempotency WHERE created_at < before RETURNING 1) SELECT count(*) FROM gone
$$;


ALTER FUNCTION httpx.expire_idempotency(before timestamp with time zone) OWNER TO hm_owner;

--
-- Name: describe_user(uuid); Type: FUNCTION; Schema: iam; Owner: hm_owner
--

CREATE FUNCTION iam.describe_user(of_user uuid) RETURNS TABLE(username text, full_name text, email text, is_superuser boolean, memberships jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    WITH held AS (SELECT * FROM iam.memberships_of(of_user))
    SELECT u.username, u.full_name, u.email, u.is_superuser, coalesce((
        SELECT jsonb_agg(jsonb_build_object('tenant_id', t.id, 'tenant_code', t.code, 'tenant_name', t.name, 'facility_id', f.id,
            'facility_code', f.code, 'facility_name', f.name, 'roles', h.roles, 'permissions', h.permissions) ORDER BY t.name, f.name, f.id)
        FROM held h
        JOIN tenants.names_of(ARRAY(SELECT DISTINCT held.tenant_id FROM held)) t ON t.id = h.tenant_id
        JOIN facilities.names_of(ARRAY(SELECT held.facility_id FROM held)) f ON f.tenant_id = h.tenant_id AND f.id = h.facility_id), '[]')
    FROM iam.user_account u WHERE u.id = of_user
$$;


ALTER FUNCTION iam.describe_user(of_user uuid) OWNER TO hm_owner;

--
-- Name: FUNCTION describe_user(of_user uuid); Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON FUNCTION iam.describe_user(of_user uuid) IS 'A user to herself: name and memberships, with the names of tenants and facilities.';


--
-- Name: is_open(uuid); Type: FUNCTION; Schema: iam; Owner: hm_owner
--

CREATE FUNCTION iam.is_open(of_user uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    SELECT coalesce((SELECT u.is_superuser FROM iam.user_account u WHERE u.id = of_user), false)
        OR cardinality(iam.open_tenants_of(of_user)) > 0
$$;


ALTER FUNCTION iam.is_open(of_user uuid) OWNER TO hm_owner;

--
-- Name: FUNCTION is_open(of_user uuid); Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON FUNCTION iam.is_open(of_user uuid) IS 'Whether the user can sign in: a superuser, or let in by some tenant.';


--
-- Name: load_account(uuid, timestamp with time zone); Type: FUNCTION; Schema: iam; Owner: hm_owner
--

CREATE FUNCTION iam.load_account(of_session uuid, at timestamp with time zone) RETURNS TABLE(user_id uuid, is_superuser boolean, expires_at timestamp with time zone, memberships jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    SELECT u.id, u.is_superuser, s.expires_at, coalesce((SELECT jsonb_agg(m) FROM iam.memberships_of(u.id) m), '[]')
    FROM iam.session s JOIN iam.user_account u ON u.id = s.user_id
    WHERE s.id = of_session AND s.ended_at IS NULL AND s.expires_at > at AND iam.is_open(u.id)
$$;


ALTER FUNCTION iam.load_account(of_session uuid, at timestamp with time zone) OWNER TO hm_owner;

--
-- Name: FUNCTION load_account(of_session uuid, at timestamp with time zone); Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON FUNCTION iam.load_account(of_session uuid, at timestamp with time zone) IS 'All that a request needs to know about the caller of a session; no row when the session is over.';


--
-- Name: memberships_of(uuid); Type: FUNCTION; Schema: iam; Owner: hm_owner
--

CREATE FUNCTION iam.memberships_of(of_user uuid) RETURNS TABLE(tenant_id uuid, facility_id uuid, roles text[], permissions text[])
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    SELECT m.tenant_id, m.facility_id,
        ARRAY(SELECT r.code FROM iam.membership_role mr JOIN iam.role r ON r.tenant_id = mr.tenant_id AND r.id = mr.role_id
            WHERE mr.tenant_id = m.tenant_id AND mr.membership_id = m.id ORDER BY r.code),
        ARRAY(SELECT DISTINCT p.permission FROM iam.membership_role mr JOIN iam.role_permission p ON p.tenant_id = mr.tenant_id AND p.role_id = mr.role_id
            WHERE mr.tenant_id = m.tenant_id AND mr.membership_id = m.id ORDER BY p.permission)
    FROM iam.membership m
    WHERE m.user_id = of_user AND m.is_active AND m.tenant_id = ANY(iam.open_tenants_of(of_user))
$$;


ALTER FUNCTION iam.memberships_of(of_user uuid) OWNER TO hm_owner;

--
-- Name: FUNCTION memberships_of(of_user uuid); Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON FUNCTION iam.memberships_of(of_user uuid) IS 'Where the user may act now, as what, and what that allows.';


--
-- Name: open_tenants_of(uuid); Type: FUNCTION; Schema: iam; Owner: hm_owner
--

CREATE FUNCTION iam.open_tenants_of(of_user uuid) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    SELECT coalesce(array_agg(n.id ORDER BY n.id), '{}')
    FROM tenants.names_of(ARRAY(SELECT t.tenant_id FROM iam.tenant_user t WHERE t.user_id = of_user AND t.is_active)) n
    WHERE n.is_active
$$;


ALTER FUNCTION iam.open_tenants_of(of_user uuid) OWNER TO hm_owner;

--
-- Name: FUNCTION open_tenants_of(of_user uuid); Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON FUNCTION iam.open_tenants_of(of_user uuid) IS 'The tenants that let the user in now.';


--
-- Name: tenants_of(uuid); Type: FUNCTION; Schema: iam; Owner: hm_owner
--

CREATE FUNCTION iam.tenants_of(of_user uuid) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    SELECT coalesce(array_agg(t.tenant_id ORDER BY t.tenant_id), '{}') FROM iam.tenant_user t WHERE t.user_id = of_user
$$;


ALTER FUNCTION iam.tenants_of(of_user uuid) OWNER TO hm_owner;

--
-- Name: FUNCTION tenants_of(of_user uuid); Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON FUNCTION iam.tenants_of(of_user uuid) IS 'The tenants the user works or worked for: those that are told of failures to sign in as the user.';


--
-- Name: works_elsewhere(uuid, uuid); Type: FUNCTION; Schema: iam; Owner: hm_owner
--

CREATE FUNCTION iam.works_elsewhere(of_user uuid, than_tenant uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    SELECT EXISTS (SELECT FROM iam.tenant_user t WHERE t.user_id = of_user AND t.tenant_id <> than_tenant)
        OR coalesce((SELECT u.is_superuser FROM iam.user_account u WHERE u.id = of_user), false)
$$;


ALTER FUNCTION iam.works_elsewhere(of_user uuid, than_tenant uuid) OWNER TO hm_owner;

--
-- Name: FUNCTION works_elsewhere(of_user uuid, than_tenant uuid); Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON FUNCTION iam.works_elsewhere(of_user uuid, than_tenant uuid) IS 'Whether the account is not the tenant''s alone, so that the tenant must not change it.';


--
-- Name: refuse_change_of_result(); Type: FUNCTION; Schema: lab; Owner: hm_owner
--

CREATE FUNCTION lab.refuse_change_of_result() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    -- previous_version is generated: NEW has none yet when this looks at it.
    of_release text[] := ARRAY['previous_version', 'status', 'released_at', 'released_by_id'];
    of_verification text[] := ARRAY['previous_version', 'status', 'notified_to', 'notified_at', 'notified_by_id', 'verified_at', 'verified_by_id', 'verified_by_rule'];
BEGIN
    IF OLD.status = 'ENTERED' AND NEW.status = 'VERIFIED' AND to_jsonb(NEW) - of_verification = to_jsonb(OLD) - of_verification
        OR OLD.status = 'VERIFIED' AND NEW.status = 'RELEASED' AND to_jsonb(NEW) - of_release = to_jsonb(OLD) - of_release THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a result never changes but for being verified once and then released once' USING ERRCODE = 'restrict_violation';
END
$$;


ALTER FUNCTION lab.refuse_change_of_result() OWNER TO hm_owner;

--
-- Name: claim(text, timestamp with time zone, timestamp with time zone, uuid, integer); Type: FUNCTION; Schema: notifications; Owner: hm_owner
--

CREATE FUNCTION notifications.claim(of_channel text, at timestamp with time zone, ends_at timestamp with time zone, by_claim uuid, most integer) RETURNS TABLE(tenant_id uuid, id uuid, facility_id uuid)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
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


ALTER FUNCTION notifications.claim(of_channel text, at timestamp with time zone, ends_at timestamp with time zone, by_claim uuid, most integer) OWNER TO hm_owner;

--
-- Name: FUNCTION claim(of_channel text, at timestamp with time zone, ends_at timestamp with time zone, by_claim uuid, most integer); Type: COMMENT; Schema: notifications; Owner: hm_owner
--

COMMENT ON FUNCTION notifications.claim(of_channel text, at timestamp with time zone, ends_at timestamp with time zone, by_claim uuid, most integer) IS 'Takes what is due on a channel, critical messages first, for the one attempt by_claim. What a stopped attempt left in doubt ends here.';


--
-- Name: try_again(text, text, timestamp with time zone); Type: FUNCTION; Schema: notifications; Owner: hm_owner
--

CREATE FUNCTION notifications.try_again(of_channel text, because text, at timestamp with time zone) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    WITH waiting AS (
        UPDATE notifications.delivery d SET next_try_at = at
        WHERE d.channel = of_channel AND d.next_try_at > at AND d.status = 'FAILED' AND d.reason = because
        RETURNING 1
    ) SELECT count(*) FROM waiting
$$;


ALTER FUNCTION notifications.try_again(of_channel text, because text, at timestamp with time zone) OWNER TO hm_owner;

--
-- Name: next_mrn(text, text, integer); Type: FUNCTION; Schema: patients; Owner: hm_owner
--

CREATE FUNCTION patients.next_mrn(prefix text, suffix text, width integer, OUT mrn text, OUT number bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
DECLARE
    tenant   uuid := current_setting('app.tenant_id')::uuid;
    facility uuid := current_setting('app.facility_id')::uuid;
    series   text := prefix || '#' || suffix;
    lock_on  integer := hashtext(facility::text || series);
    busy     integer := 0;
BEGIN
    SELECT coalesce(max(p.mrn_number), 0) INTO number FROM patients.patient p
    WHERE p.tenant_id = tenant AND p.facility_id = facility AND p.mrn_series = series AND p.mrn_number IS NOT NULL;
    LOOP
        number := number + 1;
        mrn := prefix || lpad(number::text, greatest(width, length(number::text)), '0') || suffix;
        CONTINUE WHEN EXISTS (SELECT FROM patients.patient p
            WHERE p.tenant_id = tenant AND p.facility_id = facility AND p.mrn = next_mrn.mrn);
        IF NOT pg_try_advisory_xact_lock(lock_on, (number % 1024)::integer) THEN
            busy := busy + 1;
            CONTINUE WHEN busy < 1024;
            PERFORM pg_advisory_xact_lock(lock_on, (number % 1024)::integer);
        END IF;
        EXIT WHEN NOT EXISTS (SELECT FROM patients.patient p
            WHERE p.tenant_id = tenant AND p.facility_id = facility AND p.mrn = next_mrn.mrn);
    END LOOP;
END
$$;


ALTER FUNCTION patients.next_mrn(prefix text, suffix text, width integer, OUT mrn text, OUT number bigint) OWNER TO hm_owner;

--
-- Name: outdated_search_entries(integer, integer); Type: FUNCTION; Schema: patients; Owner: hm_owner
--

CREATE FUNCTION patients.outdated_search_entries(current_version integer, max_rows integer) RETURNS TABLE(tenant_id uuid, facility_id uuid, patient_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    SELECT e.tenant_id, e.facility_id, e.patient_id FROM patients.search_entry e
    WHERE e.key_version < current_version ORDER BY e.tenant_id, e.facility_id LIMIT max_rows
$$;


ALTER FUNCTION patients.outdated_search_entries(current_version integer, max_rows integer) OWNER TO hm_owner;

--
-- Name: rung(bigint[], bigint[], bigint[]); Type: FUNCTION; Schema: patients; Owner: hm_owner
--

CREATE FUNCTION patients.rung(keys bigint[], ladder bigint[], slips bigint[]) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE
        WHEN ladder[1] = ANY (keys) THEN 100
        WHEN ladder[2] = ANY (keys) THEN 85
        WHEN ladder[3] = ANY (keys) THEN 75
        WHEN ladder[4] = ANY (keys) THEN 65
        WHEN ladder[5] = ANY (keys) THEN 60
        WHEN keys && slips THEN 50
        WHEN ladder[6] = ANY (keys) THEN 45
        WHEN ladder[7] = ANY (keys) THEN 40
        ELSE 0
    END
$$;


ALTER FUNCTION patients.rung(keys bigint[], ladder bigint[], slips bigint[]) OWNER TO hm_owner;

--
-- Name: search(bigint[], integer[], bigint[], bigint[], integer[], bigint[], bigint[], integer, uuid, integer); Type: FUNCTION; Schema: patients; Owner: hm_owner
--

CREATE FUNCTION patients.search(codes bigint[], code_points integer[], ladders bigint[], slips bigint[], slip_ends integer[], grams bigint[], births bigint[], after_score integer, after_id uuid, max_rows integer) RETURNS TABLE(patient_id uuid, score integer, place bigint, total bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    SET search_path TO 'pg_catalog'
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    AS $$
#variable_conflict use_column
DECLARE
    tenant   uuid := current_setting('app.tenant_id')::uuid;
    facility uuid := current_setting('app.facility_id')::uuid;
    ladder1  bigint[] := ladders[1:7];
    ladder2  bigint[] := ladders[8:14];
    ladder3  bigint[] := ladders[15:21];
    ladder4  bigint[] := ladders[22:28];
    slips1   bigint[] := slips[1:slip_ends[1]];
    slips2   bigint[] := slips[slip_ends[1] + 1:slip_ends[2]];
    slips3   bigint[] := slips[slip_ends[2] + 1:slip_ends[3]];
    slips4   bigint[] := slips[slip_ends[3] + 1:slip_ends[4]];
    asked    integer := cardinality(ladders) / 7;
    -- A word that was not asked is met by whoever meets the first.
    any1     bigint[] := ladder1 || slips1;
    any2     bigint[] := CASE WHEN asked < 2 THEN any1 ELSE ladder2 || slips2 END;
    any3     bigint[] := CASE WHEN asked < 3 THEN any1 ELSE ladder3 || slips3 END;
    any4     bigint[] := CASE WHEN asked < 4 THEN any1 ELSE ladder4 || slips4 END;
    words    bigint[] := CASE WHEN births <> '{}' THEN any1 || any2 || any3 || any4 END;
    -- Whoever has more than half of the grams has one of either half.
    middle   integer := cardinality(grams) / 2;
    grams1   bigint[] := grams[1:middle];
    grams2   bigint[] := grams[middle + 1:];
    after_name text;
BEGIN
    IF after_id IS NOT NULL THEN
        SELECT e.sort_name INTO after_name FROM patients.search_entry e
        WHERE e.tenant_id = tenant AND e.facility_id = facility AND e.patient_id = after_id;
    END IF;
    RETURN QUERY
    WITH met AS NOT MATERIALIZED (
        -- Not by equality: the keys are the facility's own, so an index on the tenant would be read for nothing.
        SELECT e.patient_id, e.sort_name, e.keys FROM patients.search_entry e
        WHERE asked < 3 AND e.tenant_id IS NOT DISTINCT FROM tenant AND e.facility_id IS NOT DISTINCT FROM facility
            AND (e.keys && codes OR e.keys && any1 AND e.keys && any2 OR e.keys && births AND e.keys && words)
        UNION ALL
        SELECT e.patient_id, e.sort_name, e.keys FROM patients.search_entry e
        WHERE asked > 2 AND e.tenant_id IS NOT DISTINCT FROM tenant AND e.facility_id IS NOT DISTINCT FROM facility
            AND (e.keys && codes OR e.keys && any1 AND e.keys && any2 AND e.keys && any3 AND e.keys && any4
                OR e.keys && births AND e.keys && words)
    ), strict AS MATERIALIZED (
        SELECT e.patient_id, e.sort_name,
            CASE WHEN e.keys && codes THEN (
                SELECT max(c.points) FROM unnest(codes, code_points) AS c (key, points) WHERE c.key = ANY (e.keys)) ELSE 0 END
            + patients.rung(e.keys, ladder1, slips1)
            + CASE WHEN asked > 1 THEN patients.rung(e.keys, ladder2, slips2) ELSE 0 END
            + CASE WHEN asked > 2 THEN patients.rung(e.keys, ladder3, slips3) ELSE 0 END
            + CASE WHEN asked > 3 THEN patients.rung(e.keys, ladder4, slips4) ELSE 0 END
            + CASE WHEN e.keys && births THEN 60 ELSE 0 END AS score
        FROM met e
    ), loose AS MATERIALIZED (
        SELECT e.patient_id, e.sort_name,
            -- Keys ascend, so a gram is looked for by halves.
            (SELECT count(*) FROM unnest(grams) AS gram WHERE e.keys[width_bucket(gram, e.keys)] = gram) AS hits
        FROM patients.search_entry e
        WHERE NOT EXISTS (SELECT FROM strict)
            AND e.tenant_id IS NOT DISTINCT FROM tenant AND e.facility_id IS NOT DISTINCT FROM facility
            AND e.keys && grams1 AND e.keys && grams2
    ), found AS MATERIALIZED (
        SELECT s.patient_id, s.sort_name, s.score FROM strict s
        UNION ALL
        SELECT l.patient_id, l.sort_name, (l.hits * 39 / cardinality(grams))::integer FROM loose l
        WHERE l.hits * 2 > cardinality(grams)
    )
    SELECT f.patient_id, f.score, row_number() OVER (ORDER BY f.score DESC, f.sort_name, f.patient_id), (SELECT count(*) FROM found)
    FROM found f
    WHERE after_id IS NULL OR f.score < after_score
        OR f.score = after_score AND (f.sort_name, f.patient_id) > (coalesce(after_name, ''), after_id)
    ORDER BY f.score DESC, f.sort_name, f.patient_id
    LIMIT max_rows;
END
$$;


ALTER FUNCTION patients.search(codes bigint[], code_points integer[], ladders bigint[], slips bigint[], slip_ends integer[], grams bigint[], births bigint[], after_score integer, after_id uuid, max_rows integer) OWNER TO hm_owner;

--
-- Name: refuse_change_of_resolved(); Type: FUNCTION; Schema: qualitycontrol; Owner: hm_owner
--

CREATE FUNCTION qualitycontrol.refuse_change_of_resolved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'a hold that is resolved never changes' USING ERRCODE = 'restrict_violation';
END
$$;


ALTER FUNCTION qualitycontrol.refuse_change_of_resolved() OWNER TO hm_owner;

--
-- Name: refuse_change_of_ended(); Type: FUNCTION; Schema: tasks; Owner: hm_owner
--

CREATE FUNCTION tasks.refuse_change_of_ended() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'a task that is cancelled only opens anew, and one whose encounter is over never changes' USING ERRCODE = 'restrict_violation';
END
$$;


ALTER FUNCTION tasks.refuse_change_of_ended() OWNER TO hm_owner;

--
-- Name: names_of(uuid[]); Type: FUNCTION; Schema: tenants; Owner: hm_owner
--

CREATE FUNCTION tenants.names_of(ids uuid[]) RETURNS TABLE(id uuid, code text, name text, is_active boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
    SELECT t.id, t.code, t.name, t.is_active FROM tenants.tenant t WHERE t.id = ANY(ids)
$$;


ALTER FUNCTION tenants.names_of(ids uuid[]) OWNER TO hm_owner;

--
-- Name: alert; Type: TABLE; Schema: alerts; Owner: hm_owner
--

CREATE TABLE alerts.alert (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    kind text NOT NULL,
    severity text NOT NULL,
    status text NOT NULL,
    title text NOT NULL,
    detail text,
    encounter_id uuid,
    patient_id uuid,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    cause_id uuid NOT NULL,
    facts jsonb NOT NULL,
    level integer DEFAULT 0 NOT NULL,
    next_escalation_at timestamp with time zone,
    raised_at timestamp with time zone NOT NULL,
    raised_by_id uuid,
    acknowledged_at timestamp with time zone,
    acknowledged_by_id uuid,
    resolved_at timestamp with time zone,
    resolved_by_id uuid,
    resolution text,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT alert_detail_check CHECK ((length(detail) <= 2000)),
    CONSTRAINT alert_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 210))),
    CONSTRAINT alert_level_check CHECK ((level >= 0)),
    CONSTRAINT alert_moments CHECK (
CASE status
    WHEN 'OPEN'::text THEN (num_nonnulls(acknowledged_at, resolved_at, resolution) = 0)
    WHEN 'ACKNOWLEDGED'::text THEN ((acknowledged_at IS NOT NULL) AND (num_nonnulls(resolved_at, resolution, next_escalation_at) = 0))
    WHEN 'RESOLVED'::text THEN ((num_nulls(resolved_at, resolution) = 0) AND (next_escalation_at IS NULL))
    ELSE NULL::boolean
END),
    CONSTRAINT alert_resolution_check CHECK (((length(resolution) >= 1) AND (length(resolution) <= 2000))),
    CONSTRAINT alert_severity_check CHECK ((severity = ANY (ARRAY['INFO'::text, 'WARNING'::text, 'CRITICAL'::text]))),
    CONSTRAINT alert_status_check CHECK ((status = ANY (ARRAY['OPEN'::text, 'ACKNOWLEDGED'::text, 'RESOLVED'::text]))),
    CONSTRAINT alert_subject_kind_check CHECK (((length(subject_kind) >= 1) AND (length(subject_kind) <= 60))),
    CONSTRAINT alert_title_check CHECK (((length(title) >= 1) AND (length(title) <= 500)))
);

ALTER TABLE ONLY alerts.alert FORCE ROW LEVEL SECURITY;


ALTER TABLE alerts.alert OWNER TO hm_owner;

--
-- Name: COLUMN alert.cause_id; Type: COMMENT; Schema: alerts; Owner: hm_owner
--

COMMENT ON COLUMN alerts.alert.cause_id IS 'What it comes from in the end, and ends with: the order''s item of a result or a sample, the hold, the encounter of a rule.';


--
-- Name: COLUMN alert.level; Type: COMMENT; Schema: alerts; Owner: hm_owner
--

COMMENT ON COLUMN alerts.alert.level IS 'How often it has escalated.';


--
-- Name: duty; Type: TABLE; Schema: alerts; Owner: hm_owner
--

CREATE TABLE alerts.duty (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role text,
    team_id uuid,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    created_by_id uuid,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT duty_for_one CHECK ((num_nonnulls(role, team_id) = 1)),
    CONSTRAINT duty_lasts CHECK ((ends_at > starts_at)),
    CONSTRAINT duty_role_check CHECK (((length(role) >= 1) AND (length(role) <= 60)))
);

ALTER TABLE ONLY alerts.duty FORCE ROW LEVEL SECURITY;


ALTER TABLE alerts.duty OWNER TO hm_owner;

--
-- Name: TABLE duty; Type: COMMENT; Schema: alerts; Owner: hm_owner
--

COMMENT ON TABLE alerts.duty IS 'Who answers for a role or a team at a time. Several may at once.';


--
-- Name: history; Type: TABLE; Schema: alerts; Owner: hm_owner
--

CREATE TABLE alerts.history (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    alert_id uuid NOT NULL,
    act text NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id uuid,
    note text,
    level integer NOT NULL,
    recipient_ids uuid[] NOT NULL,
    CONSTRAINT history_act_check CHECK ((act = ANY (ARRAY['raised'::text, 'repeated'::text, 'corrected'::text, 'sample_rejected'::text, 'escalated'::text, 'acknowledged'::text, 'resolved'::text]))),
    CONSTRAINT history_note_check CHECK ((length(note) <= 2000))
);

ALTER TABLE ONLY alerts.history FORCE ROW LEVEL SECURITY;


ALTER TABLE alerts.history OWNER TO hm_owner;

--
-- Name: COLUMN history.recipient_ids; Type: COMMENT; Schema: alerts; Owner: hm_owner
--

COMMENT ON COLUMN alerts.history.recipient_ids IS 'Who was told by this act, as roles, teams and duties were at that time.';


--
-- Name: policy; Type: TABLE; Schema: alerts; Owner: hm_owner
--

CREATE TABLE alerts.policy (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    kind text NOT NULL,
    severity text,
    steps jsonb NOT NULL,
    repeats integer NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    updated_by_id uuid,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT policy_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 210))),
    CONSTRAINT policy_repeats_check CHECK (((repeats >= 0) AND (repeats <= 100))),
    CONSTRAINT policy_severity_check CHECK ((severity = ANY (ARRAY['INFO'::text, 'WARNING'::text, 'CRITICAL'::text])))
);

ALTER TABLE ONLY alerts.policy FORCE ROW LEVEL SECURITY;


ALTER TABLE alerts.policy OWNER TO hm_owner;

--
-- Name: TABLE policy; Type: COMMENT; Schema: alerts; Owner: hm_owner
--

COMMENT ON TABLE alerts.policy IS 'How a tenant escalates a kind of alert, in the place of the built-in policy.';


--
-- Name: target; Type: TABLE; Schema: alerts; Owner: hm_owner
--

CREATE TABLE alerts.target (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    alert_id uuid NOT NULL,
    level integer NOT NULL,
    user_id uuid,
    role text,
    team_id uuid,
    on_duty boolean DEFAULT false NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT target_is_one CHECK ((num_nonnulls(user_id, role, team_id) = 1)),
    CONSTRAINT target_role_check CHECK (((length(role) >= 1) AND (length(role) <= 60)))
);

ALTER TABLE ONLY alerts.target FORCE ROW LEVEL SECURITY;


ALTER TABLE alerts.target OWNER TO hm_owner;

--
-- Name: COLUMN target.on_duty; Type: COMMENT; Schema: alerts; Owner: hm_owner
--

COMMENT ON COLUMN alerts.target.on_duty IS 'Only those of the role or team who are on duty; all of it while nobody is.';


--
-- Name: team; Type: TABLE; Schema: alerts; Owner: hm_owner
--

CREATE TABLE alerts.team (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT team_code_check CHECK ((code ~ '^[a-z][a-z0-9_]{0,39}$'::text)),
    CONSTRAINT team_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
);

ALTER TABLE ONLY alerts.team FORCE ROW LEVEL SECURITY;


ALTER TABLE alerts.team OWNER TO hm_owner;

--
-- Name: team_member; Type: TABLE; Schema: alerts; Owner: hm_owner
--

CREATE TABLE alerts.team_member (
    tenant_id uuid NOT NULL,
    team_id uuid NOT NULL,
    user_id uuid NOT NULL,
    facility_id uuid NOT NULL
);

ALTER TABLE ONLY alerts.team_member FORCE ROW LEVEL SECURITY;


ALTER TABLE alerts.team_member OWNER TO hm_owner;

--
-- Name: batch; Type: TABLE; Schema: audit; Owner: hm_owner
--

CREATE TABLE audit.batch (
    tenant_id uuid NOT NULL,
    first_leaf bigint NOT NULL,
    record_ids bytea NOT NULL,
    event_hashes bytea,
    hashes bytea NOT NULL,
    CONSTRAINT batch_check CHECK ((length(event_hashes) = (2 * length(record_ids)))),
    CONSTRAINT batch_first_leaf_check CHECK ((first_leaf >= 0)),
    CONSTRAINT batch_record_ids_check CHECK (((length(record_ids) > 0) AND ((length(record_ids) % 16) = 0)))
);
ALTER TABLE ONLY audit.batch ALTER COLUMN record_ids SET STORAGE EXTERNAL;
ALTER TABLE ONLY audit.batch ALTER COLUMN event_hashes SET STORAGE EXTERNAL;
ALTER TABLE ONLY audit.batch ALTER COLUMN hashes SET STORAGE EXTERNAL;

ALTER TABLE ONLY audit.batch FORCE ROW LEVEL SECURITY;


ALTER TABLE audit.batch OWNER TO hm_owner;

--
-- Name: TABLE batch; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON TABLE audit.batch IS 'The tenant''s tree: the leaves of one seal, in the order of their transactions.';


--
-- Name: COLUMN batch.event_hashes; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON COLUMN audit.batch.event_hashes IS 'For entries that are copies of events: SHA-256 of the event''s row as it was when sealed, 32 zero bytes for every other; NULL when there are none.';


--
-- Name: COLUMN batch.hashes; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON COLUMN audit.batch.hashes IS 'For each leaf its hash, then those of the subtrees it completes, from the lowest: what tlog.StoredHashes gives.';


--
-- Name: entry_patient; Type: TABLE; Schema: audit; Owner: hm_owner
--

CREATE TABLE audit.entry_patient (
    tenant_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    entry_id uuid NOT NULL,
    facility_id uuid
);

ALTER TABLE ONLY audit.entry_patient FORCE ROW LEVEL SECURITY;


ALTER TABLE audit.entry_patient OWNER TO hm_owner;

--
-- Name: TABLE entry_patient; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON TABLE audit.entry_patient IS 'Finds the entries whose list showed a patient.';


--
-- Name: leaf; Type: TABLE; Schema: audit; Owner: hm_owner
--

CREATE TABLE audit.leaf (
    tenant_id uuid NOT NULL,
    leaf_index bigint NOT NULL,
    entry_id uuid NOT NULL,
    event_hash bytea,
    hashes bytea NOT NULL,
    CONSTRAINT leaf_event_hash_check CHECK ((length(event_hash) = 32)),
    CONSTRAINT leaf_hashes_check CHECK (((length(hashes) >= 32) AND ((length(hashes) % 32) = 0))),
    CONSTRAINT leaf_leaf_index_check CHECK ((leaf_index >= 0))
);

ALTER TABLE ONLY audit.leaf FORCE ROW LEVEL SECURITY;


ALTER TABLE audit.leaf OWNER TO hm_owner;

--
-- Name: TABLE leaf; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON TABLE audit.leaf IS 'The tenant''s tree: one leaf per sealed entry, in the order of their transactions.';


--
-- Name: COLUMN leaf.event_hash; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON COLUMN audit.leaf.event_hash IS 'SHA-256 of the row of the event behind the entry, as it was when sealed.';


--
-- Name: COLUMN leaf.hashes; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON COLUMN audit.leaf.hashes IS 'The leaf''s hash, then those of the subtrees that this leaf completes, from the lowest: what tlog.StoredHashes gives.';


--
-- Name: mention; Type: TABLE; Schema: audit; Owner: hm_owner
--

CREATE TABLE audit.mention (
    tenant_id uuid NOT NULL,
    subject_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    record_id uuid NOT NULL
);

ALTER TABLE ONLY audit.mention FORCE ROW LEVEL SECURITY;


ALTER TABLE audit.mention OWNER TO hm_owner;

--
-- Name: TABLE mention; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON TABLE audit.mention IS 'Finds records of the trail by whom and what they are about: the actor, the entity, each patient; and by their facility, whose id then has version 8, or the zero id for those of the tenant as a whole.';


--
-- Name: seal; Type: TABLE; Schema: audit; Owner: hm_owner
--

CREATE TABLE audit.seal (
    tenant_id uuid NOT NULL,
    tree_size bigint NOT NULL,
    root_hash bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    last_xid xid8 NOT NULL,
    last_entry_id uuid NOT NULL,
    previous_hash bytea NOT NULL,
    signature bytea NOT NULL,
    CONSTRAINT seal_previous_hash_check CHECK ((length(previous_hash) = 32)),
    CONSTRAINT seal_root_hash_check CHECK ((length(root_hash) = 32)),
    CONSTRAINT seal_sealed_at_check CHECK (isfinite(sealed_at)),
    CONSTRAINT seal_signature_check CHECK ((length(signature) = 64)),
    CONSTRAINT seal_tree_size_check CHECK ((tree_size > 0))
);

ALTER TABLE ONLY audit.seal FORCE ROW LEVEL SECURITY;


ALTER TABLE audit.seal OWNER TO hm_owner;

--
-- Name: TABLE seal; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON TABLE audit.seal IS 'Signed roots of the tenant''s tree. Each names the hash of the one before, so that none can be taken out.';


--
-- Name: sealer; Type: TABLE; Schema: audit; Owner: hm_owner
--

CREATE TABLE audit.sealer (
    only_row boolean DEFAULT true NOT NULL,
    xid xid8 NOT NULL,
    id uuid NOT NULL,
    behind uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    CONSTRAINT sealer_only_row_check CHECK (only_row)
);


ALTER TABLE audit.sealer OWNER TO hm_owner;

--
-- Name: TABLE sealer; Type: COMMENT; Schema: audit; Owner: hm_owner
--

COMMENT ON TABLE audit.sealer IS 'How far the trails of all tenants are sealed, but for the tenants behind, whose trees were found broken. One row.';


--
-- Name: document; Type: TABLE; Schema: clinicaldocs; Owner: hm_owner
--

CREATE TABLE clinicaldocs.document (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    chain_id uuid NOT NULL,
    version integer NOT NULL,
    status text NOT NULL,
    supersedes_id uuid,
    draft_id uuid,
    encounter_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    pack text NOT NULL,
    template_code text NOT NULL,
    template_version text NOT NULL,
    payload jsonb NOT NULL,
    computed jsonb NOT NULL,
    summary text NOT NULL,
    author_id uuid NOT NULL,
    reason text,
    created_at timestamp with time zone NOT NULL,
    previous_version integer GENERATED ALWAYS AS (
CASE
    WHEN (version > 1) THEN (version - 1)
    ELSE NULL::integer
END) STORED,
    CONSTRAINT document_check CHECK (
CASE status
    WHEN 'FINAL'::text THEN ((version = 1) AND (chain_id = id) AND (supersedes_id IS NULL) AND (draft_id IS NOT NULL) AND (reason IS NULL))
    ELSE ((version > 1) AND (chain_id <> id) AND (supersedes_id IS NOT NULL) AND (draft_id IS NULL) AND (reason IS NOT NULL))
END),
    CONSTRAINT document_computed_check CHECK ((jsonb_typeof(computed) = 'object'::text)),
    CONSTRAINT document_payload_check CHECK ((jsonb_typeof(payload) = 'object'::text)),
    CONSTRAINT document_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000))),
    CONSTRAINT document_status_check CHECK ((status = ANY (ARRAY['FINAL'::text, 'AMENDED'::text]))),
    CONSTRAINT document_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY clinicaldocs.document FORCE ROW LEVEL SECURITY;


ALTER TABLE clinicaldocs.document OWNER TO hm_owner;

--
-- Name: TABLE document; Type: COMMENT; Schema: clinicaldocs; Owner: hm_owner
--

COMMENT ON TABLE clinicaldocs.document IS 'The record: FINAL rows, each made of a draft, and the AMENDED rows that supersede them one after the other. Chains cannot fork or skip; no row ever changes.';


--
-- Name: draft; Type: TABLE; Schema: clinicaldocs; Owner: hm_owner
--

CREATE TABLE clinicaldocs.draft (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    pack text NOT NULL,
    template_code text NOT NULL,
    template_version text NOT NULL,
    payload jsonb NOT NULL,
    computed jsonb NOT NULL,
    summary text NOT NULL,
    author_id uuid NOT NULL,
    idempotency_key text,
    request_hash bytea,
    version integer DEFAULT 1 NOT NULL,
    encounter_open boolean DEFAULT true NOT NULL,
    finalized_at timestamp with time zone,
    discarded_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT draft_check CHECK (((idempotency_key IS NULL) = (request_hash IS NULL))),
    CONSTRAINT draft_check1 CHECK (((finalized_at IS NULL) OR (discarded_at IS NULL))),
    CONSTRAINT draft_computed_check CHECK ((jsonb_typeof(computed) = 'object'::text)),
    CONSTRAINT draft_idempotency_key_check CHECK (((length(idempotency_key) >= 1) AND (length(idempotency_key) <= 200))),
    CONSTRAINT draft_payload_check CHECK ((jsonb_typeof(payload) = 'object'::text)),
    CONSTRAINT draft_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY clinicaldocs.draft FORCE ROW LEVEL SECURITY;


ALTER TABLE clinicaldocs.draft OWNER TO hm_owner;

--
-- Name: TABLE draft; Type: COMMENT; Schema: clinicaldocs; Owner: hm_owner
--

COMMENT ON TABLE clinicaldocs.draft IS 'Documents being written. A draft belongs to its author and changes until it is finalised or discarded; then it stays as it was.';


--
-- Name: COLUMN draft.pack; Type: COMMENT; Schema: clinicaldocs; Owner: hm_owner
--

COMMENT ON COLUMN clinicaldocs.draft.pack IS 'The pack that owns the template, in which its versions stay for ever.';


--
-- Name: COLUMN draft.encounter_open; Type: COMMENT; Schema: clinicaldocs; Owner: hm_owner
--

COMMENT ON COLUMN clinicaldocs.draft.encounter_open IS 'False once the encounter ended: what was not finalised by then can only be discarded.';


--
-- Name: latest; Type: TABLE; Schema: clinicaldocs; Owner: hm_owner
--

CREATE TABLE clinicaldocs.latest (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    template_code text NOT NULL,
    patient_id uuid NOT NULL,
    document_id uuid NOT NULL,
    finalized_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY clinicaldocs.latest FORCE ROW LEVEL SECURITY;


ALTER TABLE clinicaldocs.latest OWNER TO hm_owner;

--
-- Name: TABLE latest; Type: COMMENT; Schema: clinicaldocs; Owner: hm_owner
--

COMMENT ON TABLE clinicaldocs.latest IS 'Per encounter and template the document finalised last, in its newest version. Kept in the transaction that writes the document.';


--
-- Name: observation; Type: TABLE; Schema: clinicaldocs; Owner: hm_owner
--

CREATE TABLE clinicaldocs.observation (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    source text NOT NULL,
    document_id uuid NOT NULL,
    field text NOT NULL,
    code text NOT NULL,
    system text NOT NULL,
    value_number double precision,
    value_text text,
    value_code text,
    value_date date,
    value_boolean boolean,
    unit text,
    at timestamp with time zone NOT NULL,
    CONSTRAINT observation_code_check CHECK ((code <> ''::text)),
    CONSTRAINT observation_field_check CHECK ((field <> ''::text)),
    CONSTRAINT observation_source_check CHECK ((source = ANY (ARRAY['DOCUMENT'::text, 'VITALS'::text]))),
    CONSTRAINT observation_system_check CHECK ((system <> ''::text)),
    CONSTRAINT observation_unit_check CHECK ((unit <> ''::text)),
    CONSTRAINT observation_value CHECK ((num_nonnulls(value_number, value_text, value_code, value_date, value_boolean) = 1)),
    CONSTRAINT observation_value_number_check CHECK ((value_number <> ALL (ARRAY['NaN'::double precision, 'Infinity'::double precision, '-Infinity'::double precision])))
);

ALTER TABLE ONLY clinicaldocs.observation FORCE ROW LEVEL SECURITY;


ALTER TABLE clinicaldocs.observation OWNER TO hm_owner;

--
-- Name: TABLE observation; Type: COMMENT; Schema: clinicaldocs; Owner: hm_owner
--

COMMENT ON TABLE clinicaldocs.observation IS 'What current documents and vitals say of patients in a terminology, one row for each value: a read model that is written in the transaction of its document. An amended document''s rows take the place of those it supersedes.';


--
-- Name: COLUMN observation.source; Type: COMMENT; Schema: clinicaldocs; Owner: hm_owner
--

COMMENT ON COLUMN clinicaldocs.observation.source IS 'DOCUMENT: document_id is a clinical document. VITALS: it is a document of the encounter.';


--
-- Name: COLUMN observation.at; Type: COMMENT; Schema: clinicaldocs; Owner: hm_owner
--

COMMENT ON COLUMN clinicaldocs.observation.at IS 'When it was first recorded: amending a document does not make its values newer.';


--
-- Name: record; Type: VIEW; Schema: clinicaldocs; Owner: hm_owner
--

CREATE VIEW clinicaldocs.record WITH (security_invoker='true') AS
 SELECT d.tenant_id,
    d.facility_id,
    d.id,
    d.chain_id,
    d.version,
    d.status,
    d.supersedes_id,
    d.encounter_id,
    d.patient_id,
    d.pack,
    d.template_code,
    d.template_version,
    d.payload,
    d.computed,
    d.summary,
    d.author_id,
    d.reason,
    d.created_at,
    s.id AS superseded_by_id,
    (s.id IS NULL) AS is_current,
    false AS encounter_open
   FROM (clinicaldocs.document d
     LEFT JOIN clinicaldocs.document s ON (((s.tenant_id = d.tenant_id) AND (s.supersedes_id = d.id))))
UNION ALL
 SELECT t.tenant_id,
    t.facility_id,
    t.id,
    t.id AS chain_id,
    t.version,
    'DRAFT'::text AS status,
    NULL::uuid AS supersedes_id,
    t.encounter_id,
    t.patient_id,
    t.pack,
    t.template_code,
    t.template_version,
    t.payload,
    t.computed,
    t.summary,
    t.author_id,
    NULL::text AS reason,
    t.created_at,
    f.id AS superseded_by_id,
    (t.finalized_at IS NULL) AS is_current,
    t.encounter_open
   FROM (clinicaldocs.draft t
     LEFT JOIN clinicaldocs.document f ON (((f.tenant_id = t.tenant_id) AND (f.draft_id = t.id))))
  WHERE (t.discarded_at IS NULL);


ALTER TABLE clinicaldocs.record OWNER TO hm_owner;

--
-- Name: VIEW record; Type: COMMENT; Schema: clinicaldocs; Owner: hm_owner
--

COMMENT ON VIEW clinicaldocs.record IS 'Drafts and documents in one shape. superseded_by_id is the next version, or what a draft was finalised as; is_current says that there is none, in words an index knows.';


--
-- Name: datum; Type: TABLE; Schema: encounters; Owner: hm_owner
--

CREATE TABLE encounters.datum (
    tenant_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    pack text NOT NULL,
    field text NOT NULL,
    facility_id uuid NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT datum_field_check CHECK ((field <> ''::text)),
    CONSTRAINT datum_pack_check CHECK ((pack <> ''::text)),
    CONSTRAINT datum_value_check CHECK (((length(value) >= 1) AND (length(value) <= 200)))
);

ALTER TABLE ONLY encounters.datum FORCE ROW LEVEL SECURITY;


ALTER TABLE encounters.datum OWNER TO hm_owner;

--
-- Name: TABLE datum; Type: COMMENT; Schema: encounters; Owner: hm_owner
--

COMMENT ON TABLE encounters.datum IS 'The searchable fields of encounters.system_data, by equality.';


--
-- Name: document; Type: TABLE; Schema: encounters; Owner: hm_owner
--

CREATE TABLE encounters.document (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    kind text NOT NULL,
    content jsonb NOT NULL,
    author_id uuid,
    authored_at timestamp with time zone NOT NULL,
    CONSTRAINT document_content_check CHECK (((jsonb_typeof(content) = 'object'::text) AND (content <> '{}'::jsonb))),
    CONSTRAINT document_kind_check CHECK ((kind = ANY (ARRAY['VITALS'::text, 'ASSESSMENT'::text, 'PLAN'::text, 'NOTE'::text])))
);

ALTER TABLE ONLY encounters.document FORCE ROW LEVEL SECURITY;


ALTER TABLE encounters.document OWNER TO hm_owner;

--
-- Name: TABLE document; Type: COMMENT; Schema: encounters; Owner: hm_owner
--

COMMENT ON TABLE encounters.document IS 'Vitals, assessments, plans and notes as they were written. Each is a new row; the latest of a kind counts.';


--
-- Name: encounter; Type: TABLE; Schema: encounters; Owner: hm_owner
--

CREATE TABLE encounters.encounter (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    encounter_type text NOT NULL,
    pack text NOT NULL,
    status text NOT NULL,
    exclusive boolean NOT NULL,
    reason text,
    attending_doctor_id uuid,
    scheduled_at timestamp with time zone,
    checked_in_at timestamp with time zone,
    consult_started_at timestamp with time zone,
    closed_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    cancel_reason text,
    system_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_by_id uuid,
    checked_in_by_id uuid,
    consult_started_by_id uuid,
    closed_by_id uuid,
    cancelled_by_id uuid,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT encounter_cancel_reason CHECK (((cancelled_at IS NULL) = (cancel_reason IS NULL))),
    CONSTRAINT encounter_cancel_reason_check CHECK (((length(cancel_reason) >= 1) AND (length(cancel_reason) <= 2000))),
    CONSTRAINT encounter_encounter_type_check CHECK ((encounter_type ~ '^[A-Z][A-Z0-9_]{0,39}$'::text)),
    CONSTRAINT encounter_moments CHECK (
CASE status
    WHEN 'CREATED'::text THEN (num_nonnulls(checked_in_at, consult_started_at, closed_at, cancelled_at) = 0)
    WHEN 'CHECKED_IN'::text THEN ((checked_in_at IS NOT NULL) AND (num_nonnulls(consult_started_at, closed_at, cancelled_at) = 0))
    WHEN 'IN_CONSULT'::text THEN ((num_nulls(checked_in_at, consult_started_at) = 0) AND (num_nonnulls(closed_at, cancelled_at) = 0))
    WHEN 'CLOSED'::text THEN ((num_nulls(checked_in_at, consult_started_at, closed_at) = 0) AND (cancelled_at IS NULL))
    WHEN 'CANCELLED'::text THEN ((cancelled_at IS NOT NULL) AND (closed_at IS NULL) AND ((consult_started_at IS NULL) OR (checked_in_at IS NOT NULL)))
    ELSE NULL::boolean
END),
    CONSTRAINT encounter_pack_check CHECK (((length(pack) >= 1) AND (length(pack) <= 64))),
    CONSTRAINT encounter_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000))),
    CONSTRAINT encounter_status_check CHECK ((status = ANY (ARRAY['CREATED'::text, 'CHECKED_IN'::text, 'IN_CONSULT'::text, 'CLOSED'::text, 'CANCELLED'::text]))),
    CONSTRAINT encounter_system_data_check CHECK ((jsonb_typeof(system_data) = 'object'::text))
);

ALTER TABLE ONLY encounters.encounter FORCE ROW LEVEL SECURITY;


ALTER TABLE encounters.encounter OWNER TO hm_owner;

--
-- Name: TABLE encounter; Type: COMMENT; Schema: encounters; Owner: hm_owner
--

COMMENT ON TABLE encounters.encounter IS 'One visit of a patient, from its making to its closed record.';


--
-- Name: COLUMN encounter.exclusive; Type: COMMENT; Schema: encounters; Owner: hm_owner
--

COMMENT ON COLUMN encounters.encounter.exclusive IS 'The facility allowed one encounter under way per patient when this was made; copied from its settings, so that the index below can hold it.';


--
-- Name: delivery; Type: TABLE; Schema: events; Owner: hm_owner
--

CREATE TABLE events.delivery (
    tenant_id uuid NOT NULL,
    event_id uuid NOT NULL,
    subscriber text NOT NULL,
    delivered_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY events.delivery FORCE ROW LEVEL SECURITY;


ALTER TABLE events.delivery OWNER TO hm_owner;

--
-- Name: TABLE delivery; Type: COMMENT; Schema: events; Owner: hm_owner
--

COMMENT ON TABLE events.delivery IS 'Which subscriber has acted on which event, written with its effects: a second delivery finds the row and does nothing.';


--
-- Name: relay; Type: TABLE; Schema: events; Owner: hm_owner
--

CREATE TABLE events.relay (
    only_row boolean DEFAULT true NOT NULL,
    xid xid8 NOT NULL,
    id uuid NOT NULL,
    CONSTRAINT relay_only_row_check CHECK (only_row)
);


ALTER TABLE events.relay OWNER TO hm_owner;

--
-- Name: TABLE relay; Type: COMMENT; Schema: events; Owner: hm_owner
--

COMMENT ON TABLE events.relay IS 'How far the relay has turned events into jobs. One row; its lock elects the relaying node.';


--
-- Name: facility; Type: TABLE; Schema: facilities; Owner: hm_owner
--

CREATE TABLE facilities.facility (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    time_zone text NOT NULL,
    mrn_pattern text NOT NULL,
    several_active_encounters boolean DEFAULT false NOT NULL,
    packs text[] DEFAULT '{base}'::text[] NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT facility_code_check CHECK ((code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$'::text)),
    CONSTRAINT facility_mrn_pattern_check CHECK (((length(mrn_pattern) >= 1) AND (length(mrn_pattern) <= 64))),
    CONSTRAINT facility_name_check CHECK (((length(name) >= 1) AND (length(name) <= 255))),
    CONSTRAINT facility_packs_check CHECK ((cardinality(packs) > 0)),
    CONSTRAINT facility_time_zone_check CHECK (((length(time_zone) >= 1) AND (length(time_zone) <= 64)))
);

ALTER TABLE ONLY facilities.facility FORCE ROW LEVEL SECURITY;


ALTER TABLE facilities.facility OWNER TO hm_owner;

--
-- Name: TABLE facility; Type: COMMENT; Schema: facilities; Owner: hm_owner
--

COMMENT ON TABLE facilities.facility IS 'A place of care of a tenant, with the settings that rule its day.';


--
-- Name: installation; Type: TABLE; Schema: hm; Owner: hm_owner
--

CREATE TABLE hm.installation (
    only_row boolean DEFAULT true NOT NULL,
    secret bytea,
    fingerprint bytea NOT NULL,
    CONSTRAINT installation_only_row_check CHECK (only_row)
);


ALTER TABLE hm.installation OWNER TO hm_owner;

--
-- Name: TABLE installation; Type: COMMENT; Schema: hm; Owner: hm_owner
--

COMMENT ON TABLE hm.installation IS 'The secret every node derives its keys from, unless it is kept outside (then NULL), and its fingerprint, by which a node finds out that it was given another. The application''s role reads the fingerprint only.';


--
-- Name: idempotency; Type: TABLE; Schema: httpx; Owner: hm_owner
--

CREATE TABLE httpx.idempotency (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    user_id uuid NOT NULL,
    method text NOT NULL,
    path text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status integer NOT NULL,
    etag text DEFAULT ''::text NOT NULL,
    body bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotency_key_check CHECK ((length(key) <= 200))
);

ALTER TABLE ONLY httpx.idempotency FORCE ROW LEVEL SECURITY;


ALTER TABLE httpx.idempotency OWNER TO hm_owner;

--
-- Name: TABLE idempotency; Type: COMMENT; Schema: httpx; Owner: hm_owner
--

COMMENT ON TABLE httpx.idempotency IS 'Answers kept for 24 hours, written in the transaction of the act they answer.';


--
-- Name: invalidation; Type: TABLE; Schema: iam; Owner: hm_owner
--

CREATE TABLE iam.invalidation (
    id uuid NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT invalidation_kind_check CHECK ((kind = ANY (ARRAY['user'::text, 'session'::text, 'tenant'::text, 'everyone'::text])))
);


ALTER TABLE iam.invalidation OWNER TO hm_owner;

--
-- Name: TABLE invalidation; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON TABLE iam.invalidation IS 'Whose accounts every node must read again, written with the change itself. Nodes poll it.';


--
-- Name: membership; Type: TABLE; Schema: iam; Owner: hm_owner
--

CREATE TABLE iam.membership (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY iam.membership FORCE ROW LEVEL SECURITY;


ALTER TABLE iam.membership OWNER TO hm_owner;

--
-- Name: TABLE membership; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON TABLE iam.membership IS 'A person''s place in a facility; not active once it ended.';


--
-- Name: membership_role; Type: TABLE; Schema: iam; Owner: hm_owner
--

CREATE TABLE iam.membership_role (
    tenant_id uuid NOT NULL,
    membership_id uuid NOT NULL,
    role_id uuid NOT NULL
);

ALTER TABLE ONLY iam.membership_role FORCE ROW LEVEL SECURITY;


ALTER TABLE iam.membership_role OWNER TO hm_owner;

--
-- Name: TABLE membership_role; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON TABLE iam.membership_role IS 'The roles held in a membership.';


--
-- Name: refresh_token; Type: TABLE; Schema: iam; Owner: hm_owner
--

CREATE TABLE iam.refresh_token (
    hash bytea NOT NULL,
    session_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT refresh_token_hash_check CHECK ((length(hash) = 32))
);


ALTER TABLE iam.refresh_token OWNER TO hm_owner;

--
-- Name: TABLE refresh_token; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON TABLE iam.refresh_token IS 'SHA-256 of every refresh token of a session, used ones too: a second use tells of a theft.';


--
-- Name: refused_sign_in; Type: TABLE; Schema: iam; Owner: hm_owner
--

CREATE TABLE iam.refused_sign_in (
    id uuid NOT NULL,
    user_id uuid,
    reason text NOT NULL,
    address text NOT NULL,
    refused_at timestamp with time zone NOT NULL,
    CONSTRAINT refused_sign_in_reason_check CHECK ((reason = ANY (ARRAY['credentials'::text, 'otp'::text, 'closed'::text])))
);


ALTER TABLE iam.refused_sign_in OWNER TO hm_owner;

--
-- Name: TABLE refused_sign_in; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON TABLE iam.refused_sign_in IS 'Failures on their way to the tenants'' audit trails. Written alike for known and unknown names, so that neither takes longer.';


--
-- Name: role; Type: TABLE; Schema: iam; Owner: hm_owner
--

CREATE TABLE iam.role (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    built_in boolean NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT role_code_check CHECK ((code ~ '^[a-z][a-z0-9_]{0,39}$'::text)),
    CONSTRAINT role_name_check CHECK (((length(name) >= 1) AND (length(name) <= 100)))
);

ALTER TABLE ONLY iam.role FORCE ROW LEVEL SECURITY;


ALTER TABLE iam.role OWNER TO hm_owner;

--
-- Name: TABLE role; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON TABLE iam.role IS 'What a person may be in a facility. Built-in roles are what the code says; a tenant may add its own.';


--
-- Name: role_permission; Type: TABLE; Schema: iam; Owner: hm_owner
--

CREATE TABLE iam.role_permission (
    tenant_id uuid NOT NULL,
    role_id uuid NOT NULL,
    permission text NOT NULL,
    CONSTRAINT role_permission_permission_check CHECK ((permission ~ '^[a-z]+\.can_[a-z_]+$'::text))
);

ALTER TABLE ONLY iam.role_permission FORCE ROW LEVEL SECURITY;


ALTER TABLE iam.role_permission OWNER TO hm_owner;

--
-- Name: TABLE role_permission; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON TABLE iam.role_permission IS 'What a role allows.';


--
-- Name: session; Type: TABLE; Schema: iam; Owner: hm_owner
--

CREATE TABLE iam.session (
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    active_tenant_id uuid,
    active_facility_id uuid,
    address text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    refreshed_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    end_reason text,
    CONSTRAINT session_check CHECK (((ended_at IS NULL) = (end_reason IS NULL))),
    CONSTRAINT session_end_reason_check CHECK ((end_reason = ANY (ARRAY['signed_out'::text, 'token_reused'::text, 'password_changed'::text, 'account_closed'::text])))
);


ALTER TABLE iam.session OWNER TO hm_owner;

--
-- Name: TABLE session; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON TABLE iam.session IS 'One sign-in. Its access and refresh tokens live no longer than it does.';


--
-- Name: sign_in_throttle; Type: TABLE; Schema: iam; Owner: hm_owner
--

CREATE TABLE iam.sign_in_throttle (
    key bytea NOT NULL,
    failures integer NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    blocked_until timestamp with time zone,
    CONSTRAINT sign_in_throttle_key_check CHECK ((length(key) = 32))
);


ALTER TABLE iam.sign_in_throttle OWNER TO hm_owner;

--
-- Name: TABLE sign_in_throttle; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON TABLE iam.sign_in_throttle IS 'Failures to sign in by username and by address. Keyed hashes: people type passwords where the name belongs.';


--
-- Name: tenant_user; Type: TABLE; Schema: iam; Owner: hm_owner
--

CREATE TABLE iam.tenant_user (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY iam.tenant_user FORCE ROW LEVEL SECURITY;


ALTER TABLE iam.tenant_user OWNER TO hm_owner;

--
-- Name: TABLE tenant_user; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON TABLE iam.tenant_user IS 'A person who works, or worked, for the tenant. Not active: the tenant lets the person in nowhere, and says nothing about other tenants.';


--
-- Name: user_account; Type: TABLE; Schema: iam; Owner: hm_owner
--

CREATE TABLE iam.user_account (
    id uuid NOT NULL,
    username text NOT NULL,
    full_name text NOT NULL,
    email text,
    password_hash text NOT NULL,
    is_superuser boolean DEFAULT false NOT NULL,
    otp_secret bytea,
    otp_confirmed_at timestamp with time zone,
    otp_last_step bigint,
    last_tenant_id uuid,
    last_facility_id uuid,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT user_account_check CHECK (((otp_confirmed_at IS NULL) OR (otp_secret IS NOT NULL))),
    CONSTRAINT user_account_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT user_account_full_name_check CHECK (((length(full_name) >= 1) AND (length(full_name) <= 255))),
    CONSTRAINT user_account_username_check CHECK ((username ~ '^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$'::text))
);


ALTER TABLE iam.user_account OWNER TO hm_owner;

--
-- Name: TABLE user_account; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON TABLE iam.user_account IS 'A person who can sign in. Open while some tenant lets the person in, or for a superuser.';


--
-- Name: COLUMN user_account.otp_secret; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON COLUMN iam.user_account.otp_secret IS 'Sealed with AES-GCM under a key of the installation; unconfirmed until otp_confirmed_at.';


--
-- Name: COLUMN user_account.otp_last_step; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON COLUMN iam.user_account.otp_last_step IS 'The 30-second step of the last code accepted: none is accepted twice.';


--
-- Name: COLUMN user_account.last_facility_id; Type: COMMENT; Schema: iam; Owner: hm_owner
--

COMMENT ON COLUMN iam.user_account.last_facility_id IS 'Where the user acted last, the scope of the next sign-in.';


--
-- Name: barcode_series; Type: TABLE; Schema: lab; Owner: hm_owner
--

CREATE TABLE lab.barcode_series (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    day date NOT NULL,
    last integer NOT NULL,
    CONSTRAINT barcode_series_last_check CHECK ((last > 0))
);

ALTER TABLE ONLY lab.barcode_series FORCE ROW LEVEL SECURITY;


ALTER TABLE lab.barcode_series OWNER TO hm_owner;

--
-- Name: TABLE barcode_series; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON TABLE lab.barcode_series IS 'The last number that a facility gave to a sample on a day of its own calendar.';


--
-- Name: reflex; Type: TABLE; Schema: lab; Owner: hm_owner
--

CREATE TABLE lab.reflex (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    order_item_id uuid NOT NULL,
    service_code text NOT NULL,
    rule text NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY lab.reflex FORCE ROW LEVEL SECURITY;


ALTER TABLE lab.reflex OWNER TO hm_owner;

--
-- Name: TABLE reflex; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON TABLE lab.reflex IS 'Which tests a rule ordered because of an item''s result: each once, however often the result is corrected.';


--
-- Name: request; Type: TABLE; Schema: lab; Owner: hm_owner
--

CREATE TABLE lab.request (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    order_item_id uuid NOT NULL,
    order_id uuid NOT NULL,
    place integer NOT NULL,
    encounter_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    encounter_type text NOT NULL,
    pack text NOT NULL,
    service_code text NOT NULL,
    name text NOT NULL,
    section text,
    specimen_type text NOT NULL,
    container text,
    instructions text,
    priority text NOT NULL,
    status text NOT NULL,
    ordered_at timestamp with time zone NOT NULL,
    ordered_by_id uuid,
    due_at timestamp with time zone,
    sample_id uuid,
    is_recollection boolean DEFAULT false NOT NULL,
    collected_at timestamp with time zone,
    received_at timestamp with time zone,
    entered_at timestamp with time zone,
    verified_at timestamp with time zone,
    released_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    latest_version integer DEFAULT 0 NOT NULL,
    latest_result_id uuid,
    released_result_id uuid,
    reflex_of_id uuid,
    overdue_told_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    urgency integer GENERATED ALWAYS AS (
CASE priority
    WHEN 'STAT'::text THEN 0
    WHEN 'URGENT'::text THEN 1
    ELSE 2
END) STORED NOT NULL,
    due_rank timestamp with time zone GENERATED ALWAYS AS (COALESCE(due_at, '9999-12-31 00:00:00+00'::timestamp with time zone)) STORED NOT NULL,
    CONSTRAINT request_check CHECK (((latest_version = 0) = (latest_result_id IS NULL))),
    CONSTRAINT request_check1 CHECK (((released_at IS NULL) = (released_result_id IS NULL))),
    CONSTRAINT request_container_check CHECK (((length(container) >= 1) AND (length(container) <= 100))),
    CONSTRAINT request_latest_version_check CHECK ((latest_version >= 0)),
    CONSTRAINT request_place_check CHECK ((place >= 0)),
    CONSTRAINT request_priority_check CHECK ((priority = ANY (ARRAY['ROUTINE'::text, 'URGENT'::text, 'STAT'::text]))),
    CONSTRAINT request_progress CHECK (
CASE status
    WHEN 'ORDERED'::text THEN ((sample_id IS NULL) AND (num_nonnulls(collected_at, received_at, entered_at, cancelled_at) = 0))
    WHEN 'COLLECTED'::text THEN ((num_nonnulls(sample_id, collected_at) = 2) AND (num_nonnulls(received_at, entered_at, cancelled_at) = 0))
    WHEN 'RECEIVED'::text THEN ((num_nonnulls(sample_id, collected_at, received_at) = 3) AND (num_nonnulls(entered_at, cancelled_at) = 0))
    WHEN 'CANCELLED'::text THEN (cancelled_at IS NOT NULL)
    ELSE ((num_nonnulls(sample_id, received_at, entered_at, latest_result_id) = 4) AND (cancelled_at IS NULL))
END),
    CONSTRAINT request_specimen_type_check CHECK (((length(specimen_type) >= 1) AND (length(specimen_type) <= 100))),
    CONSTRAINT request_status_check CHECK ((status = ANY (ARRAY['ORDERED'::text, 'COLLECTED'::text, 'RECEIVED'::text, 'ENTERED'::text, 'VERIFIED'::text, 'RELEASED'::text, 'CANCELLED'::text]))),
    CONSTRAINT request_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY lab.request FORCE ROW LEVEL SECURITY;


ALTER TABLE lab.request OWNER TO hm_owner;

--
-- Name: TABLE request; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON TABLE lab.request IS 'One per LAB item of an order, kept beside the samples and results so that every list of the laboratory starts here. Its version is what two who act on a test at once are told apart by.';


--
-- Name: COLUMN request.place; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.request.place IS 'Where it stands in its order.';


--
-- Name: COLUMN request.pack; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.request.pack IS 'The pack of its encounter, whose catalogue and laboratory hold for it.';


--
-- Name: COLUMN request.section; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.request.section IS 'Of its first analyte: the bench that works on it. NULL where the laboratory knows none.';


--
-- Name: COLUMN request.is_recollection; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.request.is_recollection IS 'A sample for it was rejected: this one is taken again.';


--
-- Name: COLUMN request.entered_at; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.request.entered_at IS 'Of the latest version, as verified_at; released_at is when the first version was released, which is what turnaround counts.';


--
-- Name: COLUMN request.released_result_id; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.request.released_result_id IS 'The newest released version; it stays while a correction of it is under way.';


--
-- Name: COLUMN request.reflex_of_id; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.request.reflex_of_id IS 'The item whose result called for it, by a rule. Who ordered that one hears of this one too.';


--
-- Name: COLUMN request.due_rank; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.request.due_rank IS 'due_at, or the end of days: the lists'' order.';


--
-- Name: result; Type: TABLE; Schema: lab; Owner: hm_owner
--

CREATE TABLE lab.result (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    order_item_id uuid NOT NULL,
    sample_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    version integer NOT NULL,
    supersedes_id uuid,
    is_correction boolean NOT NULL,
    correction_reason text,
    comment text,
    status text NOT NULL,
    is_critical boolean NOT NULL,
    is_abnormal boolean NOT NULL,
    critical_reasons jsonb NOT NULL,
    missing text[] NOT NULL,
    age_days integer NOT NULL,
    sex text NOT NULL,
    pregnant boolean NOT NULL,
    entered_at timestamp with time zone NOT NULL,
    entered_by_id uuid,
    notified_to text,
    notified_at timestamp with time zone,
    notified_by_id uuid,
    verified_at timestamp with time zone,
    verified_by_id uuid,
    verified_by_rule text,
    released_at timestamp with time zone,
    released_by_id uuid,
    previous_version integer GENERATED ALWAYS AS (
CASE
    WHEN (version > 1) THEN (version - 1)
    ELSE NULL::integer
END) STORED,
    CONSTRAINT result_check CHECK (((version = 1) = (supersedes_id IS NULL))),
    CONSTRAINT result_check1 CHECK (((version > 1) OR ((NOT is_correction) AND (correction_reason IS NULL)))),
    CONSTRAINT result_comment_check CHECK (((length(comment) >= 1) AND (length(comment) <= 4000))),
    CONSTRAINT result_correction_reason_check CHECK (((length(correction_reason) >= 1) AND (length(correction_reason) <= 1000))),
    CONSTRAINT result_critical_reasons_check CHECK ((jsonb_typeof(critical_reasons) = 'array'::text)),
    CONSTRAINT result_moments CHECK (
CASE status
    WHEN 'ENTERED'::text THEN (num_nonnulls(verified_at, released_at, notified_at) = 0)
    WHEN 'VERIFIED'::text THEN ((verified_at IS NOT NULL) AND (released_at IS NULL))
    ELSE (num_nonnulls(verified_at, released_at) = 2)
END),
    CONSTRAINT result_notice CHECK (((num_nonnulls(notified_to, notified_at) = ANY (ARRAY[0, 2])) AND ((NOT is_critical) OR (verified_at IS NULL) OR (notified_at IS NOT NULL)))),
    CONSTRAINT result_notified_to_check CHECK (((length(notified_to) >= 1) AND (length(notified_to) <= 200))),
    CONSTRAINT result_status_check CHECK ((status = ANY (ARRAY['ENTERED'::text, 'VERIFIED'::text, 'RELEASED'::text]))),
    CONSTRAINT result_verified_by_rule_check CHECK (((length(verified_by_rule) >= 1) AND (length(verified_by_rule) <= 200))),
    CONSTRAINT result_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY lab.result FORCE ROW LEVEL SECURITY;


ALTER TABLE lab.result OWNER TO hm_owner;

--
-- Name: TABLE result; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON TABLE lab.result IS 'What a test found, in versions. A row never changes but for being verified once and then released once.';


--
-- Name: COLUMN result.is_correction; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.result.is_correction IS 'A version before it had been released when this one was entered.';


--
-- Name: COLUMN result.missing; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.result.missing IS 'Codes of the analytes that the test measures and this version says nothing of.';


--
-- Name: COLUMN result.age_days; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.result.age_days IS 'Of whom, as the ranges saw it when the sample was taken: with sex and pregnant. -1: not known.';


--
-- Name: sample; Type: TABLE; Schema: lab; Owner: hm_owner
--

CREATE TABLE lab.sample (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    barcode text NOT NULL,
    status text NOT NULL,
    encounter_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    specimen_type text NOT NULL,
    container text,
    pregnant boolean,
    collected_at timestamp with time zone NOT NULL,
    collected_by_id uuid,
    received_at timestamp with time zone,
    received_by_id uuid,
    rejected_at timestamp with time zone,
    rejected_by_id uuid,
    rejection_code text,
    reason text,
    stored_at timestamp with time zone,
    stored_by_id uuid,
    storage_location text,
    discarded_at timestamp with time zone,
    discarded_by_id uuid,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT sample_barcode_check CHECK ((barcode ~ '^[!-~]{1,40}$'::text)),
    CONSTRAINT sample_container_check CHECK (((length(container) >= 1) AND (length(container) <= 100))),
    CONSTRAINT sample_moments CHECK (
CASE status
    WHEN 'COLLECTED'::text THEN (num_nonnulls(received_at, rejected_at, stored_at, discarded_at) = 0)
    WHEN 'RECEIVED'::text THEN ((received_at IS NOT NULL) AND (num_nonnulls(rejected_at, stored_at, discarded_at) = 0))
    WHEN 'STORED'::text THEN ((num_nonnulls(received_at, stored_at) = 2) AND (num_nonnulls(rejected_at, discarded_at) = 0))
    WHEN 'DISCARDED'::text THEN ((num_nonnulls(received_at, discarded_at) = 2) AND (rejected_at IS NULL))
    WHEN 'REJECTED'::text THEN ((rejected_at IS NOT NULL) AND (discarded_at IS NULL) AND ((stored_at IS NULL) OR (received_at IS NOT NULL)))
    ELSE NULL::boolean
END),
    CONSTRAINT sample_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000))),
    CONSTRAINT sample_rejection CHECK ((((rejected_at IS NULL) = (reason IS NULL)) AND ((rejected_at IS NULL) = (rejection_code IS NULL)))),
    CONSTRAINT sample_rejection_code_check CHECK (((length(rejection_code) >= 1) AND (length(rejection_code) <= 64))),
    CONSTRAINT sample_specimen_type_check CHECK (((length(specimen_type) >= 1) AND (length(specimen_type) <= 100))),
    CONSTRAINT sample_status_check CHECK ((status = ANY (ARRAY['COLLECTED'::text, 'RECEIVED'::text, 'STORED'::text, 'DISCARDED'::text, 'REJECTED'::text]))),
    CONSTRAINT sample_storage CHECK (((stored_at IS NULL) = (storage_location IS NULL))),
    CONSTRAINT sample_storage_location_check CHECK (((length(storage_location) >= 1) AND (length(storage_location) <= 200))),
    CONSTRAINT sample_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY lab.sample FORCE ROW LEVEL SECURITY;


ALTER TABLE lab.sample OWNER TO hm_owner;

--
-- Name: TABLE sample; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON TABLE lab.sample IS 'One tube, from the patient to the bin. Each step happens once: its columns are the chain of custody.';


--
-- Name: COLUMN sample.barcode; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.sample.barcode IS 'Printable ASCII, so that Code 128 can carry it; made of the day and a number when nobody gave one.';


--
-- Name: COLUMN sample.pregnant; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.sample.pregnant IS 'As asked when it was taken; some ranges depend on it. NULL: nobody asked.';


--
-- Name: settings; Type: TABLE; Schema: lab; Owner: hm_owner
--

CREATE TABLE lab.settings (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    four_eyes boolean NOT NULL,
    autoverification text NOT NULL,
    suspended_reason text,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    updated_by_id uuid,
    CONSTRAINT settings_autoverification_check CHECK ((autoverification = ANY (ARRAY['OFF'::text, 'ON'::text, 'SUSPENDED'::text]))),
    CONSTRAINT settings_check CHECK (((autoverification = 'SUSPENDED'::text) = (suspended_reason IS NOT NULL))),
    CONSTRAINT settings_suspended_reason_check CHECK (((length(suspended_reason) >= 1) AND (length(suspended_reason) <= 1000))),
    CONSTRAINT settings_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY lab.settings FORCE ROW LEVEL SECURITY;


ALTER TABLE lab.settings OWNER TO hm_owner;

--
-- Name: TABLE settings; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON TABLE lab.settings IS 'How a facility''s laboratory works. No row: everyone may verify what they entered, and nothing verifies itself.';


--
-- Name: value; Type: TABLE; Schema: lab; Owner: hm_owner
--

CREATE TABLE lab.value (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    result_id uuid NOT NULL,
    place integer NOT NULL,
    order_item_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    code text NOT NULL,
    collected_at timestamp with time zone NOT NULL,
    shown jsonb NOT NULL,
    CONSTRAINT value_place_check CHECK ((place >= 0)),
    CONSTRAINT value_shown_check CHECK ((jsonb_typeof(shown) = 'object'::text))
);

ALTER TABLE ONLY lab.value FORCE ROW LEVEL SECURITY;


ALTER TABLE lab.value OWNER TO hm_owner;

--
-- Name: TABLE value; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON TABLE lab.value IS 'What a version of a result says of each analyte.';


--
-- Name: COLUMN value.shown; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON COLUMN lab.value.shown IS 'As it was judged and as everybody is shown it, for ever: value, unit, name, range, flag, delta, method. What the laboratory says of the analyte later changes nothing here.';


--
-- Name: result_record; Type: VIEW; Schema: lab; Owner: hm_owner
--

CREATE VIEW lab.result_record WITH (security_invoker='true') AS
 SELECT r.tenant_id,
    r.facility_id,
    r.id,
    r.order_item_id,
    r.sample_id,
    r.encounter_id,
    r.patient_id,
    r.version,
    r.supersedes_id,
    r.is_correction,
    r.correction_reason,
    r.comment,
    r.status,
    r.is_critical,
    r.is_abnormal,
    r.critical_reasons,
    r.missing,
    r.age_days,
    r.sex,
    r.pregnant,
    r.entered_at,
    r.entered_by_id,
    r.notified_to,
    r.notified_at,
    r.notified_by_id,
    r.verified_at,
    r.verified_by_id,
    r.verified_by_rule,
    r.released_at,
    r.released_by_id,
    q.order_id,
    q.place,
    q.pack,
    q.service_code,
    q.name,
    q.priority,
    q.ordered_by_id,
    q.status AS request_status,
    q.version AS request_version,
    COALESCE((q.latest_result_id = r.id), false) AS is_latest,
    COALESCE((q.released_result_id = r.id), false) AS is_latest_released,
    q.released_result_id,
    s.barcode,
    s.specimen_type,
    s.collected_at,
    COALESCE(t.four_eyes, false) AS four_eyes,
    ARRAY( SELECT e.entered_by_id
           FROM lab.result e
          WHERE ((e.tenant_id = r.tenant_id) AND (e.order_item_id = r.order_item_id) AND (e.version <= r.version) AND (e.entered_by_id IS NOT NULL) AND (e.version > COALESCE(( SELECT max(p.version) AS max
                   FROM lab.result p
                  WHERE ((p.tenant_id = r.tenant_id) AND (p.order_item_id = r.order_item_id) AND (p.version < r.version) AND (p.status = 'RELEASED'::text))), 0)))) AS entered_by_ids,
    ( SELECT COALESCE(jsonb_agg(v.shown ORDER BY v.place), '[]'::jsonb) AS "coalesce"
           FROM lab.value v
          WHERE ((v.tenant_id = r.tenant_id) AND (v.result_id = r.id))) AS shown,
    s.rejected_at AS voided_at,
    s.rejection_code AS void_code,
    s.reason AS void_reason
   FROM (((lab.result r
     JOIN lab.request q ON (((q.tenant_id = r.tenant_id) AND (q.order_item_id = r.order_item_id))))
     JOIN lab.sample s ON (((s.tenant_id = r.tenant_id) AND (s.id = r.sample_id))))
     LEFT JOIN lab.settings t ON (((t.tenant_id = r.tenant_id) AND (t.facility_id = r.facility_id))));


ALTER TABLE lab.result_record OWNER TO hm_owner;

--
-- Name: VIEW result_record; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON VIEW lab.result_record IS 'Results with their values, their test and their sample; entered_by_ids are those who entered it or a version before it since the last release, voided_at is when their sample was rejected.';


--
-- Name: sample_item; Type: TABLE; Schema: lab; Owner: hm_owner
--

CREATE TABLE lab.sample_item (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    sample_id uuid NOT NULL,
    order_item_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY lab.sample_item FORCE ROW LEVEL SECURITY;


ALTER TABLE lab.sample_item OWNER TO hm_owner;

--
-- Name: TABLE sample_item; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON TABLE lab.sample_item IS 'What a sample was taken for; also of one that was rejected and taken again.';


--
-- Name: sample_record; Type: VIEW; Schema: lab; Owner: hm_owner
--

CREATE VIEW lab.sample_record WITH (security_invoker='true') AS
 SELECT s.tenant_id,
    s.facility_id,
    s.id,
    s.barcode,
    s.status,
    s.encounter_id,
    s.patient_id,
    s.specimen_type,
    s.container,
    s.pregnant,
    s.collected_at,
    s.collected_by_id,
    s.received_at,
    s.received_by_id,
    s.rejected_at,
    s.rejected_by_id,
    s.rejection_code,
    s.reason,
    s.stored_at,
    s.stored_by_id,
    s.storage_location,
    s.discarded_at,
    s.discarded_by_id,
    s.version,
    s.created_at,
    s.updated_at,
    ( SELECT COALESCE(jsonb_agg(jsonb_build_object('order_item_id', r.order_item_id, 'order_id', r.order_id, 'service_code', r.service_code, 'name', r.name, 'priority', r.priority) ORDER BY r.urgency, r.order_id, r.place), '[]'::jsonb) AS "coalesce"
           FROM (lab.sample_item i
             JOIN lab.request r ON (((r.tenant_id = i.tenant_id) AND (r.order_item_id = i.order_item_id))))
          WHERE ((i.tenant_id = s.tenant_id) AND (i.sample_id = s.id))) AS items
   FROM lab.sample s;


ALTER TABLE lab.sample_record OWNER TO hm_owner;

--
-- Name: VIEW sample_record; Type: COMMENT; Schema: lab; Owner: hm_owner
--

COMMENT ON VIEW lab.sample_record IS 'Samples with what they were taken for.';


--
-- Name: layout; Type: TABLE; Schema: labprint; Owner: hm_owner
--

CREATE TABLE labprint.layout (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    name text NOT NULL,
    address text[] NOT NULL,
    phone text,
    accreditation text,
    header text,
    footer text,
    accent text NOT NULL,
    logo bytea,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT layout_accent_check CHECK ((accent ~ '^#[0-9a-f]{6}$'::text)),
    CONSTRAINT layout_accreditation_check CHECK (((length(accreditation) >= 1) AND (length(accreditation) <= 200))),
    CONSTRAINT layout_address_check CHECK ((cardinality(address) <= 4)),
    CONSTRAINT layout_footer_check CHECK (((length(footer) >= 1) AND (length(footer) <= 600))),
    CONSTRAINT layout_header_check CHECK (((length(header) >= 1) AND (length(header) <= 300))),
    CONSTRAINT layout_logo_check CHECK (((length(logo) >= 1) AND (length(logo) <= 204800))),
    CONSTRAINT layout_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT layout_phone_check CHECK (((length(phone) >= 1) AND (length(phone) <= 100)))
);

ALTER TABLE ONLY labprint.layout FORCE ROW LEVEL SECURITY;


ALTER TABLE labprint.layout OWNER TO hm_owner;

--
-- Name: TABLE layout; Type: COMMENT; Schema: labprint; Owner: hm_owner
--

COMMENT ON TABLE labprint.layout IS 'How the reports of a facility look. Without a row they bear the facility''s name alone.';


--
-- Name: COLUMN layout.logo; Type: COMMENT; Schema: labprint; Owner: hm_owner
--

COMMENT ON COLUMN labprint.layout.logo IS 'A PNG.';


--
-- Name: numbering; Type: TABLE; Schema: labprint; Owner: hm_owner
--

CREATE TABLE labprint.numbering (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    year integer NOT NULL,
    last_number integer NOT NULL,
    CONSTRAINT numbering_last_number_check CHECK ((last_number > 0)),
    CONSTRAINT numbering_year_check CHECK (((year >= 1900) AND (year <= 9999)))
);

ALTER TABLE ONLY labprint.numbering FORCE ROW LEVEL SECURITY;


ALTER TABLE labprint.numbering OWNER TO hm_owner;

--
-- Name: TABLE numbering; Type: COMMENT; Schema: labprint; Owner: hm_owner
--

COMMENT ON TABLE labprint.numbering IS 'The last report number that a facility gave in a year.';


--
-- Name: reading; Type: TABLE; Schema: labprint; Owner: hm_owner
--

CREATE TABLE labprint.reading (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    order_id uuid NOT NULL,
    report_id uuid NOT NULL,
    user_id uuid NOT NULL,
    read_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY labprint.reading FORCE ROW LEVEL SECURITY;


ALTER TABLE labprint.reading OWNER TO hm_owner;

--
-- Name: TABLE reading; Type: COMMENT; Schema: labprint; Owner: hm_owner
--

COMMENT ON TABLE labprint.reading IS 'Who opened or printed a report first when: whom a corrected one must reach. Every reading is in the audit trail.';


--
-- Name: report; Type: TABLE; Schema: labprint; Owner: hm_owner
--

CREATE TABLE labprint.report (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    number text NOT NULL,
    version integer NOT NULL,
    is_corrected boolean NOT NULL,
    replaces_id uuid,
    item_ids uuid[] NOT NULL,
    result_ids uuid[] NOT NULL,
    former_ids uuid[] NOT NULL,
    service_codes text[] NOT NULL,
    service_names text[] NOT NULL,
    content_digest bytea NOT NULL,
    ordered_by_id uuid,
    issued_by_id uuid,
    issued_at timestamp with time zone NOT NULL,
    CONSTRAINT report_content_digest_check CHECK ((length(content_digest) = 32)),
    CONSTRAINT report_number_check CHECK (((length(number) >= 1) AND (length(number) <= 80))),
    CONSTRAINT report_replaces CHECK (((version = 1) = (replaces_id IS NULL))),
    CONSTRAINT report_tests CHECK (((cardinality(item_ids) > 0) AND (cardinality(result_ids) = cardinality(item_ids)) AND (cardinality(former_ids) = cardinality(item_ids)) AND (cardinality(service_codes) = cardinality(item_ids)) AND (cardinality(service_names) = cardinality(item_ids)))),
    CONSTRAINT report_version_check CHECK ((version > 0))
);

ALTER TABLE ONLY labprint.report FORCE ROW LEVEL SECURITY;


ALTER TABLE labprint.report OWNER TO hm_owner;

--
-- Name: TABLE report; Type: COMMENT; Schema: labprint; Owner: hm_owner
--

COMMENT ON TABLE labprint.report IS 'One version of the report of an order: which versions of its results it tells. It never changes; a release makes the next version.';


--
-- Name: COLUMN report.number; Type: COMMENT; Schema: labprint; Owner: hm_owner
--

COMMENT ON COLUMN labprint.report.number IS 'Of the order: all versions of its report have it.';


--
-- Name: COLUMN report.replaces_id; Type: COMMENT; Schema: labprint; Owner: hm_owner
--

COMMENT ON COLUMN labprint.report.replaces_id IS 'The version before it.';


--
-- Name: COLUMN report.former_ids; Type: COMMENT; Schema: labprint; Owner: hm_owner
--

COMMENT ON COLUMN labprint.report.former_ids IS 'For each result the released one that it corrects, in this version of the report or one before it; zeros where it corrects none.';


--
-- Name: COLUMN report.content_digest; Type: COMMENT; Schema: labprint; Owner: hm_owner
--

COMMENT ON COLUMN labprint.report.content_digest IS 'SHA-256 of what the results said when it was issued: a print whose results say otherwise is refused.';


--
-- Name: delivery; Type: TABLE; Schema: notifications; Owner: hm_owner
--

CREATE TABLE notifications.delivery (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    notification_id uuid NOT NULL,
    channel text NOT NULL,
    is_critical boolean NOT NULL,
    status text NOT NULL,
    reason text,
    tries integer DEFAULT 0 NOT NULL,
    next_try_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    claim_id uuid,
    committed_at timestamp with time zone,
    is_in_doubt boolean DEFAULT false NOT NULL,
    last_error text,
    sent_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT delivery_channel_check CHECK ((channel = ANY (ARRAY['in_app'::text, 'email'::text, 'sms'::text, 'push'::text]))),
    CONSTRAINT delivery_last_error_check CHECK ((length(last_error) <= 500)),
    CONSTRAINT delivery_reason_check CHECK ((length(reason) <= 60)),
    CONSTRAINT delivery_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'SENDING'::text, 'SENT'::text, 'FAILED'::text, 'DEAD'::text, 'SUPPRESSED'::text]))),
    CONSTRAINT delivery_tries_check CHECK ((tries >= 0)),
    CONSTRAINT delivery_waits_or_is_over CHECK (((next_try_at IS NOT NULL) = (status = ANY (ARRAY['PENDING'::text, 'SENDING'::text, 'FAILED'::text]))))
);

ALTER TABLE ONLY notifications.delivery FORCE ROW LEVEL SECURITY;


ALTER TABLE notifications.delivery OWNER TO hm_owner;

--
-- Name: COLUMN delivery.next_try_at; Type: COMMENT; Schema: notifications; Owner: hm_owner
--

COMMENT ON COLUMN notifications.delivery.next_try_at IS 'When to try next; while SENDING, when its claim ends. None once it is over.';


--
-- Name: COLUMN delivery.claim_id; Type: COMMENT; Schema: notifications; Owner: hm_owner
--

COMMENT ON COLUMN notifications.delivery.claim_id IS 'The attempt under way. Whoever holds another claim may neither send nor write what came of it.';


--
-- Name: COLUMN delivery.committed_at; Type: COMMENT; Schema: notifications; Owner: hm_owner
--

COMMENT ON COLUMN notifications.delivery.committed_at IS 'Written before the step from which a message cannot be called back. A claim that ends with it set is in doubt and never repeated by itself.';


--
-- Name: notification; Type: TABLE; Schema: notifications; Owner: hm_owner
--

CREATE TABLE notifications.notification (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    user_id uuid NOT NULL,
    cause text NOT NULL,
    kind text NOT NULL,
    severity text NOT NULL,
    title text NOT NULL,
    service_code text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    alert_id uuid,
    encounter_id uuid,
    patient_id uuid,
    is_in_app boolean NOT NULL,
    read_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT notification_cause_check CHECK (((length(cause) >= 1) AND (length(cause) <= 100))),
    CONSTRAINT notification_kind_check CHECK ((kind ~ '^[a-z][a-z_]{0,59}$'::text)),
    CONSTRAINT notification_service_code_check CHECK ((length(service_code) <= 100)),
    CONSTRAINT notification_severity_check CHECK ((severity = ANY (ARRAY['INFO'::text, 'WARNING'::text, 'CRITICAL'::text]))),
    CONSTRAINT notification_subject_kind_check CHECK ((length(subject_kind) <= 60)),
    CONSTRAINT notification_title_check CHECK ((length(title) <= 500))
);

ALTER TABLE ONLY notifications.notification FORCE ROW LEVEL SECURITY;


ALTER TABLE notifications.notification OWNER TO hm_owner;

--
-- Name: COLUMN notification.cause; Type: COMMENT; Schema: notifications; Owner: hm_owner
--

COMMENT ON COLUMN notifications.notification.cause IS 'What it was made for. One cause tells a person once, however often its job runs.';


--
-- Name: COLUMN notification.is_in_app; Type: COMMENT; Schema: notifications; Owner: hm_owner
--

COMMENT ON COLUMN notifications.notification.is_in_app IS 'Whether the person wants to see it in the app; what goes out by other channels has a row all the same.';


--
-- Name: preference; Type: TABLE; Schema: notifications; Owner: hm_owner
--

CREATE TABLE notifications.preference (
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    channels jsonb NOT NULL,
    quiet_from text,
    quiet_to text,
    sms_to text,
    language text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT preference_check CHECK (((quiet_from IS NULL) = (quiet_to IS NULL))),
    CONSTRAINT preference_language_check CHECK ((language ~ '^[a-z]{2,3}$'::text)),
    CONSTRAINT preference_quiet_from_check CHECK ((quiet_from ~ '^[0-2][0-9]:[0-5][0-9]$'::text)),
    CONSTRAINT preference_quiet_to_check CHECK ((quiet_to ~ '^[0-2][0-9]:[0-5][0-9]$'::text)),
    CONSTRAINT preference_sms_to_check CHECK ((sms_to ~ '^\+[0-9]{6,15}$'::text))
);

ALTER TABLE ONLY notifications.preference FORCE ROW LEVEL SECURITY;


ALTER TABLE notifications.preference OWNER TO hm_owner;

--
-- Name: COLUMN preference.quiet_from; Type: COMMENT; Schema: notifications; Owner: hm_owner
--

COMMENT ON COLUMN notifications.preference.quiet_from IS 'Local time of the facility in which something happens. What is critical passes.';


--
-- Name: push_subscription; Type: TABLE; Schema: notifications; Owner: hm_owner
--

CREATE TABLE notifications.push_subscription (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    endpoint text NOT NULL,
    p256dh text NOT NULL,
    auth text NOT NULL,
    device text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT push_subscription_auth_check CHECK ((length(auth) <= 100)),
    CONSTRAINT push_subscription_device_check CHECK ((length(device) <= 200)),
    CONSTRAINT push_subscription_endpoint_check CHECK (((length(endpoint) >= 1) AND (length(endpoint) <= 1000))),
    CONSTRAINT push_subscription_p256dh_check CHECK ((length(p256dh) <= 200))
);

ALTER TABLE ONLY notifications.push_subscription FORCE ROW LEVEL SECURITY;


ALTER TABLE notifications.push_subscription OWNER TO hm_owner;

--
-- Name: TABLE push_subscription; Type: COMMENT; Schema: notifications; Owner: hm_owner
--

COMMENT ON TABLE notifications.push_subscription IS 'Browsers that show messages while the app is closed. A browser belongs to whoever asked last on it.';


--
-- Name: setting; Type: TABLE; Schema: notifications; Owner: hm_owner
--

CREATE TABLE notifications.setting (
    tenant_id uuid NOT NULL,
    names_outside boolean NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    updated_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY notifications.setting FORCE ROW LEVEL SECURITY;


ALTER TABLE notifications.setting OWNER TO hm_owner;

--
-- Name: COLUMN setting.names_outside; Type: COMMENT; Schema: notifications; Owner: hm_owner
--

COMMENT ON COLUMN notifications.setting.names_outside IS 'Whether patients'' names may stand in what leaves the app: mail, SMS, push.';


--
-- Name: template; Type: TABLE; Schema: notifications; Owner: hm_owner
--

CREATE TABLE notifications.template (
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    channel text NOT NULL,
    language text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    updated_by_id uuid,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT template_body_check CHECK (((length(body) >= 1) AND (length(body) <= 4000))),
    CONSTRAINT template_channel_check CHECK ((channel = ANY (ARRAY['in_app'::text, 'email'::text, 'sms'::text, 'push'::text]))),
    CONSTRAINT template_kind_check CHECK ((kind ~ '^[a-z][a-z_]{0,59}$'::text)),
    CONSTRAINT template_language_check CHECK ((language ~ '^[a-z]{2,3}$'::text)),
    CONSTRAINT template_subject_check CHECK ((length(subject) <= 200))
);

ALTER TABLE ONLY notifications.template FORCE ROW LEVEL SECURITY;


ALTER TABLE notifications.template OWNER TO hm_owner;

--
-- Name: TABLE template; Type: COMMENT; Schema: notifications; Owner: hm_owner
--

COMMENT ON TABLE notifications.template IS 'Texts that a tenant put in the place of the built-in ones.';


--
-- Name: item; Type: TABLE; Schema: orders; Owner: hm_owner
--

CREATE TABLE orders.item (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    place integer NOT NULL,
    order_type text NOT NULL,
    service_code text NOT NULL,
    name text NOT NULL,
    panel_code text,
    priority text NOT NULL,
    quantity integer NOT NULL,
    instructions text,
    data jsonb NOT NULL,
    status text NOT NULL,
    due_at timestamp with time zone,
    started_at timestamp with time zone,
    started_by_id uuid,
    completed_at timestamp with time zone,
    completed_by_id uuid,
    cancelled_at timestamp with time zone,
    cancelled_by_id uuid,
    cancel_reason text,
    created_at timestamp with time zone NOT NULL,
    short_id text GENERATED ALWAYS AS ("left"((id)::text, 8)) STORED,
    CONSTRAINT item_cancel_reason_check CHECK (((length(cancel_reason) >= 1) AND (length(cancel_reason) <= 2000))),
    CONSTRAINT item_cancellation CHECK (((cancelled_at IS NULL) = (cancel_reason IS NULL))),
    CONSTRAINT item_data_check CHECK ((jsonb_typeof(data) = 'object'::text)),
    CONSTRAINT item_instructions_check CHECK (((length(instructions) >= 1) AND (length(instructions) <= 4000))),
    CONSTRAINT item_moments CHECK (
CASE status
    WHEN 'REQUESTED'::text THEN (num_nonnulls(started_at, completed_at, cancelled_at) = 0)
    WHEN 'IN_PROGRESS'::text THEN ((started_at IS NOT NULL) AND (num_nonnulls(completed_at, cancelled_at) = 0))
    WHEN 'COMPLETED'::text THEN ((completed_at IS NOT NULL) AND (cancelled_at IS NULL))
    WHEN 'CANCELLED'::text THEN ((cancelled_at IS NOT NULL) AND (completed_at IS NULL))
    ELSE NULL::boolean
END),
    CONSTRAINT item_panel_code_check CHECK ((panel_code ~ '^[A-Z0-9][A-Z0-9._-]{0,63}$'::text)),
    CONSTRAINT item_place_check CHECK ((place >= 0)),
    CONSTRAINT item_priority_check CHECK ((priority = ANY (ARRAY['ROUTINE'::text, 'URGENT'::text, 'STAT'::text]))),
    CONSTRAINT item_quantity_check CHECK (((quantity >= 1) AND (quantity <= 1000))),
    CONSTRAINT item_service_code_check CHECK ((service_code ~ '^[A-Z0-9][A-Z0-9._-]{0,63}$'::text)),
    CONSTRAINT item_status_check CHECK ((status = ANY (ARRAY['REQUESTED'::text, 'IN_PROGRESS'::text, 'COMPLETED'::text, 'CANCELLED'::text])))
);

ALTER TABLE ONLY orders.item FORCE ROW LEVEL SECURITY;


ALTER TABLE orders.item OWNER TO hm_owner;

--
-- Name: TABLE item; Type: COMMENT; Schema: orders; Owner: hm_owner
--

COMMENT ON TABLE orders.item IS 'One service of an order. A panel is ordered as the services it stands for.';


--
-- Name: COLUMN item.id; Type: COMMENT; Schema: orders; Owner: hm_owner
--

COMMENT ON COLUMN orders.item.id IS 'Random, unlike other ids: its first eight characters tell the tasks of items apart.';


--
-- Name: COLUMN item.name; Type: COMMENT; Schema: orders; Owner: hm_owner
--

COMMENT ON COLUMN orders.item.name IS 'The service''s name, in English, when it was ordered.';


--
-- Name: COLUMN item.short_id; Type: COMMENT; Schema: orders; Owner: hm_owner
--

COMMENT ON COLUMN orders.item.short_id IS 'The first eight characters of id, with which the codes of the item''s tasks end.';


--
-- Name: order; Type: TABLE; Schema: orders; Owner: hm_owner
--

CREATE TABLE orders."order" (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    pack text NOT NULL,
    order_type text NOT NULL,
    priority text NOT NULL,
    status text NOT NULL,
    note text,
    ordered_by_id uuid,
    completed_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    cancelled_by_id uuid,
    cancel_reason text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT order_cancel_reason_check CHECK (((length(cancel_reason) >= 1) AND (length(cancel_reason) <= 2000))),
    CONSTRAINT order_cancellation CHECK (((cancelled_at IS NULL) = (cancel_reason IS NULL))),
    CONSTRAINT order_moments CHECK (
CASE status
    WHEN 'COMPLETED'::text THEN (completed_at IS NOT NULL)
    WHEN 'CANCELLED'::text THEN ((cancelled_at IS NOT NULL) AND (completed_at IS NULL))
    ELSE (num_nonnulls(completed_at, cancelled_at) = 0)
END),
    CONSTRAINT order_note_check CHECK (((length(note) >= 1) AND (length(note) <= 2000))),
    CONSTRAINT order_order_type_check CHECK (((length(order_type) >= 1) AND (length(order_type) <= 100))),
    CONSTRAINT order_priority_check CHECK ((priority = ANY (ARRAY['ROUTINE'::text, 'URGENT'::text, 'STAT'::text]))),
    CONSTRAINT order_status_check CHECK ((status = ANY (ARRAY['CREATED'::text, 'IN_PROGRESS'::text, 'COMPLETED'::text, 'CANCELLED'::text])))
);

ALTER TABLE ONLY orders."order" FORCE ROW LEVEL SECURITY;


ALTER TABLE orders."order" OWNER TO hm_owner;

--
-- Name: TABLE "order"; Type: COMMENT; Schema: orders; Owner: hm_owner
--

COMMENT ON TABLE orders."order" IS 'What somebody ordered for a patient at one go, of one order type. Its status follows from its items.';


--
-- Name: COLUMN "order".pack; Type: COMMENT; Schema: orders; Owner: hm_owner
--

COMMENT ON COLUMN orders."order".pack IS 'The pack of its encounter, whose catalogue the services were taken from.';


--
-- Name: COLUMN "order".cancelled_at; Type: COMMENT; Schema: orders; Owner: hm_owner
--

COMMENT ON COLUMN orders."order".cancelled_at IS 'When what was still open of it was cancelled; beside completed_at where a part was done by then.';


--
-- Name: allowed_tool; Type: TABLE; Schema: packs; Owner: hm_owner
--

CREATE TABLE packs.allowed_tool (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    url text NOT NULL,
    integrity text NOT NULL,
    allowed_by_id uuid,
    allowed_at timestamp with time zone NOT NULL,
    CONSTRAINT allowed_tool_integrity_check CHECK (((length(integrity) >= 1) AND (length(integrity) <= 200))),
    CONSTRAINT allowed_tool_url_check CHECK (((length(url) >= 1) AND (length(url) <= 500)))
);

ALTER TABLE ONLY packs.allowed_tool FORCE ROW LEVEL SECURITY;


ALTER TABLE packs.allowed_tool OWNER TO hm_owner;

--
-- Name: TABLE allowed_tool; Type: COMMENT; Schema: packs; Owner: hm_owner
--

COMMENT ON TABLE packs.allowed_tool IS 'The third parties'' tools that may run in this tenant''s browsers, each held to one content by its hash.';


--
-- Name: version; Type: TABLE; Schema: packs; Owner: hm_owner
--

CREATE TABLE packs.version (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    pack text NOT NULL,
    version text NOT NULL,
    digest bytea NOT NULL,
    archive bytea NOT NULL,
    size integer NOT NULL,
    manifest jsonb NOT NULL,
    installed_by_id uuid,
    installed_at timestamp with time zone NOT NULL,
    CONSTRAINT version_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT version_manifest_check CHECK ((jsonb_typeof(manifest) = 'object'::text)),
    CONSTRAINT version_pack_check CHECK (((length(pack) >= 1) AND (length(pack) <= 64))),
    CONSTRAINT version_size_check CHECK ((size > 0)),
    CONSTRAINT version_version_check CHECK (((length(version) >= 5) AND (length(version) <= 20)))
);

ALTER TABLE ONLY packs.version FORCE ROW LEVEL SECURITY;


ALTER TABLE packs.version OWNER TO hm_owner;

--
-- Name: TABLE version; Type: COMMENT; Schema: packs; Owner: hm_owner
--

COMMENT ON TABLE packs.version IS 'Every version of a pack that a tenant ever installed. The newest is the one in use; the others stay, because documents name the form they were written with.';


--
-- Name: datum; Type: TABLE; Schema: patients; Owner: hm_owner
--

CREATE TABLE patients.datum (
    tenant_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    pack text NOT NULL,
    field text NOT NULL,
    facility_id uuid NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT datum_field_check CHECK ((field <> ''::text)),
    CONSTRAINT datum_pack_check CHECK ((pack <> ''::text)),
    CONSTRAINT datum_value_check CHECK (((length(value) >= 1) AND (length(value) <= 200)))
);

ALTER TABLE ONLY patients.datum FORCE ROW LEVEL SECURITY;


ALTER TABLE patients.datum OWNER TO hm_owner;

--
-- Name: TABLE datum; Type: COMMENT; Schema: patients; Owner: hm_owner
--

COMMENT ON TABLE patients.datum IS 'The searchable fields of patients.system_specific_data, by equality.';


--
-- Name: identifier; Type: TABLE; Schema: patients; Owner: hm_owner
--

CREATE TABLE patients.identifier (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    system text NOT NULL,
    value text NOT NULL,
    patient_id uuid NOT NULL,
    CONSTRAINT identifier_system_check CHECK (((length(system) >= 1) AND (length(system) <= 200))),
    CONSTRAINT identifier_value_check CHECK (((length(value) >= 1) AND (length(value) <= 200)))
);

ALTER TABLE ONLY patients.identifier FORCE ROW LEVEL SECURITY;


ALTER TABLE patients.identifier OWNER TO hm_owner;

--
-- Name: TABLE identifier; Type: COMMENT; Schema: patients; Owner: hm_owner
--

COMMENT ON TABLE patients.identifier IS 'Who holds which outside number, spelt in one way, so that no two patients of a facility hold the same. The record itself shows patient.identifiers.';


--
-- Name: patient; Type: TABLE; Schema: patients; Owner: hm_owner
--

CREATE TABLE patients.patient (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    mrn text NOT NULL,
    mrn_series text,
    mrn_number bigint,
    full_name text NOT NULL,
    date_of_birth date,
    birth_date_estimated boolean DEFAULT false NOT NULL,
    gender text NOT NULL,
    phone text,
    phone_digits text,
    email text,
    address text,
    blood_group text,
    identifiers jsonb DEFAULT '[]'::jsonb NOT NULL,
    system_specific_data jsonb DEFAULT '{}'::jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT patient_address_check CHECK (((length(address) >= 1) AND (length(address) <= 1000))),
    CONSTRAINT patient_blood_group_check CHECK ((blood_group = ANY (ARRAY['A+'::text, 'A-'::text, 'B+'::text, 'B-'::text, 'AB+'::text, 'AB-'::text, 'O+'::text, 'O-'::text]))),
    CONSTRAINT patient_check CHECK (((mrn_series IS NULL) = (mrn_number IS NULL))),
    CONSTRAINT patient_check1 CHECK (((NOT birth_date_estimated) OR (date_of_birth IS NOT NULL))),
    CONSTRAINT patient_check2 CHECK (((phone IS NULL) = (phone_digits IS NULL))),
    CONSTRAINT patient_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT patient_full_name_check CHECK (((length(full_name) >= 1) AND (length(full_name) <= 255))),
    CONSTRAINT patient_gender_check CHECK ((gender = ANY (ARRAY['male'::text, 'female'::text, 'other'::text, 'unknown'::text]))),
    CONSTRAINT patient_identifiers_check CHECK ((jsonb_typeof(identifiers) = 'array'::text)),
    CONSTRAINT patient_mrn_check CHECK ((((length(mrn) >= 1) AND (length(mrn) <= 128)) AND (mrn = upper(mrn)))),
    CONSTRAINT patient_mrn_number_check CHECK ((mrn_number > 0)),
    CONSTRAINT patient_phone_check CHECK (((length(phone) >= 1) AND (length(phone) <= 40))),
    CONSTRAINT patient_phone_digits_check CHECK ((phone_digits ~ '^[0-9]{4,20}$'::text)),
    CONSTRAINT patient_system_specific_data_check CHECK ((jsonb_typeof(system_specific_data) = 'object'::text))
);

ALTER TABLE ONLY patients.patient FORCE ROW LEVEL SECURITY;


ALTER TABLE patients.patient OWNER TO hm_owner;

--
-- Name: TABLE patient; Type: COMMENT; Schema: patients; Owner: hm_owner
--

COMMENT ON TABLE patients.patient IS 'A person under the care of a facility. mrn_series and mrn_number are set on MRNs that HM made.';


--
-- Name: search_entry; Type: TABLE; Schema: patients; Owner: hm_owner
--

CREATE TABLE patients.search_entry (
    tenant_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    key_version integer NOT NULL,
    sort_name text NOT NULL COLLATE pg_catalog."C",
    keys bigint[] NOT NULL
);
ALTER TABLE ONLY patients.search_entry ALTER COLUMN keys SET STATISTICS 0;

ALTER TABLE ONLY patients.search_entry FORCE ROW LEVEL SECURITY;


ALTER TABLE patients.search_entry OWNER TO hm_owner;

--
-- Name: TABLE search_entry; Type: COMMENT; Schema: patients; Owner: hm_owner
--

COMMENT ON TABLE patients.search_entry IS 'How patients are found: hashes, made in Go, of the facility with everything a patient may be asked for by. Rows of an older key_version are rebuilt in the background; a bulk load writes version 0 and no keys.';


--
-- Name: hm_migration; Type: TABLE; Schema: public; Owner: hm_owner
--

CREATE TABLE public.hm_migration (
    id integer NOT NULL,
    version_id bigint NOT NULL,
    is_applied boolean NOT NULL,
    tstamp timestamp without time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.hm_migration OWNER TO hm_owner;

--
-- Name: hm_migration_id_seq; Type: SEQUENCE; Schema: public; Owner: hm_owner
--

ALTER TABLE public.hm_migration ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.hm_migration_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: exclusion; Type: TABLE; Schema: qualitycontrol; Owner: hm_owner
--

CREATE TABLE qualitycontrol.exclusion (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    run_id uuid NOT NULL,
    reason text NOT NULL,
    excluded_by_id uuid,
    excluded_at timestamp with time zone NOT NULL,
    CONSTRAINT exclusion_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)))
);

ALTER TABLE ONLY qualitycontrol.exclusion FORCE ROW LEVEL SECURITY;


ALTER TABLE qualitycontrol.exclusion OWNER TO hm_owner;

--
-- Name: TABLE exclusion; Type: COMMENT; Schema: qualitycontrol; Owner: hm_owner
--

COMMENT ON TABLE qualitycontrol.exclusion IS 'A run that counts no more in means and in series, such as one of the wrong vial. The run itself stays.';


--
-- Name: lot; Type: TABLE; Schema: qualitycontrol; Owner: hm_owner
--

CREATE TABLE qualitycontrol.lot (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    material text NOT NULL,
    lot_number text NOT NULL,
    level integer NOT NULL,
    expires_on date NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_by_id uuid,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT lot_level_check CHECK (((level >= 1) AND (level <= 3))),
    CONSTRAINT lot_lot_number_check CHECK (((length(lot_number) >= 1) AND (length(lot_number) <= 60))),
    CONSTRAINT lot_material_check CHECK (((length(material) >= 1) AND (length(material) <= 100)))
);

ALTER TABLE ONLY qualitycontrol.lot FORCE ROW LEVEL SECURITY;


ALTER TABLE qualitycontrol.lot OWNER TO hm_owner;

--
-- Name: TABLE lot; Type: COMMENT; Schema: qualitycontrol; Owner: hm_owner
--

COMMENT ON TABLE qualitycontrol.lot IS 'Control material of one level, of one making.';


--
-- Name: COLUMN lot.expires_on; Type: COMMENT; Schema: qualitycontrol; Owner: hm_owner
--

COMMENT ON COLUMN qualitycontrol.lot.expires_on IS 'The last day, by the facility''s own clock, on which it may be run.';


--
-- Name: run; Type: TABLE; Schema: qualitycontrol; Owner: hm_owner
--

CREATE TABLE qualitycontrol.run (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    lot_id uuid NOT NULL,
    analyte text NOT NULL,
    value numeric NOT NULL,
    unit text NOT NULL,
    mean numeric NOT NULL,
    sd numeric NOT NULL,
    status text NOT NULL,
    rules text[] NOT NULL,
    hold_id uuid,
    at timestamp with time zone NOT NULL,
    comment text,
    recorded_by_id uuid,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT run_comment_check CHECK (((length(comment) >= 1) AND (length(comment) <= 2000))),
    CONSTRAINT run_rejection CHECK ((((status = 'REJECTED'::text) = (hold_id IS NOT NULL)) AND ((status = 'IN_CONTROL'::text) = (cardinality(rules) = 0)))),
    CONSTRAINT run_sd_check CHECK ((sd > (0)::numeric)),
    CONSTRAINT run_status_check CHECK ((status = ANY (ARRAY['IN_CONTROL'::text, 'WARNING'::text, 'REJECTED'::text])))
);

ALTER TABLE ONLY qualitycontrol.run FORCE ROW LEVEL SECURITY;


ALTER TABLE qualitycontrol.run OWNER TO hm_owner;

--
-- Name: TABLE run; Type: COMMENT; Schema: qualitycontrol; Owner: hm_owner
--

COMMENT ON TABLE qualitycontrol.run IS 'What was found of one analyte in a lot, with the target and the rules it was judged by. Never changed, never deleted.';


--
-- Name: good_run; Type: VIEW; Schema: qualitycontrol; Owner: hm_owner
--

CREATE VIEW qualitycontrol.good_run WITH (security_invoker='true') AS
 SELECT r.tenant_id,
    r.facility_id,
    r.id,
    l.material,
    l.level,
    r.analyte,
    r.at
   FROM (qualitycontrol.run r
     JOIN qualitycontrol.lot l ON (((l.tenant_id = r.tenant_id) AND (l.id = r.lot_id))))
  WHERE ((r.status <> 'REJECTED'::text) AND (NOT (EXISTS ( SELECT
           FROM qualitycontrol.exclusion e
          WHERE ((e.tenant_id = r.tenant_id) AND (e.run_id = r.id))))));


ALTER TABLE qualitycontrol.good_run OWNER TO hm_owner;

--
-- Name: VIEW good_run; Type: COMMENT; Schema: qualitycontrol; Owner: hm_owner
--

COMMENT ON VIEW qualitycontrol.good_run IS 'Runs that vouch for what was measured before them: not rejected, and not excluded.';


--
-- Name: hold; Type: TABLE; Schema: qualitycontrol; Owner: hm_owner
--

CREATE TABLE qualitycontrol.hold (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    analyte text NOT NULL,
    lot_id uuid NOT NULL,
    run_id uuid NOT NULL,
    rules text[] NOT NULL,
    run_count integer DEFAULT 1 NOT NULL,
    status text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    last_violated_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by_id uuid,
    reason text,
    version integer DEFAULT 1 NOT NULL,
    resolved_after_good_run boolean,
    CONSTRAINT hold_good_run CHECK (((status = 'RESOLVED'::text) OR (resolved_after_good_run IS NULL))),
    CONSTRAINT hold_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000))),
    CONSTRAINT hold_resolution CHECK ((((status = 'RESOLVED'::text) = (resolved_at IS NOT NULL)) AND ((status = 'RESOLVED'::text) = (reason IS NOT NULL)))),
    CONSTRAINT hold_rules_check CHECK ((cardinality(rules) > 0)),
    CONSTRAINT hold_run_count_check CHECK ((run_count > 0)),
    CONSTRAINT hold_status_check CHECK ((status = ANY (ARRAY['OPEN'::text, 'RESOLVED'::text])))
);

ALTER TABLE ONLY qualitycontrol.hold FORCE ROW LEVEL SECURITY;


ALTER TABLE qualitycontrol.hold OWNER TO hm_owner;

--
-- Name: TABLE hold; Type: COMMENT; Schema: qualitycontrol; Owner: hm_owner
--

COMMENT ON TABLE qualitycontrol.hold IS 'Keeps the patient results of an analyte from being vouched for, since a control run broke a rule.';


--
-- Name: COLUMN hold.run_id; Type: COMMENT; Schema: qualitycontrol; Owner: hm_owner
--

COMMENT ON COLUMN qualitycontrol.hold.run_id IS 'The run that began it; run_count counts those that were rejected while it was open.';


--
-- Name: COLUMN hold.resolved_after_good_run; Type: COMMENT; Schema: qualitycontrol; Owner: hm_owner
--

COMMENT ON COLUMN qualitycontrol.hold.resolved_after_good_run IS 'Whether every level that was rejected had been run well again when somebody resolved it. NULL while it is open, and of those resolved before this was asked.';


--
-- Name: hold_record; Type: VIEW; Schema: qualitycontrol; Owner: hm_owner
--

CREATE VIEW qualitycontrol.hold_record WITH (security_invoker='true') AS
 SELECT h.tenant_id,
    h.facility_id,
    h.id,
    h.analyte,
    h.lot_id,
    h.run_id,
    h.rules,
    h.run_count,
    h.status,
    h.opened_at,
    h.last_violated_at,
    h.resolved_at,
    h.resolved_by_id,
    h.reason,
    h.version,
    l.material,
    l.lot_number,
    l.level,
    COALESCE(( SELECT min(( SELECT max(g.at) AS max
                   FROM qualitycontrol.good_run g
                  WHERE ((g.tenant_id = r.tenant_id) AND (g.facility_id = r.facility_id) AND (g.material = b.material) AND (g.level = b.level) AND (g.analyte = r.analyte) AND (ROW(g.at, g.id) < ROW(r.at, r.id))))) AS min
           FROM (qualitycontrol.run r
             JOIN qualitycontrol.lot b ON (((b.tenant_id = r.tenant_id) AND (b.id = r.lot_id))))
          WHERE ((r.tenant_id = h.tenant_id) AND (r.hold_id = h.id))), ( SELECT max(g.at) AS max
           FROM (qualitycontrol.run r
             JOIN qualitycontrol.good_run g ON (((g.tenant_id = r.tenant_id) AND (g.facility_id = r.facility_id) AND (g.analyte = r.analyte) AND (ROW(g.at, g.id) < ROW(r.at, r.id)))))
          WHERE ((r.tenant_id = h.tenant_id) AND (r.id = h.run_id)))) AS last_good_run_at,
        CASE
            WHEN (h.status = 'RESOLVED'::text) THEN h.resolved_after_good_run
            ELSE ( SELECT bool_and((EXISTS ( SELECT
                       FROM qualitycontrol.good_run g
                      WHERE ((g.tenant_id = r.tenant_id) AND (g.facility_id = r.facility_id) AND (g.material = b.material) AND (g.level = b.level) AND (g.analyte = r.analyte) AND (ROW(g.at, g.id) > ROW(r.at, r.id)))))) AS bool_and
               FROM (qualitycontrol.run r
                 JOIN qualitycontrol.lot b ON (((b.tenant_id = r.tenant_id) AND (b.id = r.lot_id))))
              WHERE ((r.tenant_id = h.tenant_id) AND (r.hold_id = h.id)))
        END AS has_good_run_since
   FROM (qualitycontrol.hold h
     JOIN qualitycontrol.lot l ON (((l.tenant_id = h.tenant_id) AND (l.id = h.lot_id))));


ALTER TABLE qualitycontrol.hold_record OWNER TO hm_owner;

--
-- Name: VIEW hold_record; Type: COMMENT; Schema: qualitycontrol; Owner: hm_owner
--

COMMENT ON VIEW qualitycontrol.hold_record IS 'Holds with the lot that began them; last_good_run_at is the newest good run before the violation, of the level that broke a rule or, where it never had one, of any; has_good_run_since says that every rejected level was good after its last rejected run.';


--
-- Name: target; Type: TABLE; Schema: qualitycontrol; Owner: hm_owner
--

CREATE TABLE qualitycontrol.target (
    tenant_id uuid NOT NULL,
    facility_id uuid NOT NULL,
    id uuid NOT NULL,
    lot_id uuid NOT NULL,
    place integer NOT NULL,
    analyte text NOT NULL,
    mean numeric NOT NULL,
    sd numeric NOT NULL,
    unit text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT target_analyte_check CHECK ((analyte ~ '^[A-Z0-9][A-Z0-9._-]{0,63}$'::text)),
    CONSTRAINT target_place_check CHECK ((place >= 0)),
    CONSTRAINT target_sd_check CHECK ((sd > (0)::numeric)),
    CONSTRAINT target_unit_check CHECK ((length(unit) <= 40))
);

ALTER TABLE ONLY qualitycontrol.target FORCE ROW LEVEL SECURITY;


ALTER TABLE qualitycontrol.target OWNER TO hm_owner;

--
-- Name: TABLE target; Type: COMMENT; Schema: qualitycontrol; Owner: hm_owner
--

COMMENT ON TABLE qualitycontrol.target IS 'What a lot should be found to hold of one analyte. Each run keeps the target it was judged by.';


--
-- Name: edition; Type: TABLE; Schema: repertory; Owner: hm_owner
--

CREATE TABLE repertory.edition (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    source text NOT NULL,
    rubrics integer NOT NULL,
    remedies integer NOT NULL,
    gradings integer NOT NULL,
    imported_at timestamp with time zone NOT NULL,
    CONSTRAINT edition_gradings_check CHECK ((gradings > 0)),
    CONSTRAINT edition_remedies_check CHECK ((remedies > 0)),
    CONSTRAINT edition_rubrics_check CHECK ((rubrics > 0)),
    CONSTRAINT edition_source_check CHECK (((length(source) >= 1) AND (length(source) <= 255)))
);

ALTER TABLE ONLY repertory.edition FORCE ROW LEVEL SECURITY;


ALTER TABLE repertory.edition OWNER TO hm_owner;

--
-- Name: TABLE edition; Type: COMMENT; Schema: repertory; Owner: hm_owner
--

COMMENT ON TABLE repertory.edition IS 'What a tenant imported last. Its id is another with each import: by it, servers know that what they keep in memory is the newest.';


--
-- Name: grading; Type: TABLE; Schema: repertory; Owner: hm_owner
--

CREATE TABLE repertory.grading (
    tenant_id uuid NOT NULL,
    place integer NOT NULL,
    remedy integer NOT NULL,
    grade integer NOT NULL,
    CONSTRAINT grading_grade_check CHECK (((grade >= 1) AND (grade <= 5)))
);

ALTER TABLE ONLY repertory.grading FORCE ROW LEVEL SECURITY;


ALTER TABLE repertory.grading OWNER TO hm_owner;

--
-- Name: TABLE grading; Type: COMMENT; Schema: repertory; Owner: hm_owner
--

COMMENT ON TABLE repertory.grading IS 'How strongly a rubric, by its place, is known of a remedy, by its number. Half a million rows an edition, written by one importer in one transaction, so that no foreign key checks each.';


--
-- Name: remedy; Type: TABLE; Schema: repertory; Owner: hm_owner
--

CREATE TABLE repertory.remedy (
    tenant_id uuid NOT NULL,
    number integer NOT NULL,
    abbreviation text NOT NULL,
    name text NOT NULL,
    CONSTRAINT remedy_abbreviation_check CHECK (((length(abbreviation) >= 1) AND (length(abbreviation) <= 40))),
    CONSTRAINT remedy_name_check CHECK (((length(name) >= 1) AND (length(name) <= 255))),
    CONSTRAINT remedy_number_check CHECK ((number >= 0))
);

ALTER TABLE ONLY repertory.remedy FORCE ROW LEVEL SECURITY;


ALTER TABLE repertory.remedy OWNER TO hm_owner;

--
-- Name: rubric; Type: TABLE; Schema: repertory; Owner: hm_owner
--

CREATE TABLE repertory.rubric (
    tenant_id uuid NOT NULL,
    place integer NOT NULL,
    id uuid NOT NULL,
    chapter text NOT NULL,
    path text NOT NULL,
    see text,
    CONSTRAINT rubric_chapter_check CHECK (((length(chapter) >= 1) AND (length(chapter) <= 100))),
    CONSTRAINT rubric_path_check CHECK (((length(path) >= 1) AND (length(path) <= 1000))),
    CONSTRAINT rubric_place_check CHECK ((place >= 0)),
    CONSTRAINT rubric_see_check CHECK (((length(see) >= 1) AND (length(see) <= 1000)))
);

ALTER TABLE ONLY repertory.rubric FORCE ROW LEVEL SECURITY;


ALTER TABLE repertory.rubric OWNER TO hm_owner;

--
-- Name: COLUMN rubric.place; Type: COMMENT; Schema: repertory; Owner: hm_owner
--

COMMENT ON COLUMN repertory.rubric.place IS 'Its place in the book.';


--
-- Name: COLUMN rubric.id; Type: COMMENT; Schema: repertory; Owner: hm_owner
--

COMMENT ON COLUMN repertory.rubric.id IS 'Made of what the rubric is called, so that it stays the same when the book is imported again: documents remember it.';


--
-- Name: firing; Type: TABLE; Schema: rules; Owner: hm_owner
--

CREATE TABLE rules.firing (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    moment text NOT NULL,
    rule text NOT NULL,
    pack text NOT NULL,
    pack_version text NOT NULL,
    effect text NOT NULL,
    severity text NOT NULL,
    outcome text NOT NULL,
    message text NOT NULL,
    reason text,
    failure text,
    facts jsonb NOT NULL,
    actor_id uuid,
    at timestamp with time zone NOT NULL,
    CONSTRAINT firing_effect_check CHECK ((effect = ANY (ARRAY['block'::text, 'warn'::text, 'require_reason'::text, 'open_task'::text, 'raise_alert'::text, 'notify'::text, 'order_tests'::text, 'auto_verify'::text]))),
    CONSTRAINT firing_facts_check CHECK ((jsonb_typeof(facts) = 'object'::text)),
    CONSTRAINT firing_failure_check CHECK ((failure = ANY (ARRAY['missing_fact'::text, 'cost_limit'::text, 'error'::text]))),
    CONSTRAINT firing_moment_check CHECK (((length(moment) >= 1) AND (length(moment) <= 64))),
    CONSTRAINT firing_outcome_check CHECK ((outcome = ANY (ARRAY['warned'::text, 'overridden'::text, 'task_opened'::text, 'task_open_already'::text, 'task_not_opened'::text, 'alert_recorded'::text, 'alert_raised'::text, 'notification_recorded'::text, 'tests_ordered'::text, 'auto_verified'::text]))),
    CONSTRAINT firing_pack_check CHECK (((length(pack) >= 1) AND (length(pack) <= 64))),
    CONSTRAINT firing_pack_version_check CHECK (((length(pack_version) >= 1) AND (length(pack_version) <= 64))),
    CONSTRAINT firing_reason CHECK (((outcome = 'overridden'::text) = (reason IS NOT NULL))),
    CONSTRAINT firing_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000))),
    CONSTRAINT firing_rule_check CHECK (((length(rule) >= 1) AND (length(rule) <= 200))),
    CONSTRAINT firing_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'safety'::text])))
);

ALTER TABLE ONLY rules.firing FORCE ROW LEVEL SECURITY;


ALTER TABLE rules.firing OWNER TO hm_owner;

--
-- Name: TABLE firing; Type: COMMENT; Schema: rules; Owner: hm_owner
--

COMMENT ON TABLE rules.firing IS 'Every rule that fired on an act that passed: what it asked, why, and what became of it. An act that was refused is undone with all its rows; its rules stand in the audit trail.';


--
-- Name: override; Type: TABLE; Schema: rules; Owner: hm_owner
--

CREATE TABLE rules.override (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    code text NOT NULL,
    enabled boolean NOT NULL,
    severity text,
    parameters jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT override_code_check CHECK (((length(code) >= 1) AND (length(code) <= 200))),
    CONSTRAINT override_parameters_check CHECK ((jsonb_typeof(parameters) = 'object'::text)),
    CONSTRAINT override_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'safety'::text])))
);

ALTER TABLE ONLY rules.override FORCE ROW LEVEL SECURITY;


ALTER TABLE rules.override OWNER TO hm_owner;

--
-- Name: TABLE override; Type: COMMENT; Schema: rules; Owner: hm_owner
--

COMMENT ON TABLE rules.override IS 'What a tenant changed about a rule of its packs: only what differs. Without a row the rule is as its pack has it.';


--
-- Name: task; Type: TABLE; Schema: tasks; Owner: hm_owner
--

CREATE TABLE tasks.task (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    facility_id uuid NOT NULL,
    encounter_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    status text NOT NULL,
    assigned_to_id uuid,
    due_at timestamp with time zone,
    assigned_at timestamp with time zone,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    created_by_id uuid,
    assigned_by_id uuid,
    started_by_id uuid,
    completed_by_id uuid,
    cancelled_by_id uuid,
    encounter_over boolean DEFAULT false NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    outlives_encounter boolean DEFAULT false NOT NULL,
    CONSTRAINT task_assignment CHECK (((assigned_to_id IS NULL) = (assigned_at IS NULL))),
    CONSTRAINT task_code_check CHECK ((code ~ '^[a-z0-9][a-z0-9_-]{0,99}$'::text)),
    CONSTRAINT task_moments CHECK (
CASE status
    WHEN 'OPEN'::text THEN (num_nonnulls(started_at, completed_at, cancelled_at) = 0)
    WHEN 'IN_PROGRESS'::text THEN ((started_at IS NOT NULL) AND (num_nonnulls(completed_at, cancelled_at) = 0))
    WHEN 'DONE'::text THEN ((num_nulls(started_at, completed_at) = 0) AND (cancelled_at IS NULL))
    WHEN 'CANCELLED'::text THEN ((cancelled_at IS NOT NULL) AND (completed_at IS NULL))
    ELSE NULL::boolean
END),
    CONSTRAINT task_status_check CHECK ((status = ANY (ARRAY['OPEN'::text, 'IN_PROGRESS'::text, 'DONE'::text, 'CANCELLED'::text]))),
    CONSTRAINT task_title_check CHECK (((length(title) >= 1) AND (length(title) <= 1000)))
);

ALTER TABLE ONLY tasks.task FORCE ROW LEVEL SECURITY;


ALTER TABLE tasks.task OWNER TO hm_owner;

--
-- Name: TABLE task; Type: COMMENT; Schema: tasks; Owner: hm_owner
--

COMMENT ON TABLE tasks.task IS 'What someone still has to do, or did, for an encounter. One row per encounter and code.';


--
-- Name: COLUMN task.encounter_over; Type: COMMENT; Schema: tasks; Owner: hm_owner
--

COMMENT ON COLUMN tasks.task.encounter_over IS 'The encounter is closed or cancelled: the task stands as it is, and every answer''s actions say so.';


--
-- Name: COLUMN task.outlives_encounter; Type: COMMENT; Schema: tasks; Owner: hm_owner
--

COMMENT ON COLUMN tasks.task.outlives_encounter IS 'Work of the laboratory: closing the encounter does not end it, cancelling does.';


--
-- Name: tenant; Type: TABLE; Schema: tenants; Owner: hm_owner
--

CREATE TABLE tenants.tenant (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT tenant_code_check CHECK ((code ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$'::text)),
    CONSTRAINT tenant_name_check CHECK (((length(name) >= 1) AND (length(name) <= 255)))
);


ALTER TABLE tenants.tenant OWNER TO hm_owner;

--
-- Name: TABLE tenant; Type: COMMENT; Schema: tenants; Owner: hm_owner
--

COMMENT ON TABLE tenants.tenant IS 'A hospital or chain of hospitals. Not a tenant table itself: only those who run the installation write it.';


--
-- Name: alert alert_pkey; Type: CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.alert
    ADD CONSTRAINT alert_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: duty duty_pkey; Type: CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.duty
    ADD CONSTRAINT duty_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: history history_pkey; Type: CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.history
    ADD CONSTRAINT history_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: policy policy_kind; Type: CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.policy
    ADD CONSTRAINT policy_kind UNIQUE (tenant_id, kind);


--
-- Name: policy policy_pkey; Type: CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: target target_pkey; Type: CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.target
    ADD CONSTRAINT target_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: team team_code; Type: CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.team
    ADD CONSTRAINT team_code UNIQUE (tenant_id, facility_id, code);


--
-- Name: team_member team_member_pkey; Type: CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.team_member
    ADD CONSTRAINT team_member_pkey PRIMARY KEY (tenant_id, team_id, user_id);


--
-- Name: team team_pkey; Type: CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.team
    ADD CONSTRAINT team_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: batch batch_pkey; Type: CONSTRAINT; Schema: audit; Owner: hm_owner
--

ALTER TABLE ONLY audit.batch
    ADD CONSTRAINT batch_pkey PRIMARY KEY (tenant_id, first_leaf);


--
-- Name: entry_patient entry_patient_pkey; Type: CONSTRAINT; Schema: audit; Owner: hm_owner
--

ALTER TABLE ONLY audit.entry_patient
    ADD CONSTRAINT entry_patient_pkey PRIMARY KEY (tenant_id, patient_id, at, entry_id);


--
-- Name: entry entry_pkey; Type: CONSTRAINT; Schema: audit; Owner: hm_owner
--

ALTER TABLE ONLY audit.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: leaf leaf_entry_key; Type: CONSTRAINT; Schema: audit; Owner: hm_owner
--

ALTER TABLE ONLY audit.leaf
    ADD CONSTRAINT leaf_entry_key UNIQUE (tenant_id, entry_id);


--
-- Name: leaf leaf_pkey; Type: CONSTRAINT; Schema: audit; Owner: hm_owner
--

ALTER TABLE ONLY audit.leaf
    ADD CONSTRAINT leaf_pkey PRIMARY KEY (tenant_id, leaf_index);


--
-- Name: mention mention_pkey; Type: CONSTRAINT; Schema: audit; Owner: hm_owner
--

ALTER TABLE ONLY audit.mention
    ADD CONSTRAINT mention_pkey PRIMARY KEY (tenant_id, subject_id, at, record_id);


--
-- Name: seal seal_pkey; Type: CONSTRAINT; Schema: audit; Owner: hm_owner
--

ALTER TABLE ONLY audit.seal
    ADD CONSTRAINT seal_pkey PRIMARY KEY (tenant_id, tree_size);


--
-- Name: sealer sealer_pkey; Type: CONSTRAINT; Schema: audit; Owner: hm_owner
--

ALTER TABLE ONLY audit.sealer
    ADD CONSTRAINT sealer_pkey PRIMARY KEY (only_row);


--
-- Name: document document_identity; Type: CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.document
    ADD CONSTRAINT document_identity UNIQUE (tenant_id, id, chain_id, version, encounter_id, template_code);


--
-- Name: document document_of_draft_once; Type: CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.document
    ADD CONSTRAINT document_of_draft_once UNIQUE (tenant_id, draft_id);


--
-- Name: document document_pkey; Type: CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.document
    ADD CONSTRAINT document_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: document document_place_in_chain; Type: CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.document
    ADD CONSTRAINT document_place_in_chain UNIQUE (tenant_id, chain_id, version);


--
-- Name: document document_supersedes_once; Type: CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.document
    ADD CONSTRAINT document_supersedes_once UNIQUE (tenant_id, supersedes_id);


--
-- Name: draft draft_idempotency_key; Type: CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.draft
    ADD CONSTRAINT draft_idempotency_key UNIQUE (tenant_id, encounter_id, author_id, idempotency_key);


--
-- Name: draft draft_pkey; Type: CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.draft
    ADD CONSTRAINT draft_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: latest latest_pkey; Type: CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.latest
    ADD CONSTRAINT latest_pkey PRIMARY KEY (tenant_id, encounter_id, template_code);


--
-- Name: observation observation_pkey; Type: CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.observation
    ADD CONSTRAINT observation_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: datum datum_pkey; Type: CONSTRAINT; Schema: encounters; Owner: hm_owner
--

ALTER TABLE ONLY encounters.datum
    ADD CONSTRAINT datum_pkey PRIMARY KEY (tenant_id, encounter_id, pack, field);


--
-- Name: document document_pkey; Type: CONSTRAINT; Schema: encounters; Owner: hm_owner
--

ALTER TABLE ONLY encounters.document
    ADD CONSTRAINT document_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: encounter encounter_pkey; Type: CONSTRAINT; Schema: encounters; Owner: hm_owner
--

ALTER TABLE ONLY encounters.encounter
    ADD CONSTRAINT encounter_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: events; Owner: hm_owner
--

ALTER TABLE ONLY events.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (tenant_id, event_id, subscriber);


--
-- Name: event event_pkey; Type: CONSTRAINT; Schema: events; Owner: hm_owner
--

ALTER TABLE ONLY events.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: relay relay_pkey; Type: CONSTRAINT; Schema: events; Owner: hm_owner
--

ALTER TABLE ONLY events.relay
    ADD CONSTRAINT relay_pkey PRIMARY KEY (only_row);


--
-- Name: facility facility_code_key; Type: CONSTRAINT; Schema: facilities; Owner: hm_owner
--

ALTER TABLE ONLY facilities.facility
    ADD CONSTRAINT facility_code_key UNIQUE (tenant_id, code);


--
-- Name: facility facility_pkey; Type: CONSTRAINT; Schema: facilities; Owner: hm_owner
--

ALTER TABLE ONLY facilities.facility
    ADD CONSTRAINT facility_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: installation installation_pkey; Type: CONSTRAINT; Schema: hm; Owner: hm_owner
--

ALTER TABLE ONLY hm.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (only_row);


--
-- Name: idempotency idempotency_pkey; Type: CONSTRAINT; Schema: httpx; Owner: hm_owner
--

ALTER TABLE ONLY httpx.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (tenant_id, facility_id, user_id, method, path, key);


--
-- Name: invalidation invalidation_pkey; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.invalidation
    ADD CONSTRAINT invalidation_pkey PRIMARY KEY (id);


--
-- Name: membership membership_pkey; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.membership
    ADD CONSTRAINT membership_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: membership_role membership_role_pkey; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.membership_role
    ADD CONSTRAINT membership_role_pkey PRIMARY KEY (tenant_id, membership_id, role_id);


--
-- Name: membership membership_user_facility_key; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.membership
    ADD CONSTRAINT membership_user_facility_key UNIQUE (tenant_id, user_id, facility_id);


--
-- Name: refresh_token refresh_token_pkey; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.refresh_token
    ADD CONSTRAINT refresh_token_pkey PRIMARY KEY (hash);


--
-- Name: refused_sign_in refused_sign_in_pkey; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.refused_sign_in
    ADD CONSTRAINT refused_sign_in_pkey PRIMARY KEY (id);


--
-- Name: role role_code_key; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.role
    ADD CONSTRAINT role_code_key UNIQUE (tenant_id, code);


--
-- Name: role_permission role_permission_pkey; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.role_permission
    ADD CONSTRAINT role_permission_pkey PRIMARY KEY (tenant_id, role_id, permission);


--
-- Name: role role_pkey; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.role
    ADD CONSTRAINT role_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: session session_pkey; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (id);


--
-- Name: sign_in_throttle sign_in_throttle_pkey; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.sign_in_throttle
    ADD CONSTRAINT sign_in_throttle_pkey PRIMARY KEY (key);


--
-- Name: tenant_user tenant_user_pkey; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.tenant_user
    ADD CONSTRAINT tenant_user_pkey PRIMARY KEY (tenant_id, user_id);


--
-- Name: user_account user_account_pkey; Type: CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.user_account
    ADD CONSTRAINT user_account_pkey PRIMARY KEY (id);


--
-- Name: barcode_series barcode_series_pkey; Type: CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.barcode_series
    ADD CONSTRAINT barcode_series_pkey PRIMARY KEY (tenant_id, facility_id, day);


--
-- Name: reflex reflex_pkey; Type: CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.reflex
    ADD CONSTRAINT reflex_pkey PRIMARY KEY (tenant_id, order_item_id, service_code);


--
-- Name: request request_pkey; Type: CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (tenant_id, order_item_id);


--
-- Name: result result_identity; Type: CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.result
    ADD CONSTRAINT result_identity UNIQUE (tenant_id, id, order_item_id, version);


--
-- Name: result result_pkey; Type: CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.result
    ADD CONSTRAINT result_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: result result_version; Type: CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.result
    ADD CONSTRAINT result_version UNIQUE (tenant_id, order_item_id, version);


--
-- Name: sample sample_barcode; Type: CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.sample
    ADD CONSTRAINT sample_barcode UNIQUE (tenant_id, facility_id, barcode);


--
-- Name: sample_item sample_item_pkey; Type: CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.sample_item
    ADD CONSTRAINT sample_item_pkey PRIMARY KEY (tenant_id, sample_id, order_item_id);


--
-- Name: sample sample_pkey; Type: CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.sample
    ADD CONSTRAINT sample_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: settings settings_pkey; Type: CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (tenant_id, facility_id);


--
-- Name: value value_code; Type: CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.value
    ADD CONSTRAINT value_code UNIQUE (tenant_id, result_id, code);


--
-- Name: value value_pkey; Type: CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.value
    ADD CONSTRAINT value_pkey PRIMARY KEY (tenant_id, result_id, place);


--
-- Name: layout layout_pkey; Type: CONSTRAINT; Schema: labprint; Owner: hm_owner
--

ALTER TABLE ONLY labprint.layout
    ADD CONSTRAINT layout_pkey PRIMARY KEY (tenant_id, facility_id);


--
-- Name: numbering numbering_pkey; Type: CONSTRAINT; Schema: labprint; Owner: hm_owner
--

ALTER TABLE ONLY labprint.numbering
    ADD CONSTRAINT numbering_pkey PRIMARY KEY (tenant_id, facility_id, year);


--
-- Name: reading reading_pkey; Type: CONSTRAINT; Schema: labprint; Owner: hm_owner
--

ALTER TABLE ONLY labprint.reading
    ADD CONSTRAINT reading_pkey PRIMARY KEY (tenant_id, report_id, user_id);


--
-- Name: report report_number; Type: CONSTRAINT; Schema: labprint; Owner: hm_owner
--

ALTER TABLE ONLY labprint.report
    ADD CONSTRAINT report_number UNIQUE (tenant_id, facility_id, number, version);


--
-- Name: report report_pkey; Type: CONSTRAINT; Schema: labprint; Owner: hm_owner
--

ALTER TABLE ONLY labprint.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: report report_version; Type: CONSTRAINT; Schema: labprint; Owner: hm_owner
--

ALTER TABLE ONLY labprint.report
    ADD CONSTRAINT report_version UNIQUE (tenant_id, order_id, version);


--
-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: delivery delivery_tenant_id_notification_id_channel_key; Type: CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.delivery
    ADD CONSTRAINT delivery_tenant_id_notification_id_channel_key UNIQUE (tenant_id, notification_id, channel);


--
-- Name: notification notification_pkey; Type: CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.notification
    ADD CONSTRAINT notification_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: notification notification_tenant_id_user_id_cause_key; Type: CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.notification
    ADD CONSTRAINT notification_tenant_id_user_id_cause_key UNIQUE (tenant_id, user_id, cause);


--
-- Name: preference preference_pkey; Type: CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.preference
    ADD CONSTRAINT preference_pkey PRIMARY KEY (tenant_id, user_id);


--
-- Name: push_subscription push_subscription_pkey; Type: CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.push_subscription
    ADD CONSTRAINT push_subscription_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: push_subscription push_subscription_tenant_id_endpoint_key; Type: CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.push_subscription
    ADD CONSTRAINT push_subscription_tenant_id_endpoint_key UNIQUE (tenant_id, endpoint);


--
-- Name: setting setting_pkey; Type: CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (tenant_id);


--
-- Name: template template_pkey; Type: CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.template
    ADD CONSTRAINT template_pkey PRIMARY KEY (tenant_id, kind, channel, language);


--
-- Name: item item_pkey; Type: CONSTRAINT; Schema: orders; Owner: hm_owner
--

ALTER TABLE ONLY orders.item
    ADD CONSTRAINT item_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: item item_place; Type: CONSTRAINT; Schema: orders; Owner: hm_owner
--

ALTER TABLE ONLY orders.item
    ADD CONSTRAINT item_place UNIQUE (tenant_id, order_id, place);


--
-- Name: item item_short_id; Type: CONSTRAINT; Schema: orders; Owner: hm_owner
--

ALTER TABLE ONLY orders.item
    ADD CONSTRAINT item_short_id UNIQUE (tenant_id, encounter_id, short_id);


--
-- Name: order order_pkey; Type: CONSTRAINT; Schema: orders; Owner: hm_owner
--

ALTER TABLE ONLY orders."order"
    ADD CONSTRAINT order_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: allowed_tool allowed_tool_key; Type: CONSTRAINT; Schema: packs; Owner: hm_owner
--

ALTER TABLE ONLY packs.allowed_tool
    ADD CONSTRAINT allowed_tool_key UNIQUE (tenant_id, url, integrity);


--
-- Name: allowed_tool allowed_tool_pkey; Type: CONSTRAINT; Schema: packs; Owner: hm_owner
--

ALTER TABLE ONLY packs.allowed_tool
    ADD CONSTRAINT allowed_tool_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: version version_key; Type: CONSTRAINT; Schema: packs; Owner: hm_owner
--

ALTER TABLE ONLY packs.version
    ADD CONSTRAINT version_key UNIQUE (tenant_id, pack, version);


--
-- Name: version version_pkey; Type: CONSTRAINT; Schema: packs; Owner: hm_owner
--

ALTER TABLE ONLY packs.version
    ADD CONSTRAINT version_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: datum datum_pkey; Type: CONSTRAINT; Schema: patients; Owner: hm_owner
--

ALTER TABLE ONLY patients.datum
    ADD CONSTRAINT datum_pkey PRIMARY KEY (tenant_id, patient_id, pack, field);


--
-- Name: identifier identifier_key; Type: CONSTRAINT; Schema: patients; Owner: hm_owner
--

ALTER TABLE ONLY patients.identifier
    ADD CONSTRAINT identifier_key PRIMARY KEY (tenant_id, facility_id, system, value);


--
-- Name: patient patient_mrn_key; Type: CONSTRAINT; Schema: patients; Owner: hm_owner
--

ALTER TABLE ONLY patients.patient
    ADD CONSTRAINT patient_mrn_key UNIQUE (tenant_id, facility_id, mrn);


--
-- Name: patient patient_pkey; Type: CONSTRAINT; Schema: patients; Owner: hm_owner
--

ALTER TABLE ONLY patients.patient
    ADD CONSTRAINT patient_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: search_entry search_entry_pkey; Type: CONSTRAINT; Schema: patients; Owner: hm_owner
--

ALTER TABLE ONLY patients.search_entry
    ADD CONSTRAINT search_entry_pkey PRIMARY KEY (tenant_id, patient_id);


--
-- Name: hm_migration hm_migration_pkey; Type: CONSTRAINT; Schema: public; Owner: hm_owner
--

ALTER TABLE ONLY public.hm_migration
    ADD CONSTRAINT hm_migration_pkey PRIMARY KEY (id);


--
-- Name: exclusion exclusion_once; Type: CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.exclusion
    ADD CONSTRAINT exclusion_once UNIQUE (tenant_id, run_id);


--
-- Name: exclusion exclusion_pkey; Type: CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.exclusion
    ADD CONSTRAINT exclusion_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: hold hold_pkey; Type: CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.hold
    ADD CONSTRAINT hold_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: lot lot_number_key; Type: CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.lot
    ADD CONSTRAINT lot_number_key UNIQUE (tenant_id, facility_id, material, level, lot_number);


--
-- Name: lot lot_pkey; Type: CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.lot
    ADD CONSTRAINT lot_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: run run_pkey; Type: CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: target target_analyte; Type: CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.target
    ADD CONSTRAINT target_analyte UNIQUE (tenant_id, lot_id, analyte);


--
-- Name: target target_pkey; Type: CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.target
    ADD CONSTRAINT target_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: edition edition_pkey; Type: CONSTRAINT; Schema: repertory; Owner: hm_owner
--

ALTER TABLE ONLY repertory.edition
    ADD CONSTRAINT edition_pkey PRIMARY KEY (tenant_id);


--
-- Name: grading grading_pkey; Type: CONSTRAINT; Schema: repertory; Owner: hm_owner
--

ALTER TABLE ONLY repertory.grading
    ADD CONSTRAINT grading_pkey PRIMARY KEY (tenant_id, place, remedy);


--
-- Name: remedy remedy_pkey; Type: CONSTRAINT; Schema: repertory; Owner: hm_owner
--

ALTER TABLE ONLY repertory.remedy
    ADD CONSTRAINT remedy_pkey PRIMARY KEY (tenant_id, number);


--
-- Name: remedy remedy_tenant_id_abbreviation_key; Type: CONSTRAINT; Schema: repertory; Owner: hm_owner
--

ALTER TABLE ONLY repertory.remedy
    ADD CONSTRAINT remedy_tenant_id_abbreviation_key UNIQUE (tenant_id, abbreviation);


--
-- Name: rubric rubric_pkey; Type: CONSTRAINT; Schema: repertory; Owner: hm_owner
--

ALTER TABLE ONLY repertory.rubric
    ADD CONSTRAINT rubric_pkey PRIMARY KEY (tenant_id, place);


--
-- Name: rubric rubric_tenant_id_id_key; Type: CONSTRAINT; Schema: repertory; Owner: hm_owner
--

ALTER TABLE ONLY repertory.rubric
    ADD CONSTRAINT rubric_tenant_id_id_key UNIQUE (tenant_id, id);


--
-- Name: firing firing_pkey; Type: CONSTRAINT; Schema: rules; Owner: hm_owner
--

ALTER TABLE ONLY rules.firing
    ADD CONSTRAINT firing_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: override override_code_key; Type: CONSTRAINT; Schema: rules; Owner: hm_owner
--

ALTER TABLE ONLY rules.override
    ADD CONSTRAINT override_code_key UNIQUE (tenant_id, code);


--
-- Name: override override_pkey; Type: CONSTRAINT; Schema: rules; Owner: hm_owner
--

ALTER TABLE ONLY rules.override
    ADD CONSTRAINT override_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: task task_encounter_code; Type: CONSTRAINT; Schema: tasks; Owner: hm_owner
--

ALTER TABLE ONLY tasks.task
    ADD CONSTRAINT task_encounter_code UNIQUE (tenant_id, encounter_id, code);


--
-- Name: task task_pkey; Type: CONSTRAINT; Schema: tasks; Owner: hm_owner
--

ALTER TABLE ONLY tasks.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: tenant tenant_code_key; Type: CONSTRAINT; Schema: tenants; Owner: hm_owner
--

ALTER TABLE ONLY tenants.tenant
    ADD CONSTRAINT tenant_code_key UNIQUE (code);


--
-- Name: tenant tenant_pkey; Type: CONSTRAINT; Schema: tenants; Owner: hm_owner
--

ALTER TABLE ONLY tenants.tenant
    ADD CONSTRAINT tenant_pkey PRIMARY KEY (id);


--
-- Name: alert_acknowledged; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE INDEX alert_acknowledged ON alerts.alert USING btree (tenant_id, facility_id, raised_at, id) WHERE (status = 'ACKNOWLEDGED'::text);


--
-- Name: alert_due; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE INDEX alert_due ON alerts.alert USING btree (next_escalation_at) WHERE (next_escalation_at IS NOT NULL);


--
-- Name: alert_listed; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE INDEX alert_listed ON alerts.alert USING btree (tenant_id, facility_id, raised_at, id);


--
-- Name: alert_of_encounter; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE INDEX alert_of_encounter ON alerts.alert USING btree (tenant_id, encounter_id, raised_at, id) WHERE (encounter_id IS NOT NULL);


--
-- Name: alert_of_patient; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE INDEX alert_of_patient ON alerts.alert USING btree (tenant_id, patient_id, raised_at, id) WHERE (patient_id IS NOT NULL);


--
-- Name: alert_once; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE UNIQUE INDEX alert_once ON alerts.alert USING btree (tenant_id, kind, subject_id) WHERE (status = 'OPEN'::text);


--
-- Name: alert_open; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE INDEX alert_open ON alerts.alert USING btree (tenant_id, facility_id, raised_at, id) WHERE (status = 'OPEN'::text);


--
-- Name: alert_unresolved_cause; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE INDEX alert_unresolved_cause ON alerts.alert USING btree (tenant_id, cause_id) WHERE (status = ANY (ARRAY['OPEN'::text, 'ACKNOWLEDGED'::text]));


--
-- Name: duty_ends; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE INDEX duty_ends ON alerts.duty USING btree (tenant_id, facility_id, ends_at);


--
-- Name: duty_listed; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE INDEX duty_listed ON alerts.duty USING btree (tenant_id, facility_id, starts_at, id);


--
-- Name: history_of_alert; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE INDEX history_of_alert ON alerts.history USING btree (tenant_id, alert_id, at, id);


--
-- Name: target_of_alert; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE INDEX target_of_alert ON alerts.target USING btree (tenant_id, alert_id, level);


--
-- Name: team_member_user; Type: INDEX; Schema: alerts; Owner: hm_owner
--

CREATE INDEX team_member_user ON alerts.team_member USING btree (tenant_id, user_id);


--
-- Name: entry_tail; Type: INDEX; Schema: audit; Owner: hm_owner
--

CREATE INDEX entry_tail ON audit.entry USING btree (xid, id);


--
-- Name: seal_place; Type: INDEX; Schema: audit; Owner: hm_owner
--

CREATE INDEX seal_place ON audit.seal USING btree (tenant_id, last_xid, last_entry_id);


--
-- Name: document_of_encounter; Type: INDEX; Schema: clinicaldocs; Owner: hm_owner
--

CREATE INDEX document_of_encounter ON clinicaldocs.document USING btree (tenant_id, encounter_id, created_at, id);


--
-- Name: document_of_patient; Type: INDEX; Schema: clinicaldocs; Owner: hm_owner
--

CREATE INDEX document_of_patient ON clinicaldocs.document USING btree (tenant_id, patient_id, created_at, id);


--
-- Name: draft_of_encounter; Type: INDEX; Schema: clinicaldocs; Owner: hm_owner
--

CREATE INDEX draft_of_encounter ON clinicaldocs.draft USING btree (tenant_id, encounter_id, created_at, id) WHERE ((finalized_at IS NULL) AND (discarded_at IS NULL));


--
-- Name: draft_of_patient; Type: INDEX; Schema: clinicaldocs; Owner: hm_owner
--

CREATE INDEX draft_of_patient ON clinicaldocs.draft USING btree (tenant_id, patient_id, created_at, id) WHERE ((finalized_at IS NULL) AND (discarded_at IS NULL));


--
-- Name: latest_of_patient; Type: INDEX; Schema: clinicaldocs; Owner: hm_owner
--

CREATE INDEX latest_of_patient ON clinicaldocs.latest USING btree (tenant_id, patient_id, template_code, finalized_at DESC, document_id DESC);


--
-- Name: observation_of_code; Type: INDEX; Schema: clinicaldocs; Owner: hm_owner
--

CREATE INDEX observation_of_code ON clinicaldocs.observation USING btree (tenant_id, facility_id, patient_id, code, system, at, id);


--
-- Name: observation_of_document; Type: INDEX; Schema: clinicaldocs; Owner: hm_owner
--

CREATE INDEX observation_of_document ON clinicaldocs.observation USING btree (tenant_id, document_id);


--
-- Name: observation_of_patient; Type: INDEX; Schema: clinicaldocs; Owner: hm_owner
--

CREATE INDEX observation_of_patient ON clinicaldocs.observation USING btree (tenant_id, facility_id, patient_id, at, id);


--
-- Name: datum_value; Type: INDEX; Schema: encounters; Owner: hm_owner
--

CREATE INDEX datum_value ON encounters.datum USING btree (tenant_id, facility_id, pack, field, value, encounter_id);


--
-- Name: document_of_encounter; Type: INDEX; Schema: encounters; Owner: hm_owner
--

CREATE INDEX document_of_encounter ON encounters.document USING btree (tenant_id, encounter_id, authored_at, id);


--
-- Name: encounter_cancelled; Type: INDEX; Schema: encounters; Owner: hm_owner
--

CREATE INDEX encounter_cancelled ON encounters.encounter USING btree (tenant_id, facility_id, created_at, id) WHERE (status = 'CANCELLED'::text);


--
-- Name: encounter_created; Type: INDEX; Schema: encounters; Owner: hm_owner
--

CREATE INDEX encounter_created ON encounters.encounter USING btree (tenant_id, facility_id, created_at, id);


--
-- Name: encounter_doctor_created; Type: INDEX; Schema: encounters; Owner: hm_owner
--

CREATE INDEX encounter_doctor_created ON encounters.encounter USING btree (tenant_id, facility_id, attending_doctor_id, created_at, id) WHERE (attending_doctor_id IS NOT NULL);


--
-- Name: encounter_one_active; Type: INDEX; Schema: encounters; Owner: hm_owner
--

CREATE UNIQUE INDEX encounter_one_active ON encounters.encounter USING btree (tenant_id, facility_id, patient_id) WHERE (exclusive AND (status = ANY (ARRAY['CREATED'::text, 'CHECKED_IN'::text, 'IN_CONSULT'::text])));


--
-- Name: encounter_patient_created; Type: INDEX; Schema: encounters; Owner: hm_owner
--

CREATE INDEX encounter_patient_created ON encounters.encounter USING btree (tenant_id, facility_id, patient_id, created_at, id);


--
-- Name: encounter_scheduled; Type: INDEX; Schema: encounters; Owner: hm_owner
--

CREATE INDEX encounter_scheduled ON encounters.encounter USING btree (tenant_id, facility_id, scheduled_at) WHERE (scheduled_at IS NOT NULL);


--
-- Name: encounter_type_created; Type: INDEX; Schema: encounters; Owner: hm_owner
--

CREATE INDEX encounter_type_created ON encounters.encounter USING btree (tenant_id, facility_id, encounter_type, created_at, id);


--
-- Name: encounter_under_way; Type: INDEX; Schema: encounters; Owner: hm_owner
--

CREATE INDEX encounter_under_way ON encounters.encounter USING btree (tenant_id, facility_id, status, created_at, id) WHERE (status = ANY (ARRAY['CREATED'::text, 'CHECKED_IN'::text, 'IN_CONSULT'::text]));


--
-- Name: event_encounter; Type: INDEX; Schema: events; Owner: hm_owner
--

CREATE INDEX event_encounter ON events.event USING btree (tenant_id, encounter_id, occurred_at, id) WHERE (encounter_id IS NOT NULL);


--
-- Name: event_tail; Type: INDEX; Schema: events; Owner: hm_owner
--

CREATE INDEX event_tail ON events.event USING btree (xid, id);


--
-- Name: idempotency_created_at; Type: INDEX; Schema: httpx; Owner: hm_owner
--

CREATE INDEX idempotency_created_at ON httpx.idempotency USING btree (created_at);


--
-- Name: invalidation_created_at; Type: INDEX; Schema: iam; Owner: hm_owner
--

CREATE INDEX invalidation_created_at ON iam.invalidation USING btree (created_at);


--
-- Name: invalidation_xid; Type: INDEX; Schema: iam; Owner: hm_owner
--

CREATE INDEX invalidation_xid ON iam.invalidation USING btree (xid);


--
-- Name: membership_facility; Type: INDEX; Schema: iam; Owner: hm_owner
--

CREATE INDEX membership_facility ON iam.membership USING btree (tenant_id, facility_id);


--
-- Name: membership_role_role; Type: INDEX; Schema: iam; Owner: hm_owner
--

CREATE INDEX membership_role_role ON iam.membership_role USING btree (tenant_id, role_id);


--
-- Name: membership_user; Type: INDEX; Schema: iam; Owner: hm_owner
--

CREATE INDEX membership_user ON iam.membership USING btree (user_id);


--
-- Name: refresh_token_session; Type: INDEX; Schema: iam; Owner: hm_owner
--

CREATE INDEX refresh_token_session ON iam.refresh_token USING btree (session_id);


--
-- Name: session_expires_at; Type: INDEX; Schema: iam; Owner: hm_owner
--

CREATE INDEX session_expires_at ON iam.session USING btree (expires_at);


--
-- Name: session_of_user; Type: INDEX; Schema: iam; Owner: hm_owner
--

CREATE INDEX session_of_user ON iam.session USING btree (user_id) WHERE (ended_at IS NULL);


--
-- Name: sign_in_throttle_counted_at; Type: INDEX; Schema: iam; Owner: hm_owner
--

CREATE INDEX sign_in_throttle_counted_at ON iam.sign_in_throttle USING btree (counted_at);


--
-- Name: tenant_user_user; Type: INDEX; Schema: iam; Owner: hm_owner
--

CREATE INDEX tenant_user_user ON iam.tenant_user USING btree (user_id);


--
-- Name: user_account_username_key; Type: INDEX; Schema: iam; Owner: hm_owner
--

CREATE UNIQUE INDEX user_account_username_key ON iam.user_account USING btree (lower(username));


--
-- Name: request_not_told_overdue; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX request_not_told_overdue ON lab.request USING btree (tenant_id, facility_id, due_at) WHERE ((overdue_told_at IS NULL) AND (released_at IS NULL) AND (cancelled_at IS NULL) AND (due_at IS NOT NULL));


--
-- Name: request_of_encounter; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX request_of_encounter ON lab.request USING btree (tenant_id, encounter_id, service_code);


--
-- Name: request_of_order; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX request_of_order ON lab.request USING btree (tenant_id, order_id, place);


--
-- Name: request_of_sample; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX request_of_sample ON lab.request USING btree (tenant_id, sample_id) WHERE (sample_id IS NOT NULL);


--
-- Name: request_ordered; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX request_ordered ON lab.request USING btree (tenant_id, facility_id, ordered_at, order_item_id);


--
-- Name: request_waiting; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX request_waiting ON lab.request USING btree (tenant_id, facility_id, status, urgency, due_rank, order_item_id) WHERE (status = ANY (ARRAY['ORDERED'::text, 'COLLECTED'::text, 'RECEIVED'::text, 'ENTERED'::text, 'VERIFIED'::text]));


--
-- Name: result_entered; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX result_entered ON lab.result USING btree (tenant_id, facility_id, entered_at, id);


--
-- Name: result_of_encounter; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX result_of_encounter ON lab.result USING btree (tenant_id, encounter_id, entered_at, id);


--
-- Name: result_of_patient; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX result_of_patient ON lab.result USING btree (tenant_id, patient_id, entered_at, id);


--
-- Name: result_of_status; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX result_of_status ON lab.result USING btree (tenant_id, facility_id, status, entered_at, id);


--
-- Name: result_verified; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX result_verified ON lab.result USING btree (tenant_id, facility_id, verified_at, id) WHERE (verified_at IS NOT NULL);


--
-- Name: sample_created; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX sample_created ON lab.sample USING btree (tenant_id, facility_id, created_at, id);


--
-- Name: sample_item_of_item; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX sample_item_of_item ON lab.sample_item USING btree (tenant_id, order_item_id);


--
-- Name: sample_of_encounter; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX sample_of_encounter ON lab.sample USING btree (tenant_id, encounter_id, created_at, id);


--
-- Name: sample_of_status; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX sample_of_status ON lab.sample USING btree (tenant_id, facility_id, status, created_at, id);


--
-- Name: value_of_patient; Type: INDEX; Schema: lab; Owner: hm_owner
--

CREATE INDEX value_of_patient ON lab.value USING btree (tenant_id, patient_id, code, collected_at, result_id);


--
-- Name: reading_of_order; Type: INDEX; Schema: labprint; Owner: hm_owner
--

CREATE INDEX reading_of_order ON labprint.reading USING btree (tenant_id, order_id);


--
-- Name: report_issued; Type: INDEX; Schema: labprint; Owner: hm_owner
--

CREATE INDEX report_issued ON labprint.report USING btree (tenant_id, facility_id, issued_at, id);


--
-- Name: report_of_encounter; Type: INDEX; Schema: labprint; Owner: hm_owner
--

CREATE INDEX report_of_encounter ON labprint.report USING btree (tenant_id, encounter_id, issued_at, id);


--
-- Name: report_of_patient; Type: INDEX; Schema: labprint; Owner: hm_owner
--

CREATE INDEX report_of_patient ON labprint.report USING btree (tenant_id, patient_id, issued_at, id);


--
-- Name: delivery_dead; Type: INDEX; Schema: notifications; Owner: hm_owner
--

CREATE INDEX delivery_dead ON notifications.delivery USING btree (tenant_id, facility_id, created_at, id) WHERE (status = 'DEAD'::text);


--
-- Name: delivery_due; Type: INDEX; Schema: notifications; Owner: hm_owner
--

CREATE INDEX delivery_due ON notifications.delivery USING btree (channel, next_try_at) WHERE (next_try_at IS NOT NULL);


--
-- Name: delivery_listed; Type: INDEX; Schema: notifications; Owner: hm_owner
--

CREATE INDEX delivery_listed ON notifications.delivery USING btree (tenant_id, facility_id, created_at, id) WHERE (channel <> 'in_app'::text);


--
-- Name: notification_of_user; Type: INDEX; Schema: notifications; Owner: hm_owner
--

CREATE INDEX notification_of_user ON notifications.notification USING btree (tenant_id, facility_id, user_id, created_at, id) WHERE is_in_app;


--
-- Name: notification_unread; Type: INDEX; Schema: notifications; Owner: hm_owner
--

CREATE INDEX notification_unread ON notifications.notification USING btree (tenant_id, facility_id, user_id, created_at, id) WHERE (is_in_app AND (read_at IS NULL));


--
-- Name: push_subscription_of_user; Type: INDEX; Schema: notifications; Owner: hm_owner
--

CREATE INDEX push_subscription_of_user ON notifications.push_subscription USING btree (tenant_id, user_id);


--
-- Name: item_of_patient; Type: INDEX; Schema: orders; Owner: hm_owner
--

CREATE INDEX item_of_patient ON orders.item USING btree (tenant_id, patient_id, created_at, id);


--
-- Name: order_cancelled; Type: INDEX; Schema: orders; Owner: hm_owner
--

CREATE INDEX order_cancelled ON orders."order" USING btree (tenant_id, facility_id, created_at, id) WHERE (status = 'CANCELLED'::text);


--
-- Name: order_created; Type: INDEX; Schema: orders; Owner: hm_owner
--

CREATE INDEX order_created ON orders."order" USING btree (tenant_id, facility_id, created_at, id);


--
-- Name: order_of_encounter; Type: INDEX; Schema: orders; Owner: hm_owner
--

CREATE INDEX order_of_encounter ON orders."order" USING btree (tenant_id, encounter_id, created_at, id);


--
-- Name: order_of_patient; Type: INDEX; Schema: orders; Owner: hm_owner
--

CREATE INDEX order_of_patient ON orders."order" USING btree (tenant_id, patient_id, created_at, id);


--
-- Name: order_of_type; Type: INDEX; Schema: orders; Owner: hm_owner
--

CREATE INDEX order_of_type ON orders."order" USING btree (tenant_id, facility_id, order_type, created_at, id);


--
-- Name: order_under_way; Type: INDEX; Schema: orders; Owner: hm_owner
--

CREATE INDEX order_under_way ON orders."order" USING btree (tenant_id, facility_id, created_at, id) WHERE (status = ANY (ARRAY['CREATED'::text, 'IN_PROGRESS'::text]));


--
-- Name: datum_value; Type: INDEX; Schema: patients; Owner: hm_owner
--

CREATE INDEX datum_value ON patients.datum USING btree (tenant_id, facility_id, pack, field, value, patient_id);


--
-- Name: identifier_patient; Type: INDEX; Schema: patients; Owner: hm_owner
--

CREATE INDEX identifier_patient ON patients.identifier USING btree (tenant_id, patient_id);


--
-- Name: patient_mrn_number; Type: INDEX; Schema: patients; Owner: hm_owner
--

CREATE INDEX patient_mrn_number ON patients.patient USING btree (tenant_id, facility_id, mrn_series, mrn_number) WHERE (mrn_number IS NOT NULL);


--
-- Name: patient_newest; Type: INDEX; Schema: patients; Owner: hm_owner
--

CREATE INDEX patient_newest ON patients.patient USING btree (tenant_id, facility_id, created_at, id);


--
-- Name: patient_phone; Type: INDEX; Schema: patients; Owner: hm_owner
--

CREATE INDEX patient_phone ON patients.patient USING btree (tenant_id, facility_id, phone_digits, created_at, id) WHERE (phone_digits IS NOT NULL);


--
-- Name: search_entry_key_version; Type: INDEX; Schema: patients; Owner: hm_owner
--

CREATE INDEX search_entry_key_version ON patients.search_entry USING btree (key_version);


--
-- Name: search_entry_keys; Type: INDEX; Schema: patients; Owner: hm_owner
--

CREATE INDEX search_entry_keys ON patients.search_entry USING gin (keys) WITH (fastupdate=off);


--
-- Name: hold_open_once; Type: INDEX; Schema: qualitycontrol; Owner: hm_owner
--

CREATE UNIQUE INDEX hold_open_once ON qualitycontrol.hold USING btree (tenant_id, facility_id, analyte) WHERE (status = 'OPEN'::text);


--
-- Name: hold_opened; Type: INDEX; Schema: qualitycontrol; Owner: hm_owner
--

CREATE INDEX hold_opened ON qualitycontrol.hold USING btree (tenant_id, facility_id, opened_at, id);


--
-- Name: lot_created; Type: INDEX; Schema: qualitycontrol; Owner: hm_owner
--

CREATE INDEX lot_created ON qualitycontrol.lot USING btree (tenant_id, facility_id, created_at, id);


--
-- Name: run_of_hold; Type: INDEX; Schema: qualitycontrol; Owner: hm_owner
--

CREATE INDEX run_of_hold ON qualitycontrol.run USING btree (tenant_id, hold_id, at, id) WHERE (hold_id IS NOT NULL);


--
-- Name: run_of_lot; Type: INDEX; Schema: qualitycontrol; Owner: hm_owner
--

CREATE INDEX run_of_lot ON qualitycontrol.run USING btree (tenant_id, lot_id, at, id);


--
-- Name: run_of_target; Type: INDEX; Schema: qualitycontrol; Owner: hm_owner
--

CREATE INDEX run_of_target ON qualitycontrol.run USING btree (tenant_id, lot_id, analyte, at, id);


--
-- Name: firing_newest; Type: INDEX; Schema: rules; Owner: hm_owner
--

CREATE INDEX firing_newest ON rules.firing USING btree (tenant_id, facility_id, at, id);


--
-- Name: firing_of_encounter; Type: INDEX; Schema: rules; Owner: hm_owner
--

CREATE INDEX firing_of_encounter ON rules.firing USING btree (tenant_id, facility_id, encounter_id, at, id);


--
-- Name: firing_of_patient; Type: INDEX; Schema: rules; Owner: hm_owner
--

CREATE INDEX firing_of_patient ON rules.firing USING btree (tenant_id, facility_id, patient_id, at, id);


--
-- Name: firing_of_rule; Type: INDEX; Schema: rules; Owner: hm_owner
--

CREATE INDEX firing_of_rule ON rules.firing USING btree (tenant_id, facility_id, rule, at, id);


--
-- Name: task_assignee; Type: INDEX; Schema: tasks; Owner: hm_owner
--

CREATE INDEX task_assignee ON tasks.task USING btree (tenant_id, assigned_to_id, created_at, id) WHERE (assigned_to_id IS NOT NULL);


--
-- Name: task_cancelled; Type: INDEX; Schema: tasks; Owner: hm_owner
--

CREATE INDEX task_cancelled ON tasks.task USING btree (tenant_id, facility_id, created_at, id) WHERE (status = 'CANCELLED'::text);


--
-- Name: task_code; Type: INDEX; Schema: tasks; Owner: hm_owner
--

CREATE INDEX task_code ON tasks.task USING btree (tenant_id, facility_id, code, created_at, id);


--
-- Name: task_created; Type: INDEX; Schema: tasks; Owner: hm_owner
--

CREATE INDEX task_created ON tasks.task USING btree (tenant_id, facility_id, created_at, id);


--
-- Name: task_due; Type: INDEX; Schema: tasks; Owner: hm_owner
--

CREATE INDEX task_due ON tasks.task USING btree (tenant_id, facility_id, due_at, id);


--
-- Name: task_to_do; Type: INDEX; Schema: tasks; Owner: hm_owner
--

CREATE INDEX task_to_do ON tasks.task USING btree (tenant_id, facility_id, due_at, id) WHERE (status = ANY (ARRAY['OPEN'::text, 'IN_PROGRESS'::text]));


--
-- Name: patient_place; Type: STATISTICS; Schema: patients; Owner: hm_owner
--

CREATE STATISTICS patients.patient_place (dependencies) ON tenant_id, facility_id FROM patients.patient;


ALTER STATISTICS patients.patient_place OWNER TO hm_owner;

--
-- Name: history append_only; Type: TRIGGER; Schema: alerts; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON alerts.history FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: target append_only; Type: TRIGGER; Schema: alerts; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON alerts.target FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: history append_only_truncate; Type: TRIGGER; Schema: alerts; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON alerts.history FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: target append_only_truncate; Type: TRIGGER; Schema: alerts; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON alerts.target FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: batch append_only; Type: TRIGGER; Schema: audit; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON audit.batch FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: entry append_only; Type: TRIGGER; Schema: audit; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON audit.entry FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: entry_patient append_only; Type: TRIGGER; Schema: audit; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON audit.entry_patient FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: leaf append_only; Type: TRIGGER; Schema: audit; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON audit.leaf FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: mention append_only; Type: TRIGGER; Schema: audit; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON audit.mention FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: seal append_only; Type: TRIGGER; Schema: audit; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON audit.seal FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: batch append_only_truncate; Type: TRIGGER; Schema: audit; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit.batch FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: entry append_only_truncate; Type: TRIGGER; Schema: audit; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit.entry FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: entry_patient append_only_truncate; Type: TRIGGER; Schema: audit; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit.entry_patient FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: leaf append_only_truncate; Type: TRIGGER; Schema: audit; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit.leaf FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: mention append_only_truncate; Type: TRIGGER; Schema: audit; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit.mention FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: seal append_only_truncate; Type: TRIGGER; Schema: audit; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON audit.seal FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: document append_only; Type: TRIGGER; Schema: clinicaldocs; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON clinicaldocs.document FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: document append_only_truncate; Type: TRIGGER; Schema: clinicaldocs; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON clinicaldocs.document FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: draft finished; Type: TRIGGER; Schema: clinicaldocs; Owner: hm_owner
--

CREATE TRIGGER finished BEFORE UPDATE ON clinicaldocs.draft FOR EACH ROW EXECUTE FUNCTION clinicaldocs.refuse_change_of_finished_draft();


--
-- Name: draft never_deleted; Type: TRIGGER; Schema: clinicaldocs; Owner: hm_owner
--

CREATE TRIGGER never_deleted BEFORE DELETE ON clinicaldocs.draft FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: document append_only; Type: TRIGGER; Schema: encounters; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON encounters.document FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: document append_only_truncate; Type: TRIGGER; Schema: encounters; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON encounters.document FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: encounter ended; Type: TRIGGER; Schema: encounters; Owner: hm_owner
--

CREATE TRIGGER ended BEFORE UPDATE ON encounters.encounter FOR EACH ROW WHEN ((old.status = ANY (ARRAY['CLOSED'::text, 'CANCELLED'::text]))) EXECUTE FUNCTION encounters.refuse_change_of_ended();


--
-- Name: event append_only; Type: TRIGGER; Schema: events; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON events.event FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: event append_only_truncate; Type: TRIGGER; Schema: events; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON events.event FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: reflex append_only; Type: TRIGGER; Schema: lab; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON lab.reflex FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: sample_item append_only; Type: TRIGGER; Schema: lab; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON lab.sample_item FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: value append_only; Type: TRIGGER; Schema: lab; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON lab.value FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: reflex append_only_truncate; Type: TRIGGER; Schema: lab; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON lab.reflex FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: sample_item append_only_truncate; Type: TRIGGER; Schema: lab; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON lab.sample_item FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: value append_only_truncate; Type: TRIGGER; Schema: lab; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON lab.value FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: result never_deleted; Type: TRIGGER; Schema: lab; Owner: hm_owner
--

CREATE TRIGGER never_deleted BEFORE DELETE ON lab.result FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: sample never_deleted; Type: TRIGGER; Schema: lab; Owner: hm_owner
--

CREATE TRIGGER never_deleted BEFORE DELETE ON lab.sample FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: result once; Type: TRIGGER; Schema: lab; Owner: hm_owner
--

CREATE TRIGGER once BEFORE UPDATE ON lab.result FOR EACH ROW EXECUTE FUNCTION lab.refuse_change_of_result();


--
-- Name: reading append_only; Type: TRIGGER; Schema: labprint; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON labprint.reading FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: report append_only; Type: TRIGGER; Schema: labprint; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON labprint.report FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: reading append_only_truncate; Type: TRIGGER; Schema: labprint; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON labprint.reading FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: report append_only_truncate; Type: TRIGGER; Schema: labprint; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON labprint.report FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: version append_only; Type: TRIGGER; Schema: packs; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON packs.version FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: version append_only_truncate; Type: TRIGGER; Schema: packs; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON packs.version FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: exclusion append_only; Type: TRIGGER; Schema: qualitycontrol; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON qualitycontrol.exclusion FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: run append_only; Type: TRIGGER; Schema: qualitycontrol; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON qualitycontrol.run FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: exclusion append_only_truncate; Type: TRIGGER; Schema: qualitycontrol; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON qualitycontrol.exclusion FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: run append_only_truncate; Type: TRIGGER; Schema: qualitycontrol; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON qualitycontrol.run FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: hold resolved; Type: TRIGGER; Schema: qualitycontrol; Owner: hm_owner
--

CREATE TRIGGER resolved BEFORE UPDATE ON qualitycontrol.hold FOR EACH ROW WHEN ((old.status = 'RESOLVED'::text)) EXECUTE FUNCTION qualitycontrol.refuse_change_of_resolved();


--
-- Name: firing append_only; Type: TRIGGER; Schema: rules; Owner: hm_owner
--

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE ON rules.firing FOR EACH ROW EXECUTE FUNCTION hm.refuse_change();


--
-- Name: firing append_only_truncate; Type: TRIGGER; Schema: rules; Owner: hm_owner
--

CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON rules.firing FOR EACH STATEMENT EXECUTE FUNCTION hm.refuse_change();


--
-- Name: task ended; Type: TRIGGER; Schema: tasks; Owner: hm_owner
--

CREATE TRIGGER ended BEFORE UPDATE ON tasks.task FOR EACH ROW WHEN ((old.encounter_over OR ((old.status = 'CANCELLED'::text) AND (new.status <> ALL (ARRAY['CANCELLED'::text, 'OPEN'::text]))))) EXECUTE FUNCTION tasks.refuse_change_of_ended();


--
-- Name: duty duty_tenant_id_team_id_fkey; Type: FK CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.duty
    ADD CONSTRAINT duty_tenant_id_team_id_fkey FOREIGN KEY (tenant_id, team_id) REFERENCES alerts.team(tenant_id, id);


--
-- Name: history history_tenant_id_alert_id_fkey; Type: FK CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.history
    ADD CONSTRAINT history_tenant_id_alert_id_fkey FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts.alert(tenant_id, id);


--
-- Name: target target_tenant_id_alert_id_fkey; Type: FK CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.target
    ADD CONSTRAINT target_tenant_id_alert_id_fkey FOREIGN KEY (tenant_id, alert_id) REFERENCES alerts.alert(tenant_id, id);


--
-- Name: team_member team_member_tenant_id_team_id_fkey; Type: FK CONSTRAINT; Schema: alerts; Owner: hm_owner
--

ALTER TABLE ONLY alerts.team_member
    ADD CONSTRAINT team_member_tenant_id_team_id_fkey FOREIGN KEY (tenant_id, team_id) REFERENCES alerts.team(tenant_id, id);


--
-- Name: document document_tenant_id_draft_id_fkey; Type: FK CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.document
    ADD CONSTRAINT document_tenant_id_draft_id_fkey FOREIGN KEY (tenant_id, draft_id) REFERENCES clinicaldocs.draft(tenant_id, id);


--
-- Name: document document_tenant_id_encounter_id_fkey; Type: FK CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.document
    ADD CONSTRAINT document_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter(tenant_id, id);


--
-- Name: document document_tenant_id_supersedes_id_chain_id_previous_version_fkey; Type: FK CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.document
    ADD CONSTRAINT document_tenant_id_supersedes_id_chain_id_previous_version_fkey FOREIGN KEY (tenant_id, supersedes_id, chain_id, previous_version, encounter_id, template_code) REFERENCES clinicaldocs.document(tenant_id, id, chain_id, version, encounter_id, template_code);


--
-- Name: draft draft_tenant_id_encounter_id_fkey; Type: FK CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.draft
    ADD CONSTRAINT draft_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter(tenant_id, id);


--
-- Name: latest latest_tenant_id_document_id_fkey; Type: FK CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.latest
    ADD CONSTRAINT latest_tenant_id_document_id_fkey FOREIGN KEY (tenant_id, document_id) REFERENCES clinicaldocs.document(tenant_id, id);


--
-- Name: observation observation_tenant_id_encounter_id_fkey; Type: FK CONSTRAINT; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE ONLY clinicaldocs.observation
    ADD CONSTRAINT observation_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter(tenant_id, id);


--
-- Name: datum datum_tenant_id_encounter_id_fkey; Type: FK CONSTRAINT; Schema: encounters; Owner: hm_owner
--

ALTER TABLE ONLY encounters.datum
    ADD CONSTRAINT datum_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter(tenant_id, id);


--
-- Name: document document_encounter_key; Type: FK CONSTRAINT; Schema: encounters; Owner: hm_owner
--

ALTER TABLE ONLY encounters.document
    ADD CONSTRAINT document_encounter_key FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter(tenant_id, id);


--
-- Name: encounter encounter_patient; Type: FK CONSTRAINT; Schema: encounters; Owner: hm_owner
--

ALTER TABLE ONLY encounters.encounter
    ADD CONSTRAINT encounter_patient FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient(tenant_id, id);


--
-- Name: facility facility_tenant_id_fkey; Type: FK CONSTRAINT; Schema: facilities; Owner: hm_owner
--

ALTER TABLE ONLY facilities.facility
    ADD CONSTRAINT facility_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants.tenant(id);


--
-- Name: membership_role membership_role_tenant_id_membership_id_fkey; Type: FK CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.membership_role
    ADD CONSTRAINT membership_role_tenant_id_membership_id_fkey FOREIGN KEY (tenant_id, membership_id) REFERENCES iam.membership(tenant_id, id);


--
-- Name: membership_role membership_role_tenant_id_role_id_fkey; Type: FK CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.membership_role
    ADD CONSTRAINT membership_role_tenant_id_role_id_fkey FOREIGN KEY (tenant_id, role_id) REFERENCES iam.role(tenant_id, id);


--
-- Name: membership membership_tenant_id_user_id_fkey; Type: FK CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.membership
    ADD CONSTRAINT membership_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES iam.tenant_user(tenant_id, user_id);


--
-- Name: refresh_token refresh_token_session_id_fkey; Type: FK CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.refresh_token
    ADD CONSTRAINT refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES iam.session(id) ON DELETE CASCADE;


--
-- Name: role_permission role_permission_tenant_id_role_id_fkey; Type: FK CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.role_permission
    ADD CONSTRAINT role_permission_tenant_id_role_id_fkey FOREIGN KEY (tenant_id, role_id) REFERENCES iam.role(tenant_id, id);


--
-- Name: role role_tenant_id_fkey; Type: FK CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.role
    ADD CONSTRAINT role_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants.tenant(id);


--
-- Name: session session_user_id_fkey; Type: FK CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.session
    ADD CONSTRAINT session_user_id_fkey FOREIGN KEY (user_id) REFERENCES iam.user_account(id);


--
-- Name: tenant_user tenant_user_tenant_id_fkey; Type: FK CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.tenant_user
    ADD CONSTRAINT tenant_user_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES tenants.tenant(id);


--
-- Name: tenant_user tenant_user_user_id_fkey; Type: FK CONSTRAINT; Schema: iam; Owner: hm_owner
--

ALTER TABLE ONLY iam.tenant_user
    ADD CONSTRAINT tenant_user_user_id_fkey FOREIGN KEY (user_id) REFERENCES iam.user_account(id);


--
-- Name: reflex reflex_tenant_id_order_item_id_fkey; Type: FK CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.reflex
    ADD CONSTRAINT reflex_tenant_id_order_item_id_fkey FOREIGN KEY (tenant_id, order_item_id) REFERENCES lab.request(tenant_id, order_item_id);


--
-- Name: request request_tenant_id_encounter_id_fkey; Type: FK CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.request
    ADD CONSTRAINT request_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter(tenant_id, id);


--
-- Name: request request_tenant_id_patient_id_fkey; Type: FK CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.request
    ADD CONSTRAINT request_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient(tenant_id, id);


--
-- Name: request request_tenant_id_sample_id_fkey; Type: FK CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.request
    ADD CONSTRAINT request_tenant_id_sample_id_fkey FOREIGN KEY (tenant_id, sample_id) REFERENCES lab.sample(tenant_id, id);


--
-- Name: result result_tenant_id_order_item_id_fkey; Type: FK CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.result
    ADD CONSTRAINT result_tenant_id_order_item_id_fkey FOREIGN KEY (tenant_id, order_item_id) REFERENCES lab.request(tenant_id, order_item_id);


--
-- Name: result result_tenant_id_sample_id_fkey; Type: FK CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.result
    ADD CONSTRAINT result_tenant_id_sample_id_fkey FOREIGN KEY (tenant_id, sample_id) REFERENCES lab.sample(tenant_id, id);


--
-- Name: result result_tenant_id_supersedes_id_order_item_id_previous_vers_fkey; Type: FK CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.result
    ADD CONSTRAINT result_tenant_id_supersedes_id_order_item_id_previous_vers_fkey FOREIGN KEY (tenant_id, supersedes_id, order_item_id, previous_version) REFERENCES lab.result(tenant_id, id, order_item_id, version);


--
-- Name: sample_item sample_item_tenant_id_order_item_id_fkey; Type: FK CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.sample_item
    ADD CONSTRAINT sample_item_tenant_id_order_item_id_fkey FOREIGN KEY (tenant_id, order_item_id) REFERENCES lab.request(tenant_id, order_item_id);


--
-- Name: sample_item sample_item_tenant_id_sample_id_fkey; Type: FK CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.sample_item
    ADD CONSTRAINT sample_item_tenant_id_sample_id_fkey FOREIGN KEY (tenant_id, sample_id) REFERENCES lab.sample(tenant_id, id);


--
-- Name: sample sample_tenant_id_encounter_id_fkey; Type: FK CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.sample
    ADD CONSTRAINT sample_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter(tenant_id, id);


--
-- Name: sample sample_tenant_id_patient_id_fkey; Type: FK CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.sample
    ADD CONSTRAINT sample_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient(tenant_id, id);


--
-- Name: value value_tenant_id_result_id_fkey; Type: FK CONSTRAINT; Schema: lab; Owner: hm_owner
--

ALTER TABLE ONLY lab.value
    ADD CONSTRAINT value_tenant_id_result_id_fkey FOREIGN KEY (tenant_id, result_id) REFERENCES lab.result(tenant_id, id);


--
-- Name: reading reading_tenant_id_report_id_fkey; Type: FK CONSTRAINT; Schema: labprint; Owner: hm_owner
--

ALTER TABLE ONLY labprint.reading
    ADD CONSTRAINT reading_tenant_id_report_id_fkey FOREIGN KEY (tenant_id, report_id) REFERENCES labprint.report(tenant_id, id);


--
-- Name: report report_tenant_id_encounter_id_fkey; Type: FK CONSTRAINT; Schema: labprint; Owner: hm_owner
--

ALTER TABLE ONLY labprint.report
    ADD CONSTRAINT report_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter(tenant_id, id);


--
-- Name: report report_tenant_id_patient_id_fkey; Type: FK CONSTRAINT; Schema: labprint; Owner: hm_owner
--

ALTER TABLE ONLY labprint.report
    ADD CONSTRAINT report_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient(tenant_id, id);


--
-- Name: report report_tenant_id_replaces_id_fkey; Type: FK CONSTRAINT; Schema: labprint; Owner: hm_owner
--

ALTER TABLE ONLY labprint.report
    ADD CONSTRAINT report_tenant_id_replaces_id_fkey FOREIGN KEY (tenant_id, replaces_id) REFERENCES labprint.report(tenant_id, id);


--
-- Name: delivery delivery_tenant_id_notification_id_fkey; Type: FK CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.delivery
    ADD CONSTRAINT delivery_tenant_id_notification_id_fkey FOREIGN KEY (tenant_id, notification_id) REFERENCES notifications.notification(tenant_id, id);


--
-- Name: notification notification_user_id_fkey; Type: FK CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.notification
    ADD CONSTRAINT notification_user_id_fkey FOREIGN KEY (user_id) REFERENCES iam.user_account(id);


--
-- Name: preference preference_user_id_fkey; Type: FK CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.preference
    ADD CONSTRAINT preference_user_id_fkey FOREIGN KEY (user_id) REFERENCES iam.user_account(id);


--
-- Name: push_subscription push_subscription_user_id_fkey; Type: FK CONSTRAINT; Schema: notifications; Owner: hm_owner
--

ALTER TABLE ONLY notifications.push_subscription
    ADD CONSTRAINT push_subscription_user_id_fkey FOREIGN KEY (user_id) REFERENCES iam.user_account(id);


--
-- Name: item item_tenant_id_order_id_fkey; Type: FK CONSTRAINT; Schema: orders; Owner: hm_owner
--

ALTER TABLE ONLY orders.item
    ADD CONSTRAINT item_tenant_id_order_id_fkey FOREIGN KEY (tenant_id, order_id) REFERENCES orders."order"(tenant_id, id);


--
-- Name: order order_encounter; Type: FK CONSTRAINT; Schema: orders; Owner: hm_owner
--

ALTER TABLE ONLY orders."order"
    ADD CONSTRAINT order_encounter FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter(tenant_id, id);


--
-- Name: order order_patient; Type: FK CONSTRAINT; Schema: orders; Owner: hm_owner
--

ALTER TABLE ONLY orders."order"
    ADD CONSTRAINT order_patient FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient(tenant_id, id);


--
-- Name: datum datum_tenant_id_patient_id_fkey; Type: FK CONSTRAINT; Schema: patients; Owner: hm_owner
--

ALTER TABLE ONLY patients.datum
    ADD CONSTRAINT datum_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient(tenant_id, id);


--
-- Name: identifier identifier_tenant_id_patient_id_fkey; Type: FK CONSTRAINT; Schema: patients; Owner: hm_owner
--

ALTER TABLE ONLY patients.identifier
    ADD CONSTRAINT identifier_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient(tenant_id, id);


--
-- Name: search_entry search_entry_tenant_id_patient_id_fkey; Type: FK CONSTRAINT; Schema: patients; Owner: hm_owner
--

ALTER TABLE ONLY patients.search_entry
    ADD CONSTRAINT search_entry_tenant_id_patient_id_fkey FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient(tenant_id, id);


--
-- Name: exclusion exclusion_tenant_id_run_id_fkey; Type: FK CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.exclusion
    ADD CONSTRAINT exclusion_tenant_id_run_id_fkey FOREIGN KEY (tenant_id, run_id) REFERENCES qualitycontrol.run(tenant_id, id);


--
-- Name: hold hold_tenant_id_lot_id_fkey; Type: FK CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.hold
    ADD CONSTRAINT hold_tenant_id_lot_id_fkey FOREIGN KEY (tenant_id, lot_id) REFERENCES qualitycontrol.lot(tenant_id, id);


--
-- Name: run run_tenant_id_hold_id_fkey; Type: FK CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.run
    ADD CONSTRAINT run_tenant_id_hold_id_fkey FOREIGN KEY (tenant_id, hold_id) REFERENCES qualitycontrol.hold(tenant_id, id);


--
-- Name: run run_tenant_id_lot_id_analyte_fkey; Type: FK CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.run
    ADD CONSTRAINT run_tenant_id_lot_id_analyte_fkey FOREIGN KEY (tenant_id, lot_id, analyte) REFERENCES qualitycontrol.target(tenant_id, lot_id, analyte);


--
-- Name: target target_tenant_id_lot_id_fkey; Type: FK CONSTRAINT; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE ONLY qualitycontrol.target
    ADD CONSTRAINT target_tenant_id_lot_id_fkey FOREIGN KEY (tenant_id, lot_id) REFERENCES qualitycontrol.lot(tenant_id, id);


--
-- Name: firing firing_tenant_id_encounter_id_fkey; Type: FK CONSTRAINT; Schema: rules; Owner: hm_owner
--

ALTER TABLE ONLY rules.firing
    ADD CONSTRAINT firing_tenant_id_encounter_id_fkey FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter(tenant_id, id);


--
-- Name: task task_encounter; Type: FK CONSTRAINT; Schema: tasks; Owner: hm_owner
--

ALTER TABLE ONLY tasks.task
    ADD CONSTRAINT task_encounter FOREIGN KEY (tenant_id, encounter_id) REFERENCES encounters.encounter(tenant_id, id);


--
-- Name: task task_patient; Type: FK CONSTRAINT; Schema: tasks; Owner: hm_owner
--

ALTER TABLE ONLY tasks.task
    ADD CONSTRAINT task_patient FOREIGN KEY (tenant_id, patient_id) REFERENCES patients.patient(tenant_id, id);


--
-- Name: alert; Type: ROW SECURITY; Schema: alerts; Owner: hm_owner
--

ALTER TABLE alerts.alert ENABLE ROW LEVEL SECURITY;

--
-- Name: alert due; Type: POLICY; Schema: alerts; Owner: hm_owner
--

CREATE POLICY due ON alerts.alert FOR SELECT TO hm_owner USING (true);


--
-- Name: duty; Type: ROW SECURITY; Schema: alerts; Owner: hm_owner
--

ALTER TABLE alerts.duty ENABLE ROW LEVEL SECURITY;

--
-- Name: history; Type: ROW SECURITY; Schema: alerts; Owner: hm_owner
--

ALTER TABLE alerts.history ENABLE ROW LEVEL SECURITY;

--
-- Name: policy; Type: ROW SECURITY; Schema: alerts; Owner: hm_owner
--

ALTER TABLE alerts.policy ENABLE ROW LEVEL SECURITY;

--
-- Name: target; Type: ROW SECURITY; Schema: alerts; Owner: hm_owner
--

ALTER TABLE alerts.target ENABLE ROW LEVEL SECURITY;

--
-- Name: team; Type: ROW SECURITY; Schema: alerts; Owner: hm_owner
--

ALTER TABLE alerts.team ENABLE ROW LEVEL SECURITY;

--
-- Name: team_member; Type: ROW SECURITY; Schema: alerts; Owner: hm_owner
--

ALTER TABLE alerts.team_member ENABLE ROW LEVEL SECURITY;

--
-- Name: alert tenant; Type: POLICY; Schema: alerts; Owner: hm_owner
--

CREATE POLICY tenant ON alerts.alert TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: duty tenant; Type: POLICY; Schema: alerts; Owner: hm_owner
--

CREATE POLICY tenant ON alerts.duty TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: history tenant; Type: POLICY; Schema: alerts; Owner: hm_owner
--

CREATE POLICY tenant ON alerts.history TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: policy tenant; Type: POLICY; Schema: alerts; Owner: hm_owner
--

CREATE POLICY tenant ON alerts.policy TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: target tenant; Type: POLICY; Schema: alerts; Owner: hm_owner
--

CREATE POLICY tenant ON alerts.target TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: team tenant; Type: POLICY; Schema: alerts; Owner: hm_owner
--

CREATE POLICY tenant ON alerts.team TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: team_member tenant; Type: POLICY; Schema: alerts; Owner: hm_owner
--

CREATE POLICY tenant ON alerts.team_member TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: batch; Type: ROW SECURITY; Schema: audit; Owner: hm_owner
--

ALTER TABLE audit.batch ENABLE ROW LEVEL SECURITY;

--
-- Name: entry; Type: ROW SECURITY; Schema: audit; Owner: hm_owner
--

ALTER TABLE audit.entry ENABLE ROW LEVEL SECURITY;

--
-- Name: entry_patient; Type: ROW SECURITY; Schema: audit; Owner: hm_owner
--

ALTER TABLE audit.entry_patient ENABLE ROW LEVEL SECURITY;

--
-- Name: leaf; Type: ROW SECURITY; Schema: audit; Owner: hm_owner
--

ALTER TABLE audit.leaf ENABLE ROW LEVEL SECURITY;

--
-- Name: mention; Type: ROW SECURITY; Schema: audit; Owner: hm_owner
--

ALTER TABLE audit.mention ENABLE ROW LEVEL SECURITY;

--
-- Name: seal; Type: ROW SECURITY; Schema: audit; Owner: hm_owner
--

ALTER TABLE audit.seal ENABLE ROW LEVEL SECURITY;

--
-- Name: entry sealing; Type: POLICY; Schema: audit; Owner: hm_owner
--

CREATE POLICY sealing ON audit.entry FOR SELECT TO hm_owner USING (true);


--
-- Name: seal sealing; Type: POLICY; Schema: audit; Owner: hm_owner
--

CREATE POLICY sealing ON audit.seal FOR SELECT TO hm_owner USING (true);


--
-- Name: batch tenant; Type: POLICY; Schema: audit; Owner: hm_owner
--

CREATE POLICY tenant ON audit.batch TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: entry tenant; Type: POLICY; Schema: audit; Owner: hm_owner
--

CREATE POLICY tenant ON audit.entry TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id IS NULL) OR (facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: entry_patient tenant; Type: POLICY; Schema: audit; Owner: hm_owner
--

CREATE POLICY tenant ON audit.entry_patient TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id IS NULL) OR (facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: leaf tenant; Type: POLICY; Schema: audit; Owner: hm_owner
--

CREATE POLICY tenant ON audit.leaf TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: mention tenant; Type: POLICY; Schema: audit; Owner: hm_owner
--

CREATE POLICY tenant ON audit.mention TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: seal tenant; Type: POLICY; Schema: audit; Owner: hm_owner
--

CREATE POLICY tenant ON audit.seal TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: document; Type: ROW SECURITY; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE clinicaldocs.document ENABLE ROW LEVEL SECURITY;

--
-- Name: draft; Type: ROW SECURITY; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE clinicaldocs.draft ENABLE ROW LEVEL SECURITY;

--
-- Name: latest; Type: ROW SECURITY; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE clinicaldocs.latest ENABLE ROW LEVEL SECURITY;

--
-- Name: observation; Type: ROW SECURITY; Schema: clinicaldocs; Owner: hm_owner
--

ALTER TABLE clinicaldocs.observation ENABLE ROW LEVEL SECURITY;

--
-- Name: document tenant; Type: POLICY; Schema: clinicaldocs; Owner: hm_owner
--

CREATE POLICY tenant ON clinicaldocs.document TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: draft tenant; Type: POLICY; Schema: clinicaldocs; Owner: hm_owner
--

CREATE POLICY tenant ON clinicaldocs.draft TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: latest tenant; Type: POLICY; Schema: clinicaldocs; Owner: hm_owner
--

CREATE POLICY tenant ON clinicaldocs.latest TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: observation tenant; Type: POLICY; Schema: clinicaldocs; Owner: hm_owner
--

CREATE POLICY tenant ON clinicaldocs.observation TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: datum; Type: ROW SECURITY; Schema: encounters; Owner: hm_owner
--

ALTER TABLE encounters.datum ENABLE ROW LEVEL SECURITY;

--
-- Name: document; Type: ROW SECURITY; Schema: encounters; Owner: hm_owner
--

ALTER TABLE encounters.document ENABLE ROW LEVEL SECURITY;

--
-- Name: encounter; Type: ROW SECURITY; Schema: encounters; Owner: hm_owner
--

ALTER TABLE encounters.encounter ENABLE ROW LEVEL SECURITY;

--
-- Name: datum tenant; Type: POLICY; Schema: encounters; Owner: hm_owner
--

CREATE POLICY tenant ON encounters.datum TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: document tenant; Type: POLICY; Schema: encounters; Owner: hm_owner
--

CREATE POLICY tenant ON encounters.document TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: encounter tenant; Type: POLICY; Schema: encounters; Owner: hm_owner
--

CREATE POLICY tenant ON encounters.encounter TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: delivery; Type: ROW SECURITY; Schema: events; Owner: hm_owner
--

ALTER TABLE events.delivery ENABLE ROW LEVEL SECURITY;

--
-- Name: event; Type: ROW SECURITY; Schema: events; Owner: hm_owner
--

ALTER TABLE events.event ENABLE ROW LEVEL SECURITY;

--
-- Name: event tail; Type: POLICY; Schema: events; Owner: hm_owner
--

CREATE POLICY tail ON events.event FOR SELECT TO hm_owner USING (true);


--
-- Name: delivery tenant; Type: POLICY; Schema: events; Owner: hm_owner
--

CREATE POLICY tenant ON events.delivery TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: event tenant; Type: POLICY; Schema: events; Owner: hm_owner
--

CREATE POLICY tenant ON events.event TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id IS NULL) OR (facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: facility; Type: ROW SECURITY; Schema: facilities; Owner: hm_owner
--

ALTER TABLE facilities.facility ENABLE ROW LEVEL SECURITY;

--
-- Name: facility names; Type: POLICY; Schema: facilities; Owner: hm_owner
--

CREATE POLICY names ON facilities.facility FOR SELECT TO hm_owner USING (true);


--
-- Name: facility tenant; Type: POLICY; Schema: facilities; Owner: hm_owner
--

CREATE POLICY tenant ON facilities.facility TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: idempotency expiry; Type: POLICY; Schema: httpx; Owner: hm_owner
--

CREATE POLICY expiry ON httpx.idempotency TO hm_owner USING (true);


--
-- Name: idempotency; Type: ROW SECURITY; Schema: httpx; Owner: hm_owner
--

ALTER TABLE httpx.idempotency ENABLE ROW LEVEL SECURITY;

--
-- Name: idempotency tenant; Type: POLICY; Schema: httpx; Owner: hm_owner
--

CREATE POLICY tenant ON httpx.idempotency TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: membership definers; Type: POLICY; Schema: iam; Owner: hm_owner
--

CREATE POLICY definers ON iam.membership FOR SELECT TO hm_owner USING (true);


--
-- Name: membership_role definers; Type: POLICY; Schema: iam; Owner: hm_owner
--

CREATE POLICY definers ON iam.membership_role FOR SELECT TO hm_owner USING (true);


--
-- Name: role definers; Type: POLICY; Schema: iam; Owner: hm_owner
--

CREATE POLICY definers ON iam.role FOR SELECT TO hm_owner USING (true);


--
-- Name: role_permission definers; Type: POLICY; Schema: iam; Owner: hm_owner
--

CREATE POLICY definers ON iam.role_permission FOR SELECT TO hm_owner USING (true);


--
-- Name: tenant_user definers; Type: POLICY; Schema: iam; Owner: hm_owner
--

CREATE POLICY definers ON iam.tenant_user FOR SELECT TO hm_owner USING (true);


--
-- Name: membership; Type: ROW SECURITY; Schema: iam; Owner: hm_owner
--

ALTER TABLE iam.membership ENABLE ROW LEVEL SECURITY;

--
-- Name: membership_role; Type: ROW SECURITY; Schema: iam; Owner: hm_owner
--

ALTER TABLE iam.membership_role ENABLE ROW LEVEL SECURITY;

--
-- Name: role; Type: ROW SECURITY; Schema: iam; Owner: hm_owner
--

ALTER TABLE iam.role ENABLE ROW LEVEL SECURITY;

--
-- Name: role_permission; Type: ROW SECURITY; Schema: iam; Owner: hm_owner
--

ALTER TABLE iam.role_permission ENABLE ROW LEVEL SECURITY;

--
-- Name: membership tenant; Type: POLICY; Schema: iam; Owner: hm_owner
--

CREATE POLICY tenant ON iam.membership TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: membership_role tenant; Type: POLICY; Schema: iam; Owner: hm_owner
--

CREATE POLICY tenant ON iam.membership_role TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: role tenant; Type: POLICY; Schema: iam; Owner: hm_owner
--

CREATE POLICY tenant ON iam.role TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: role_permission tenant; Type: POLICY; Schema: iam; Owner: hm_owner
--

CREATE POLICY tenant ON iam.role_permission TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: tenant_user tenant; Type: POLICY; Schema: iam; Owner: hm_owner
--

CREATE POLICY tenant ON iam.tenant_user TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: tenant_user; Type: ROW SECURITY; Schema: iam; Owner: hm_owner
--

ALTER TABLE iam.tenant_user ENABLE ROW LEVEL SECURITY;

--
-- Name: barcode_series; Type: ROW SECURITY; Schema: lab; Owner: hm_owner
--

ALTER TABLE lab.barcode_series ENABLE ROW LEVEL SECURITY;

--
-- Name: reflex; Type: ROW SECURITY; Schema: lab; Owner: hm_owner
--

ALTER TABLE lab.reflex ENABLE ROW LEVEL SECURITY;

--
-- Name: request; Type: ROW SECURITY; Schema: lab; Owner: hm_owner
--

ALTER TABLE lab.request ENABLE ROW LEVEL SECURITY;

--
-- Name: result; Type: ROW SECURITY; Schema: lab; Owner: hm_owner
--

ALTER TABLE lab.result ENABLE ROW LEVEL SECURITY;

--
-- Name: sample; Type: ROW SECURITY; Schema: lab; Owner: hm_owner
--

ALTER TABLE lab.sample ENABLE ROW LEVEL SECURITY;

--
-- Name: sample_item; Type: ROW SECURITY; Schema: lab; Owner: hm_owner
--

ALTER TABLE lab.sample_item ENABLE ROW LEVEL SECURITY;

--
-- Name: settings; Type: ROW SECURITY; Schema: lab; Owner: hm_owner
--

ALTER TABLE lab.settings ENABLE ROW LEVEL SECURITY;

--
-- Name: barcode_series tenant; Type: POLICY; Schema: lab; Owner: hm_owner
--

CREATE POLICY tenant ON lab.barcode_series TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: reflex tenant; Type: POLICY; Schema: lab; Owner: hm_owner
--

CREATE POLICY tenant ON lab.reflex TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: request tenant; Type: POLICY; Schema: lab; Owner: hm_owner
--

CREATE POLICY tenant ON lab.request TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: result tenant; Type: POLICY; Schema: lab; Owner: hm_owner
--

CREATE POLICY tenant ON lab.result TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: sample tenant; Type: POLICY; Schema: lab; Owner: hm_owner
--

CREATE POLICY tenant ON lab.sample TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: sample_item tenant; Type: POLICY; Schema: lab; Owner: hm_owner
--

CREATE POLICY tenant ON lab.sample_item TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: settings tenant; Type: POLICY; Schema: lab; Owner: hm_owner
--

CREATE POLICY tenant ON lab.settings TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: value tenant; Type: POLICY; Schema: lab; Owner: hm_owner
--

CREATE POLICY tenant ON lab.value TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: value; Type: ROW SECURITY; Schema: lab; Owner: hm_owner
--

ALTER TABLE lab.value ENABLE ROW LEVEL SECURITY;

--
-- Name: layout; Type: ROW SECURITY; Schema: labprint; Owner: hm_owner
--

ALTER TABLE labprint.layout ENABLE ROW LEVEL SECURITY;

--
-- Name: numbering; Type: ROW SECURITY; Schema: labprint; Owner: hm_owner
--

ALTER TABLE labprint.numbering ENABLE ROW LEVEL SECURITY;

--
-- Name: reading; Type: ROW SECURITY; Schema: labprint; Owner: hm_owner
--

ALTER TABLE labprint.reading ENABLE ROW LEVEL SECURITY;

--
-- Name: report; Type: ROW SECURITY; Schema: labprint; Owner: hm_owner
--

ALTER TABLE labprint.report ENABLE ROW LEVEL SECURITY;

--
-- Name: layout tenant; Type: POLICY; Schema: labprint; Owner: hm_owner
--

CREATE POLICY tenant ON labprint.layout TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: numbering tenant; Type: POLICY; Schema: labprint; Owner: hm_owner
--

CREATE POLICY tenant ON labprint.numbering TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: reading tenant; Type: POLICY; Schema: labprint; Owner: hm_owner
--

CREATE POLICY tenant ON labprint.reading TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: report tenant; Type: POLICY; Schema: labprint; Owner: hm_owner
--

CREATE POLICY tenant ON labprint.report TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: delivery claim; Type: POLICY; Schema: notifications; Owner: hm_owner
--

CREATE POLICY claim ON notifications.delivery TO hm_owner USING (true);


--
-- Name: delivery; Type: ROW SECURITY; Schema: notifications; Owner: hm_owner
--

ALTER TABLE notifications.delivery ENABLE ROW LEVEL SECURITY;

--
-- Name: notification; Type: ROW SECURITY; Schema: notifications; Owner: hm_owner
--

ALTER TABLE notifications.notification ENABLE ROW LEVEL SECURITY;

--
-- Name: preference; Type: ROW SECURITY; Schema: notifications; Owner: hm_owner
--

ALTER TABLE notifications.preference ENABLE ROW LEVEL SECURITY;

--
-- Name: push_subscription; Type: ROW SECURITY; Schema: notifications; Owner: hm_owner
--

ALTER TABLE notifications.push_subscription ENABLE ROW LEVEL SECURITY;

--
-- Name: setting; Type: ROW SECURITY; Schema: notifications; Owner: hm_owner
--

ALTER TABLE notifications.setting ENABLE ROW LEVEL SECURITY;

--
-- Name: template; Type: ROW SECURITY; Schema: notifications; Owner: hm_owner
--

ALTER TABLE notifications.template ENABLE ROW LEVEL SECURITY;

--
-- Name: delivery tenant; Type: POLICY; Schema: notifications; Owner: hm_owner
--

CREATE POLICY tenant ON notifications.delivery TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: notification tenant; Type: POLICY; Schema: notifications; Owner: hm_owner
--

CREATE POLICY tenant ON notifications.notification TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: preference tenant; Type: POLICY; Schema: notifications; Owner: hm_owner
--

CREATE POLICY tenant ON notifications.preference TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: push_subscription tenant; Type: POLICY; Schema: notifications; Owner: hm_owner
--

CREATE POLICY tenant ON notifications.push_subscription TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: setting tenant; Type: POLICY; Schema: notifications; Owner: hm_owner
--

CREATE POLICY tenant ON notifications.setting TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: template tenant; Type: POLICY; Schema: notifications; Owner: hm_owner
--

CREATE POLICY tenant ON notifications.template TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: item; Type: ROW SECURITY; Schema: orders; Owner: hm_owner
--

ALTER TABLE orders.item ENABLE ROW LEVEL SECURITY;

--
-- Name: order; Type: ROW SECURITY; Schema: orders; Owner: hm_owner
--

ALTER TABLE orders."order" ENABLE ROW LEVEL SECURITY;

--
-- Name: item tenant; Type: POLICY; Schema: orders; Owner: hm_owner
--

CREATE POLICY tenant ON orders.item TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: order tenant; Type: POLICY; Schema: orders; Owner: hm_owner
--

CREATE POLICY tenant ON orders."order" TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: allowed_tool; Type: ROW SECURITY; Schema: packs; Owner: hm_owner
--

ALTER TABLE packs.allowed_tool ENABLE ROW LEVEL SECURITY;

--
-- Name: allowed_tool tenant; Type: POLICY; Schema: packs; Owner: hm_owner
--

CREATE POLICY tenant ON packs.allowed_tool TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: version tenant; Type: POLICY; Schema: packs; Owner: hm_owner
--

CREATE POLICY tenant ON packs.version TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: version; Type: ROW SECURITY; Schema: packs; Owner: hm_owner
--

ALTER TABLE packs.version ENABLE ROW LEVEL SECURITY;

--
-- Name: datum; Type: ROW SECURITY; Schema: patients; Owner: hm_owner
--

ALTER TABLE patients.datum ENABLE ROW LEVEL SECURITY;

--
-- Name: identifier; Type: ROW SECURITY; Schema: patients; Owner: hm_owner
--

ALTER TABLE patients.identifier ENABLE ROW LEVEL SECURITY;

--
-- Name: patient; Type: ROW SECURITY; Schema: patients; Owner: hm_owner
--

ALTER TABLE patients.patient ENABLE ROW LEVEL SECURITY;

--
-- Name: search_entry search; Type: POLICY; Schema: patients; Owner: hm_owner
--

CREATE POLICY search ON patients.search_entry FOR SELECT TO hm_owner USING (true);


--
-- Name: search_entry; Type: ROW SECURITY; Schema: patients; Owner: hm_owner
--

ALTER TABLE patients.search_entry ENABLE ROW LEVEL SECURITY;

--
-- Name: datum tenant; Type: POLICY; Schema: patients; Owner: hm_owner
--

CREATE POLICY tenant ON patients.datum TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: identifier tenant; Type: POLICY; Schema: patients; Owner: hm_owner
--

CREATE POLICY tenant ON patients.identifier TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: patient tenant; Type: POLICY; Schema: patients; Owner: hm_owner
--

CREATE POLICY tenant ON patients.patient TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: search_entry tenant; Type: POLICY; Schema: patients; Owner: hm_owner
--

CREATE POLICY tenant ON patients.search_entry TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: exclusion; Type: ROW SECURITY; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE qualitycontrol.exclusion ENABLE ROW LEVEL SECURITY;

--
-- Name: hold; Type: ROW SECURITY; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE qualitycontrol.hold ENABLE ROW LEVEL SECURITY;

--
-- Name: lot; Type: ROW SECURITY; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE qualitycontrol.lot ENABLE ROW LEVEL SECURITY;

--
-- Name: run; Type: ROW SECURITY; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE qualitycontrol.run ENABLE ROW LEVEL SECURITY;

--
-- Name: target; Type: ROW SECURITY; Schema: qualitycontrol; Owner: hm_owner
--

ALTER TABLE qualitycontrol.target ENABLE ROW LEVEL SECURITY;

--
-- Name: exclusion tenant; Type: POLICY; Schema: qualitycontrol; Owner: hm_owner
--

CREATE POLICY tenant ON qualitycontrol.exclusion TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: hold tenant; Type: POLICY; Schema: qualitycontrol; Owner: hm_owner
--

CREATE POLICY tenant ON qualitycontrol.hold TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: lot tenant; Type: POLICY; Schema: qualitycontrol; Owner: hm_owner
--

CREATE POLICY tenant ON qualitycontrol.lot TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: run tenant; Type: POLICY; Schema: qualitycontrol; Owner: hm_owner
--

CREATE POLICY tenant ON qualitycontrol.run TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: target tenant; Type: POLICY; Schema: qualitycontrol; Owner: hm_owner
--

CREATE POLICY tenant ON qualitycontrol.target TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: edition; Type: ROW SECURITY; Schema: repertory; Owner: hm_owner
--

ALTER TABLE repertory.edition ENABLE ROW LEVEL SECURITY;

--
-- Name: grading; Type: ROW SECURITY; Schema: repertory; Owner: hm_owner
--

ALTER TABLE repertory.grading ENABLE ROW LEVEL SECURITY;

--
-- Name: remedy; Type: ROW SECURITY; Schema: repertory; Owner: hm_owner
--

ALTER TABLE repertory.remedy ENABLE ROW LEVEL SECURITY;

--
-- Name: rubric; Type: ROW SECURITY; Schema: repertory; Owner: hm_owner
--

ALTER TABLE repertory.rubric ENABLE ROW LEVEL SECURITY;

--
-- Name: edition tenant; Type: POLICY; Schema: repertory; Owner: hm_owner
--

CREATE POLICY tenant ON repertory.edition TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: grading tenant; Type: POLICY; Schema: repertory; Owner: hm_owner
--

CREATE POLICY tenant ON repertory.grading TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: remedy tenant; Type: POLICY; Schema: repertory; Owner: hm_owner
--

CREATE POLICY tenant ON repertory.remedy TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: rubric tenant; Type: POLICY; Schema: repertory; Owner: hm_owner
--

CREATE POLICY tenant ON repertory.rubric TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: firing; Type: ROW SECURITY; Schema: rules; Owner: hm_owner
--

ALTER TABLE rules.firing ENABLE ROW LEVEL SECURITY;

--
-- Name: override; Type: ROW SECURITY; Schema: rules; Owner: hm_owner
--

ALTER TABLE rules.override ENABLE ROW LEVEL SECURITY;

--
-- Name: firing tenant; Type: POLICY; Schema: rules; Owner: hm_owner
--

CREATE POLICY tenant ON rules.firing TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: override tenant; Type: POLICY; Schema: rules; Owner: hm_owner
--

CREATE POLICY tenant ON rules.override TO hm_app USING ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting))) WITH CHECK ((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)));


--
-- Name: task; Type: ROW SECURITY; Schema: tasks; Owner: hm_owner
--

ALTER TABLE tasks.task ENABLE ROW LEVEL SECURITY;

--
-- Name: task tenant; Type: POLICY; Schema: tasks; Owner: hm_owner
--

CREATE POLICY tenant ON tasks.task TO hm_app USING (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text)))) WITH CHECK (((tenant_id = ( SELECT (current_setting('app.tenant_id'::text))::uuid AS current_setting)) AND ((facility_id = ( SELECT (current_setting('app.facility_id'::text))::uuid AS current_setting)) OR (( SELECT current_setting('app.tenant_wide'::text) AS current_setting) = 'on'::text))));


--
-- Name: SCHEMA alerts; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA alerts TO hm_app;


--
-- Name: SCHEMA audit; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA audit TO hm_app;


--
-- Name: SCHEMA clinicaldocs; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA clinicaldocs TO hm_app;


--
-- Name: SCHEMA encounters; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA encounters TO hm_app;


--
-- Name: SCHEMA events; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA events TO hm_app;


--
-- Name: SCHEMA facilities; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA facilities TO hm_app;


--
-- Name: SCHEMA hm; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA hm TO hm_app;


--
-- Name: SCHEMA httpx; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA httpx TO hm_app;


--
-- Name: SCHEMA iam; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA iam TO hm_app;


--
-- Name: SCHEMA lab; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA lab TO hm_app;


--
-- Name: SCHEMA labprint; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA labprint TO hm_app;


--
-- Name: SCHEMA notifications; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA notifications TO hm_app;


--
-- Name: SCHEMA orders; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA orders TO hm_app;


--
-- Name: SCHEMA packs; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA packs TO hm_app;


--
-- Name: SCHEMA patients; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA patients TO hm_app;


--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: pg_database_owner
--

GRANT ALL ON SCHEMA public TO hm_owner;


--
-- Name: SCHEMA qualitycontrol; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA qualitycontrol TO hm_app;


--
-- Name: SCHEMA repertory; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA repertory TO hm_app;


--
-- Name: SCHEMA rules; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA rules TO hm_app;


--
-- Name: SCHEMA tasks; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA tasks TO hm_app;


--
-- Name: SCHEMA tenants; Type: ACL; Schema: -; Owner: hm_owner
--

GRANT USAGE ON SCHEMA tenants TO hm_app;


--
-- Name: FUNCTION due(at timestamp with time zone, most integer); Type: ACL; Schema: alerts; Owner: hm_owner
--

REVOKE ALL ON FUNCTION alerts.due(at timestamp with time zone, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION alerts.due(at timestamp with time zone, most integer) TO hm_app;


--
-- Name: TABLE entry; Type: ACL; Schema: audit; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE audit.entry TO hm_app;


--
-- Name: TABLE event; Type: ACL; Schema: events; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE events.event TO hm_app;


--
-- Name: TABLE record; Type: ACL; Schema: audit; Owner: hm_owner
--

GRANT SELECT ON TABLE audit.record TO hm_app;


--
-- Name: FUNCTION tail(after_xid xid8, after_id uuid, max_rows integer); Type: ACL; Schema: audit; Owner: hm_owner
--

REVOKE ALL ON FUNCTION audit.tail(after_xid xid8, after_id uuid, max_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION audit.tail(after_xid xid8, after_id uuid, max_rows integer) TO hm_app;


--
-- Name: FUNCTION tail(after_xid xid8, after_id uuid, max_rows integer); Type: ACL; Schema: events; Owner: hm_owner
--

REVOKE ALL ON FUNCTION events.tail(after_xid xid8, after_id uuid, max_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION events.tail(after_xid xid8, after_id uuid, max_rows integer) TO hm_app;


--
-- Name: FUNCTION names_of(ids uuid[]); Type: ACL; Schema: facilities; Owner: hm_owner
--

REVOKE ALL ON FUNCTION facilities.names_of(ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION facilities.names_of(ids uuid[]) TO hm_app;


--
-- Name: FUNCTION expire_idempotency(before timestamp with time zone); Type: ACL; Schema: httpx; Owner: hm_owner
--

REVOKE ALL ON FUNCTION httpx.expire_idempotency(before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION httpx.expire_idempotency(before timestamp with time zone) TO hm_app;


--
-- Name: FUNCTION describe_user(of_user uuid); Type: ACL; Schema: iam; Owner: hm_owner
--

REVOKE ALL ON FUNCTION iam.describe_user(of_user uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION iam.describe_user(of_user uuid) TO hm_app;


--
-- Name: FUNCTION is_open(of_user uuid); Type: ACL; Schema: iam; Owner: hm_owner
--

REVOKE ALL ON FUNCTION iam.is_open(of_user uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION iam.is_open(of_user uuid) TO hm_app;


--
-- Name: FUNCTION load_account(of_session uuid, at timestamp with time zone); Type: ACL; Schema: iam; Owner: hm_owner
--

REVOKE ALL ON FUNCTION iam.load_account(of_session uuid, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION iam.load_account(of_session uuid, at timestamp with time zone) TO hm_app;


--
-- Name: FUNCTION memberships_of(of_user uuid); Type: ACL; Schema: iam; Owner: hm_owner
--

REVOKE ALL ON FUNCTION iam.memberships_of(of_user uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION iam.memberships_of(of_user uuid) TO hm_app;


--
-- Name: FUNCTION open_tenants_of(of_user uuid); Type: ACL; Schema: iam; Owner: hm_owner
--

REVOKE ALL ON FUNCTION iam.open_tenants_of(of_user uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION iam.open_tenants_of(of_user uuid) TO hm_app;


--
-- Name: FUNCTION tenants_of(of_user uuid); Type: ACL; Schema: iam; Owner: hm_owner
--

REVOKE ALL ON FUNCTION iam.tenants_of(of_user uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION iam.tenants_of(of_user uuid) TO hm_app;


--
-- Name: FUNCTION works_elsewhere(of_user uuid, than_tenant uuid); Type: ACL; Schema: iam; Owner: hm_owner
--

REVOKE ALL ON FUNCTION iam.works_elsewhere(of_user uuid, than_tenant uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION iam.works_elsewhere(of_user uuid, than_tenant uuid) TO hm_app;


--
-- Name: FUNCTION claim(of_channel text, at timestamp with time zone, ends_at timestamp with time zone, by_claim uuid, most integer); Type: ACL; Schema: notifications; Owner: hm_owner
--

REVOKE ALL ON FUNCTION notifications.claim(of_channel text, at timestamp with time zone, ends_at timestamp with time zone, by_claim uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION notifications.claim(of_channel text, at timestamp with time zone, ends_at timestamp with time zone, by_claim uuid, most integer) TO hm_app;


--
-- Name: FUNCTION try_again(of_channel text, because text, at timestamp with time zone); Type: ACL; Schema: notifications; Owner: hm_owner
--

REVOKE ALL ON FUNCTION notifications.try_again(of_channel text, because text, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION notifications.try_again(of_channel text, because text, at timestamp with time zone) TO hm_app;


--
-- Name: FUNCTION next_mrn(prefix text, suffix text, width integer, OUT mrn text, OUT number bigint); Type: ACL; Schema: patients; Owner: hm_owner
--

REVOKE ALL ON FUNCTION patients.next_mrn(prefix text, suffix text, width integer, OUT mrn text, OUT number bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION patients.next_mrn(prefix text, suffix text, width integer, OUT mrn text, OUT number bigint) TO hm_app;


--
-- Name: FUNCTION outdated_search_entries(current_version integer, max_rows integer); Type: ACL; Schema: patients; Owner: hm_owner
--

REVOKE ALL ON FUNCTION patients.outdated_search_entries(current_version integer, max_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION patients.outdated_search_entries(current_version integer, max_rows integer) TO hm_app;


--
-- Name: FUNCTION rung(keys bigint[], ladder bigint[], slips bigint[]); Type: ACL; Schema: patients; Owner: hm_owner
--

REVOKE ALL ON FUNCTION patients.rung(keys bigint[], ladder bigint[], slips bigint[]) FROM PUBLIC;


--
-- Name: FUNCTION search(codes bigint[], code_points integer[], ladders bigint[], slips bigint[], slip_ends integer[], grams bigint[], births bigint[], after_score integer, after_id uuid, max_rows integer); Type: ACL; Schema: patients; Owner: hm_owner
--

REVOKE ALL ON FUNCTION patients.search(codes bigint[], code_points integer[], ladders bigint[], slips bigint[], slip_ends integer[], grams bigint[], births bigint[], after_score integer, after_id uuid, max_rows integer) FROM PUBLIC;
GRANT ALL ON FUNCTION patients.search(codes bigint[], code_points integer[], ladders bigint[], slips bigint[], slip_ends integer[], grams bigint[], births bigint[], after_score integer, after_id uuid, max_rows integer) TO hm_app;


--
-- Name: FUNCTION names_of(ids uuid[]); Type: ACL; Schema: tenants; Owner: hm_owner
--

REVOKE ALL ON FUNCTION tenants.names_of(ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION tenants.names_of(ids uuid[]) TO hm_app;


--
-- Name: TABLE alert; Type: ACL; Schema: alerts; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE alerts.alert TO hm_app;


--
-- Name: TABLE duty; Type: ACL; Schema: alerts; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE alerts.duty TO hm_app;


--
-- Name: TABLE history; Type: ACL; Schema: alerts; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE alerts.history TO hm_app;


--
-- Name: TABLE policy; Type: ACL; Schema: alerts; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE alerts.policy TO hm_app;


--
-- Name: TABLE target; Type: ACL; Schema: alerts; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE alerts.target TO hm_app;


--
-- Name: TABLE team; Type: ACL; Schema: alerts; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE alerts.team TO hm_app;


--
-- Name: TABLE team_member; Type: ACL; Schema: alerts; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE alerts.team_member TO hm_app;


--
-- Name: TABLE batch; Type: ACL; Schema: audit; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE audit.batch TO hm_app;


--
-- Name: TABLE entry_patient; Type: ACL; Schema: audit; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE audit.entry_patient TO hm_app;


--
-- Name: TABLE leaf; Type: ACL; Schema: audit; Owner: hm_owner
--

GRANT SELECT ON TABLE audit.leaf TO hm_app;


--
-- Name: TABLE mention; Type: ACL; Schema: audit; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE audit.mention TO hm_app;


--
-- Name: TABLE seal; Type: ACL; Schema: audit; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE audit.seal TO hm_app;


--
-- Name: TABLE sealer; Type: ACL; Schema: audit; Owner: hm_owner
--

GRANT SELECT,UPDATE ON TABLE audit.sealer TO hm_app;


--
-- Name: TABLE document; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE clinicaldocs.document TO hm_app;


--
-- Name: TABLE draft; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE clinicaldocs.draft TO hm_app;


--
-- Name: COLUMN draft.payload; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT UPDATE(payload) ON TABLE clinicaldocs.draft TO hm_app;


--
-- Name: COLUMN draft.computed; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT UPDATE(computed) ON TABLE clinicaldocs.draft TO hm_app;


--
-- Name: COLUMN draft.summary; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT UPDATE(summary) ON TABLE clinicaldocs.draft TO hm_app;


--
-- Name: COLUMN draft.version; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT UPDATE(version) ON TABLE clinicaldocs.draft TO hm_app;


--
-- Name: COLUMN draft.encounter_open; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT UPDATE(encounter_open) ON TABLE clinicaldocs.draft TO hm_app;


--
-- Name: COLUMN draft.finalized_at; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT UPDATE(finalized_at) ON TABLE clinicaldocs.draft TO hm_app;


--
-- Name: COLUMN draft.discarded_at; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT UPDATE(discarded_at) ON TABLE clinicaldocs.draft TO hm_app;


--
-- Name: COLUMN draft.updated_at; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT UPDATE(updated_at) ON TABLE clinicaldocs.draft TO hm_app;


--
-- Name: TABLE latest; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE clinicaldocs.latest TO hm_app;


--
-- Name: COLUMN latest.document_id; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT UPDATE(document_id) ON TABLE clinicaldocs.latest TO hm_app;


--
-- Name: COLUMN latest.finalized_at; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT UPDATE(finalized_at) ON TABLE clinicaldocs.latest TO hm_app;


--
-- Name: TABLE observation; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE clinicaldocs.observation TO hm_app;


--
-- Name: TABLE record; Type: ACL; Schema: clinicaldocs; Owner: hm_owner
--

GRANT SELECT ON TABLE clinicaldocs.record TO hm_app;


--
-- Name: TABLE datum; Type: ACL; Schema: encounters; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE encounters.datum TO hm_app;


--
-- Name: TABLE document; Type: ACL; Schema: encounters; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE encounters.document TO hm_app;


--
-- Name: TABLE encounter; Type: ACL; Schema: encounters; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE encounters.encounter TO hm_app;


--
-- Name: TABLE delivery; Type: ACL; Schema: events; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE events.delivery TO hm_app;


--
-- Name: TABLE relay; Type: ACL; Schema: events; Owner: hm_owner
--

GRANT SELECT,UPDATE ON TABLE events.relay TO hm_app;


--
-- Name: TABLE facility; Type: ACL; Schema: facilities; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE facilities.facility TO hm_app;


--
-- Name: COLUMN installation.fingerprint; Type: ACL; Schema: hm; Owner: hm_owner
--

GRANT SELECT(fingerprint) ON TABLE hm.installation TO hm_app;


--
-- Name: TABLE idempotency; Type: ACL; Schema: httpx; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE httpx.idempotency TO hm_app;


--
-- Name: TABLE invalidation; Type: ACL; Schema: iam; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE iam.invalidation TO hm_app;


--
-- Name: TABLE membership; Type: ACL; Schema: iam; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE iam.membership TO hm_app;


--
-- Name: TABLE membership_role; Type: ACL; Schema: iam; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE iam.membership_role TO hm_app;


--
-- Name: TABLE refresh_token; Type: ACL; Schema: iam; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE iam.refresh_token TO hm_app;


--
-- Name: TABLE refused_sign_in; Type: ACL; Schema: iam; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE iam.refused_sign_in TO hm_app;


--
-- Name: TABLE role; Type: ACL; Schema: iam; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE iam.role TO hm_app;


--
-- Name: TABLE role_permission; Type: ACL; Schema: iam; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE iam.role_permission TO hm_app;


--
-- Name: TABLE session; Type: ACL; Schema: iam; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE iam.session TO hm_app;


--
-- Name: TABLE sign_in_throttle; Type: ACL; Schema: iam; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE iam.sign_in_throttle TO hm_app;


--
-- Name: TABLE tenant_user; Type: ACL; Schema: iam; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE iam.tenant_user TO hm_app;


--
-- Name: TABLE user_account; Type: ACL; Schema: iam; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE iam.user_account TO hm_app;


--
-- Name: TABLE barcode_series; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE lab.barcode_series TO hm_app;


--
-- Name: COLUMN barcode_series.last; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(last) ON TABLE lab.barcode_series TO hm_app;


--
-- Name: TABLE reflex; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE lab.reflex TO hm_app;


--
-- Name: TABLE request; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.status; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(status) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.ordered_by_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(ordered_by_id) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.sample_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(sample_id) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.is_recollection; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(is_recollection) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.collected_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(collected_at) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.received_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(received_at) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.entered_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(entered_at) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.verified_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(verified_at) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.released_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(released_at) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.cancelled_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(cancelled_at) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.latest_version; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(latest_version) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.latest_result_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(latest_result_id) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.released_result_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(released_result_id) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.reflex_of_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(reflex_of_id) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.overdue_told_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(overdue_told_at) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.version; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(version) ON TABLE lab.request TO hm_app;


--
-- Name: COLUMN request.updated_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(updated_at) ON TABLE lab.request TO hm_app;


--
-- Name: TABLE result; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE lab.result TO hm_app;


--
-- Name: COLUMN result.status; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(status) ON TABLE lab.result TO hm_app;


--
-- Name: COLUMN result.notified_to; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(notified_to) ON TABLE lab.result TO hm_app;


--
-- Name: COLUMN result.notified_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(notified_at) ON TABLE lab.result TO hm_app;


--
-- Name: COLUMN result.notified_by_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(notified_by_id) ON TABLE lab.result TO hm_app;


--
-- Name: COLUMN result.verified_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(verified_at) ON TABLE lab.result TO hm_app;


--
-- Name: COLUMN result.verified_by_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(verified_by_id) ON TABLE lab.result TO hm_app;


--
-- Name: COLUMN result.verified_by_rule; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(verified_by_rule) ON TABLE lab.result TO hm_app;


--
-- Name: COLUMN result.released_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(released_at) ON TABLE lab.result TO hm_app;


--
-- Name: COLUMN result.released_by_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(released_by_id) ON TABLE lab.result TO hm_app;


--
-- Name: TABLE sample; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.status; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(status) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.received_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(received_at) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.received_by_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(received_by_id) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.rejected_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(rejected_at) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.rejected_by_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(rejected_by_id) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.rejection_code; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(rejection_code) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.reason; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(reason) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.stored_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(stored_at) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.stored_by_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(stored_by_id) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.storage_location; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(storage_location) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.discarded_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(discarded_at) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.discarded_by_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(discarded_by_id) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.version; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(version) ON TABLE lab.sample TO hm_app;


--
-- Name: COLUMN sample.updated_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(updated_at) ON TABLE lab.sample TO hm_app;


--
-- Name: TABLE settings; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE lab.settings TO hm_app;


--
-- Name: COLUMN settings.four_eyes; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(four_eyes) ON TABLE lab.settings TO hm_app;


--
-- Name: COLUMN settings.autoverification; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(autoverification) ON TABLE lab.settings TO hm_app;


--
-- Name: COLUMN settings.suspended_reason; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(suspended_reason) ON TABLE lab.settings TO hm_app;


--
-- Name: COLUMN settings.version; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(version) ON TABLE lab.settings TO hm_app;


--
-- Name: COLUMN settings.updated_at; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(updated_at) ON TABLE lab.settings TO hm_app;


--
-- Name: COLUMN settings.updated_by_id; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT UPDATE(updated_by_id) ON TABLE lab.settings TO hm_app;


--
-- Name: TABLE value; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE lab.value TO hm_app;


--
-- Name: TABLE result_record; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT SELECT ON TABLE lab.result_record TO hm_app;


--
-- Name: TABLE sample_item; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE lab.sample_item TO hm_app;


--
-- Name: TABLE sample_record; Type: ACL; Schema: lab; Owner: hm_owner
--

GRANT SELECT ON TABLE lab.sample_record TO hm_app;


--
-- Name: TABLE layout; Type: ACL; Schema: labprint; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE labprint.layout TO hm_app;


--
-- Name: TABLE numbering; Type: ACL; Schema: labprint; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE labprint.numbering TO hm_app;


--
-- Name: TABLE reading; Type: ACL; Schema: labprint; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE labprint.reading TO hm_app;


--
-- Name: TABLE report; Type: ACL; Schema: labprint; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE labprint.report TO hm_app;


--
-- Name: TABLE delivery; Type: ACL; Schema: notifications; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE notifications.delivery TO hm_app;


--
-- Name: TABLE notification; Type: ACL; Schema: notifications; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE notifications.notification TO hm_app;


--
-- Name: TABLE preference; Type: ACL; Schema: notifications; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE notifications.preference TO hm_app;


--
-- Name: TABLE push_subscription; Type: ACL; Schema: notifications; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.push_subscription TO hm_app;


--
-- Name: TABLE setting; Type: ACL; Schema: notifications; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE notifications.setting TO hm_app;


--
-- Name: TABLE template; Type: ACL; Schema: notifications; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE notifications.template TO hm_app;


--
-- Name: TABLE item; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE orders.item TO hm_app;


--
-- Name: COLUMN item.status; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(status) ON TABLE orders.item TO hm_app;


--
-- Name: COLUMN item.started_at; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(started_at) ON TABLE orders.item TO hm_app;


--
-- Name: COLUMN item.started_by_id; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(started_by_id) ON TABLE orders.item TO hm_app;


--
-- Name: COLUMN item.completed_at; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(completed_at) ON TABLE orders.item TO hm_app;


--
-- Name: COLUMN item.completed_by_id; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(completed_by_id) ON TABLE orders.item TO hm_app;


--
-- Name: COLUMN item.cancelled_at; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(cancelled_at) ON TABLE orders.item TO hm_app;


--
-- Name: COLUMN item.cancelled_by_id; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(cancelled_by_id) ON TABLE orders.item TO hm_app;


--
-- Name: COLUMN item.cancel_reason; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(cancel_reason) ON TABLE orders.item TO hm_app;


--
-- Name: TABLE "order"; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE orders."order" TO hm_app;


--
-- Name: COLUMN "order".status; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(status) ON TABLE orders."order" TO hm_app;


--
-- Name: COLUMN "order".completed_at; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(completed_at) ON TABLE orders."order" TO hm_app;


--
-- Name: COLUMN "order".cancelled_at; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(cancelled_at) ON TABLE orders."order" TO hm_app;


--
-- Name: COLUMN "order".cancelled_by_id; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(cancelled_by_id) ON TABLE orders."order" TO hm_app;


--
-- Name: COLUMN "order".cancel_reason; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(cancel_reason) ON TABLE orders."order" TO hm_app;


--
-- Name: COLUMN "order".version; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(version) ON TABLE orders."order" TO hm_app;


--
-- Name: COLUMN "order".updated_at; Type: ACL; Schema: orders; Owner: hm_owner
--

GRANT UPDATE(updated_at) ON TABLE orders."order" TO hm_app;


--
-- Name: TABLE allowed_tool; Type: ACL; Schema: packs; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE packs.allowed_tool TO hm_app;


--
-- Name: TABLE version; Type: ACL; Schema: packs; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE packs.version TO hm_app;


--
-- Name: TABLE datum; Type: ACL; Schema: patients; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE patients.datum TO hm_app;


--
-- Name: TABLE identifier; Type: ACL; Schema: patients; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE patients.identifier TO hm_app;


--
-- Name: TABLE patient; Type: ACL; Schema: patients; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE patients.patient TO hm_app;


--
-- Name: TABLE search_entry; Type: ACL; Schema: patients; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE patients.search_entry TO hm_app;


--
-- Name: TABLE hm_migration; Type: ACL; Schema: public; Owner: hm_owner
--

GRANT SELECT ON TABLE public.hm_migration TO hm_app;


--
-- Name: TABLE exclusion; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE qualitycontrol.exclusion TO hm_app;


--
-- Name: TABLE lot; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE qualitycontrol.lot TO hm_app;


--
-- Name: COLUMN lot.expires_on; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(expires_on) ON TABLE qualitycontrol.lot TO hm_app;


--
-- Name: COLUMN lot.is_active; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(is_active) ON TABLE qualitycontrol.lot TO hm_app;


--
-- Name: COLUMN lot.version; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(version) ON TABLE qualitycontrol.lot TO hm_app;


--
-- Name: COLUMN lot.updated_at; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(updated_at) ON TABLE qualitycontrol.lot TO hm_app;


--
-- Name: TABLE run; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE qualitycontrol.run TO hm_app;


--
-- Name: TABLE good_run; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT SELECT ON TABLE qualitycontrol.good_run TO hm_app;


--
-- Name: TABLE hold; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE qualitycontrol.hold TO hm_app;


--
-- Name: COLUMN hold.run_count; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(run_count) ON TABLE qualitycontrol.hold TO hm_app;


--
-- Name: COLUMN hold.status; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(status) ON TABLE qualitycontrol.hold TO hm_app;


--
-- Name: COLUMN hold.last_violated_at; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(last_violated_at) ON TABLE qualitycontrol.hold TO hm_app;


--
-- Name: COLUMN hold.resolved_at; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(resolved_at) ON TABLE qualitycontrol.hold TO hm_app;


--
-- Name: COLUMN hold.resolved_by_id; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(resolved_by_id) ON TABLE qualitycontrol.hold TO hm_app;


--
-- Name: COLUMN hold.reason; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(reason) ON TABLE qualitycontrol.hold TO hm_app;


--
-- Name: COLUMN hold.version; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(version) ON TABLE qualitycontrol.hold TO hm_app;


--
-- Name: COLUMN hold.resolved_after_good_run; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(resolved_after_good_run) ON TABLE qualitycontrol.hold TO hm_app;


--
-- Name: TABLE hold_record; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT SELECT ON TABLE qualitycontrol.hold_record TO hm_app;


--
-- Name: TABLE target; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE qualitycontrol.target TO hm_app;


--
-- Name: COLUMN target.mean; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(mean) ON TABLE qualitycontrol.target TO hm_app;


--
-- Name: COLUMN target.sd; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(sd) ON TABLE qualitycontrol.target TO hm_app;


--
-- Name: COLUMN target.unit; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(unit) ON TABLE qualitycontrol.target TO hm_app;


--
-- Name: COLUMN target.updated_at; Type: ACL; Schema: qualitycontrol; Owner: hm_owner
--

GRANT UPDATE(updated_at) ON TABLE qualitycontrol.target TO hm_app;


--
-- Name: TABLE edition; Type: ACL; Schema: repertory; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE repertory.edition TO hm_app;


--
-- Name: TABLE grading; Type: ACL; Schema: repertory; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE repertory.grading TO hm_app;


--
-- Name: TABLE remedy; Type: ACL; Schema: repertory; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE repertory.remedy TO hm_app;


--
-- Name: TABLE rubric; Type: ACL; Schema: repertory; Owner: hm_owner
--

GRANT SELECT,INSERT,DELETE ON TABLE repertory.rubric TO hm_app;


--
-- Name: TABLE firing; Type: ACL; Schema: rules; Owner: hm_owner
--

GRANT SELECT,INSERT ON TABLE rules.firing TO hm_app;


--
-- Name: TABLE override; Type: ACL; Schema: rules; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE rules.override TO hm_app;


--
-- Name: TABLE task; Type: ACL; Schema: tasks; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE tasks.task TO hm_app;


--
-- Name: TABLE tenant; Type: ACL; Schema: tenants; Owner: hm_owner
--

GRANT SELECT,INSERT,UPDATE ON TABLE tenants.tenant TO hm_app;


--
-- PostgreSQL database dump complete
--


