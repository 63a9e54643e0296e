-- What can be found of each public issue. Filled at the start for issues from before.
CREATE TABLE issue_text (
    id              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    issue_id        BLOB    NOT NULL UNIQUE REFERENCES issue (id),
    -- As it is shown around a hit.
    shown           TEXT    NOT NULL,
    -- Its words as they are compared: a to z and digits alone.
    words           TEXT    NOT NULL
) STRICT;

CREATE VIRTUAL TABLE issue_words USING fts5 (words, content = 'issue_text', content_rowid = 'id', tokenize = 'ascii');
CREATE TRIGGER issue_text_insert AFTER INSERT ON issue_text BEGIN
    INSERT INTO issue_words (rowid, words) VALUES (new.id, new.words);
END;
CREATE TRIGGER issue_text_delete AFTER DELETE ON issue_text BEGIN
    INSERT INTO issue_words (issue_words, rowid, words) VALUES ('delete', old.id, old.words);
END;
CREATE TRIGGER issue_text_update AFTER UPDATE ON issue_text BEGIN
    INSERT INTO issue_words (issue_words, rowid, words) VALUES ('delete', old.id, old.words);
    INSERT INTO issue_words (rowid, words) VALUES (new.id, new.words);
END;

CREATE INDEX issue_public ON issue (newsletter_id, started_at) WHERE started_at IS NOT NULL;
