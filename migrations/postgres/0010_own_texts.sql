-- What a newsletter says in its mails in place of the shipped texts.
CREATE TABLE own_text (
    newsletter_id   UUID    NOT NULL REFERENCES newsletter (id),
    language        TEXT    NOT NULL,
    text_key        TEXT    NOT NULL,
    wording         TEXT    NOT NULL,
    changed_at      BIGINT  NOT NULL,
    PRIMARY KEY (newsletter_id, language, text_key)
);
