//! Tables for a spreadsheet (RFC 4180).

/// A spreadsheet takes a cell that begins with one of these for a formula.
const BEGINS_A_FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Rows as CSV with CRLF. No cell can act as a formula: an apostrophe stands before one that looks like it.
#[must_use]
pub fn csv_table<const COLUMNS: usize>(
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        // Writing to memory cannot fail.
        let _ = writer.write_record(row.map(harmless));
    }
    let octets = writer.into_inner().unwrap_or_default();
    String::from_utf8(octets).unwrap_or_default()
}

fn harmless(cell: String) -> String {
    if cell.starts_with(BEGINS_A_FORMULA) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::csv_table;

    #[test]
    fn no_cell_is_a_formula() {
        let rows = [["=1+1", "@x"], ["orange.fr", "a, b"]];
        let table = csv_table(rows.map(|row| row.map(str::to_owned)));
        assert_eq!(table, "'=1+1,'@x\r\norange.fr,\"a, b\"\r\n");
    }
}
