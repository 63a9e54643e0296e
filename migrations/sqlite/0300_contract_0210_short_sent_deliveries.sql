-- Nothing to do: SQLite keeps 0 and '' in no octets. On PostgreSQL the row of a sent delivery leaves out two columns.
SELECT 1;
