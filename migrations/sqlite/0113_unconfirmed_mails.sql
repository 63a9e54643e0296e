-- The mails to addresses that were not confirmed, by the keyed hash of the mailbox that several
-- spellings reach. The limits of a mailbox count them, also when the sign-up is erased meanwhile.
CREATE TABLE unconfirmed_mail (
    outbox_id       BLOB NOT NULL PRIMARY KEY,
    mailbox_hash    BLOB NOT NULL,
    due_at          INTEGER NOT NULL
) STRICT;
CREATE INDEX unconfirmed_mail_mailbox ON unconfirmed_mail (mailbox_hash, due_at);
