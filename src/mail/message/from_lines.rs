//! Lines that begin with `From `: an mbox on the way would put `>` before them, which breaks signatures (RFC 6376 §5.3).

/// The longest line of quoted-printable (RFC 2045 §6.7).
const MAX_LINE: usize = 76;

/// A message whose bodies, all of them quoted-printable, have no such line.
pub(super) fn encode_from_lines(message: String) -> String {
    let Some(end) = message.find("\r\n\r\n") else {
        return message;
    };
    let (header, body) = message.split_at(end);
    if !body.contains("\r\nFrom ") {
        return message;
    }
    let mut encoded = header.to_owned();
    for (number, line) in body.split("\r\n").enumerate() {
        if number > 0 {
            encoded.push_str("\r\n");
        }
        let mut rest = line;
        while let Some(after) = rest.strip_prefix("From ") {
            encoded.push_str("=46rom ");
            rest = after;
            // One octet has become three.
            if "=46rom ".len() + rest.len() <= MAX_LINE {
                break;
            }
            encoded.push_str("=\r\n");
        }
        encoded.push_str(rest);
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::{MAX_LINE, encode_from_lines};

    #[test]
    fn no_line_of_a_body_begins_with_from() {
        let long = format!("From {}", "x".repeat(70));
        let message = format!(
            "From: a@example.org\r\n\r\nFrom here\r\n from\r\nFromage\r\n{long}=\r\nFrom {long}\r\nFrom \r\n"
        );
        let encoded = encode_from_lines(message.clone());
        assert!(!encoded.contains("\r\nFrom "), "{encoded}");
        assert!(
            encoded.starts_with("From: a@example.org\r\n\r\n=46rom here\r\n from\r\nFromage\r\n")
        );
        let too_long = encoded.lines().filter(|line| line.len() > MAX_LINE);
        assert_eq!(too_long.count(), 0, "{encoded}");
        let decoded = encoded.replace("=\r\n", "").replace("=46", "F");
        assert_eq!(decoded, message.replace("=\r\n", ""));
    }
}
