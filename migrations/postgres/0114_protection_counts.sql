-- How often a protection of the sign-up form acted, by day (in UTC) and cause. Names nobody.
CREATE TABLE protection_count (
    day             TEXT NOT NULL,
    cause           TEXT NOT NULL,
    amount          BIGINT NOT NULL,
    PRIMARY KEY (day, cause)
);
