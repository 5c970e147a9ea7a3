-- +goose Up
-- The repertory that a homeopath of a tenant looks rubrics up in: one edition at a time, replaced as a whole.
CREATE SCHEMA repertory;
GRANT USAGE ON SCHEMA repertory TO hm_app;

CREATE TABLE repertory.edition (
    tenant_id   uuid        NOT NULL,
    id          uuid        NOT NULL,
    source      text        NOT NULL CHECK (length(source) BETWEEN 1 AND 255),
    rubrics     integer     NOT NULL CHECK (rubrics > 0),
    remedies    integer     NOT NULL CHECK (remedies > 0),
    gradings    integer     NOT NULL CHECK (gradings > 0),
    imported_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id)
);
COMMENT ON TABLE repertory.edition IS 'What a tenant imported last. Its id is another with each import: by it, servers know that what they keep in memory is the newest.';
CALL hm.protect_tenant_table('repertory.edition', false, 'SELECT, INSERT, UPDATE');

CREATE TABLE repertory.remedy (
    tenant_id    uuid    NOT NULL,
    number       integer NOT NULL CHECK (number >= 0),
    abbreviation text    NOT NULL CHECK (length(abbreviation) BETWEEN 1 AND 40),
    name         text    NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    PRIMARY KEY (tenant_id, number),
    UNIQUE (tenant_id, abbreviation)
);
CALL hm.protect_tenant_table('repertory.remedy', false, 'SELECT, INSERT, DELETE');

CREATE TABLE repertory.rubric (
    tenant_id uuid    NOT NULL,
    place     integer NOT NULL CHECK (place >= 0),
    id        uuid    NOT NULL,
    chapter   text    NOT NULL CHECK (length(chapter) BETWEEN 1 AND 100),
    path      text    NOT NULL CHECK (length(path) BETWEEN 1 AND 1000),
    see       text    CHECK (length(see) BETWEEN 1 AND 1000),
    PRIMARY KEY (tenant_id, place),
    UNIQUE (tenant_id, id)
);
COMMENT ON COLUMN repertory.rubric.place IS 'Its place in the book.';
COMMENT ON COLUMN repertory.rubric.id IS 'Made of what the rubric is called, so that it stays the same when the book is imported again: documents remember it.';
CALL hm.protect_tenant_table('repertory.rubric', false, 'SELECT, INSERT, DELETE');

CREATE TABLE repertory.grading (
    tenant_id uuid    NOT NULL,
    place     integer NOT NULL,
    remedy    integer NOT NULL,
    grade     integer NOT NULL CHECK (grade BETWEEN 1 AND 5),
    PRIMARY KEY (tenant_id, place, remedy)
);
COMMENT ON TABLE repertory.grading IS 'How strongly a rubric, by its place, is known of a remedy, by its number. Half a million rows an edition, written by one importer in one transaction, so that no foreign key checks each.';
CALL hm.protect_tenant_table('repertory.grading', false, 'SELECT, INSERT, DELETE');
