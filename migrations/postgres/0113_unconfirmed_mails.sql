-- The mails to addresses that were not confirmed, by the keyed hash of the mailbox that several
-- spellings reach. The limits of a mailbox count them, also when the sign-up is erased meanwhile.
CREATE TABLE unconfirmed_mail (
    outbox_id       UUID NOT NULL PRIMARY KEY,
    mailbox_hash    BYTEA NOT NULL,
    due_at          BIGINT NOT NULL
);
CREATE INDEX unconfirmed_mail_mailbox ON unconfirmed_mail (mailbox_hash, due_at);
