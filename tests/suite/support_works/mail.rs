use crate::support::mail::{parse, strict_parse};

/// A mail that nothing can be said against.
const GOOD: &str = "\
From: =?utf-8?q?L=27Observatoire?= <news@example.org>\r
To: reader@example.org\r
Subject: =?utf-8?b?0J3QvtCy0L7RgdGC0Lg=?=\r
Date: Mon, 01 Jun 2026 07:00:00 +0000\r
Message-ID: <1@example.org>\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=\"b\"\r
\r
--b\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: quoted-printable\r
\r
=C3=89t=C3=A9\r
--b\r
Content-Type: text/html; charset=utf-8\r
Content-Transfer-Encoding: quoted-printable\r
\r
<p>=C3=89t=C3=A9</p>\r
--b--\r
";

#[test]
fn a_good_mail_is_read() {
    let mail = strict_parse(GOOD.as_bytes());
    assert_eq!(mail.header("subject"), Some("Новости"));
    assert_eq!(
        mail.header("From"),
        Some("L'Observatoire <news@example.org>")
    );
    assert_eq!(mail.text.trim(), "Été");
    assert_eq!(mail.html.trim(), "<p>Été</p>");
}

#[test]
#[should_panic(expected = "an octet over 127")]
fn a_bad_mail_fails_the_test() {
    strict_parse(GOOD.replace("=C3=89", "É").as_bytes());
}

/// Each fault, made by one change to the good mail, and a word of its defect.
#[test]
fn every_fault_is_seen() {
    let long = format!("X-Long: {}\r\nSubject:", "x".repeat(1000));
    let wide = format!("X-Wide: {}\r\nSubject:", "word ".repeat(20).trim());
    let faults: [(&str, &str, &str); 19] = [
        ("=C3=89t=C3=A9\r\n--b\r\n", "=C3=89\n--b\r\n", "bare CR"),
        ("=C3=89t", "=C3=89\rt", "bare CR"),
        ("Subject:", &long, "octets"),
        ("Subject:", &wide, "could be folded"),
        ("Subject:", "Subject: twice\r\nSubject:", "Subject: 2 times"),
        ("Message-ID: <1@example.org>\r\n", "", "Message-ID: 0 times"),
        ("MIME-Version: 1.0\r\n", "", "MIME-Version: 0 times"),
        ("<1@example.org>", "1", "Message-ID: 1"),
        ("Mon, 01 Jun", "Mon, 41 Jun", "Date"),
        ("To: reader@example.org", "To: reader@@example", "To:"),
        ("--b--", "", "CloseBoundary"),
        ("=C3=89", "=c3=89", "broken quoted-printable"),
        ("=C3=89", "=89", "codec"),
        ("charset=utf-8", "charset=unknown", "unknown"),
        ("quoted-printable", "base64", "Base64"),
        ("quoted-printable", "8bit", "encoding 8bit"),
        ("multipart/alternative", "multipart/mixed", "alternative"),
        ("text/plain", "text/html", "text first"),
        ("0J3Q", "\u{fffd}", "octet over 127"),
    ];
    for (from, to, defect) in faults {
        assert!(GOOD.contains(from), "{from}");
        let defects = parse(GOOD.replacen(from, to, 1).as_bytes()).defects;
        assert!(
            defects.iter().any(|found| found.contains(defect)),
            "{from:?} → {to:?}: {defects:?}"
        );
    }
}
