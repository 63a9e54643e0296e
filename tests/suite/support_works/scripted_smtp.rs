use std::time::Duration;

use data_encoding::BASE64;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::support::scripted_smtp::{Reply, Script, ScriptedSmtp, Stage};

/// A client that knows nothing of SMTP but where a reply ends.
struct Client(BufReader<TcpStream>);

impl Client {
    /// Connects and returns the greeting too.
    async fn connect(server: &ScriptedSmtp) -> (Self, String) {
        let stream = TcpStream::connect(("127.0.0.1", server.port()));
        let mut client = Self(BufReader::new(stream.await.unwrap()));
        let greeting = client.reply().await;
        (client, greeting)
    }

    async fn write(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// The last line of the next reply; empty when the connection was closed.
    async fn reply(&mut self) -> String {
        loop {
            let mut line = String::new();
            let read = self.0.read_line(&mut line);
            let read = tokio::time::timeout(Duration::from_secs(10), read).await;
            read.expect("the server is silent").unwrap();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line.trim_end().to_owned();
            }
        }
    }

    async fn say(&mut self, command: &str) -> String {
        self.write(&format!("{command}\r\n")).await;
        self.reply().await
    }

    /// The codes of what a mail to this address is answered; it ends with the first refusal.
    async fn mail(&mut self, to: &str) -> Vec<String> {
        let mut codes = Vec::new();
        let rcpt = format!("RCPT TO:<{to}>");
        for command in ["MAIL FROM:<news@example.org>", &rcpt, "DATA", "Text\r\n."] {
            let reply = self.say(command).await;
            codes.push(reply.chars().take(3).collect::<String>());
            if !reply.starts_with(['2', '3']) {
                break;
            }
        }
        codes
    }
}

#[tokio::test]
async fn a_plain_script_takes_mails_and_counts_them() {
    let server = ScriptedSmtp::start(Script::default()).await;
    let (mut client, greeting) = Client::connect(&server).await;
    assert!(greeting.starts_with("220 "), "{greeting}");
    client.write("EHLO me.example.org\r\n").await;
    assert_eq!(client.reply().await, "250 ENHANCEDSTATUSCODES");
    assert_eq!(client.say("DATA").await, "503 5.5.1 RCPT first");
    assert_eq!(
        client.say("RCPT TO:<a@example.org>").await,
        "503 5.5.1 MAIL first"
    );
    client
        .write("mail from:<news@example.org>\r\nRCPT TO:<a@example.org>\r\nDATA\r\n")
        .await;
    for code in ["250", "250", "354"] {
        assert!(client.reply().await.starts_with(code), "{code}");
    }
    assert_eq!(
        client.say("One\r\n..\r\n..two\r\n.").await,
        "250 2.0.0 taken"
    );
    assert_eq!(
        client.mail("a@example.org").await,
        ["250", "250", "354", "250"]
    );
    assert_eq!(client.say("QUIT").await, "221 2.0.0 bye");
    assert_eq!(client.reply().await, "", "and the connection is closed");
    let accepted = server.accepted();
    assert_eq!(accepted[0].raw, b"One\r\n.\r\n.two\r\n");
    assert_eq!(accepted[0].sender, "news@example.org");
    assert_eq!(server.times_accepted()["a@example.org"], 2);
    assert_eq!(server.mails_by_connection()[&1], 2);
    assert_eq!((server.connections(), server.open_connections()), (1, 0));
    assert_eq!(server.commands_named("ehlo")[0].line, "EHLO me.example.org");
    assert_eq!(server.most_on_one_connection("RCPT"), 3);
}

#[tokio::test]
async fn replies_are_written_to_the_octet_and_connections_closed_behind_them() {
    let odd = b"250 2.1.0 \xcf\xf0\xe8\xed\xff\xf2\xee\n".to_vec();
    let script = Script::default()
        .always(Stage::Mail, Reply::octets(odd.clone()))
        .always(
            Stage::Dot,
            Reply::line("250 ok")
                .and_unasked("421 4.4.2 bye")
                .and_close(),
        )
        .always(Stage::Noop, Reply::silence().and_close());
    let server = ScriptedSmtp::start(script).await;
    let (mut client, _) = Client::connect(&server).await;
    client.write("MAIL FROM:<news@example.org>\r\n").await;
    let mut said = vec![0; odd.len()];
    client.0.read_exact(&mut said).await.unwrap();
    assert_eq!(said, odd);
    client.say("RCPT TO:<a@example.org>").await;
    client.say("DATA").await;
    assert_eq!(client.say("Text\r\n.").await, "250 ok");
    assert_eq!(client.reply().await, "421 4.4.2 bye");
    assert_eq!(client.reply().await, "");
    assert_eq!(server.accepted().len(), 1);
    let (mut client, _) = Client::connect(&server).await;
    assert_eq!(client.say("NOOP").await, "", "no word");
}

#[tokio::test]
async fn a_mail_that_was_not_answered_with_250_is_not_accepted() {
    let script = Script::default().on(Stage::Dot, |moment| match moment.recipient.as_str() {
        "busy@example.org" => Some(Reply::line("432 4.3.2 later")),
        "bare@example.org" => Some(Reply::line("250")),
        _ => None,
    });
    let server = ScriptedSmtp::start(script).await;
    let (mut client, _) = Client::connect(&server).await;
    assert_eq!(
        client.mail("busy@example.org").await,
        ["250", "250", "354", "432"]
    );
    assert_eq!(
        client.mail("bare@example.org").await,
        ["250", "250", "354", "250"]
    );
    let to: Vec<String> = server.times_accepted().into_keys().collect();
    assert_eq!(to, ["bare@example.org"]);
}

#[tokio::test]
async fn limits_hold_for_the_connections_that_they_name() {
    let script = Script::default()
        .connections_at_once(
            1,
            Stage::Mail,
            Reply::line("432 4.3.2 too many connections"),
        )
        .mails_per_connection(1, Stage::Data, Reply::line("452 4.4.5 too many messages"));
    let server = ScriptedSmtp::start(script).await;
    let (mut oldest, _) = Client::connect(&server).await;
    let (mut surplus, _) = Client::connect(&server).await;
    assert_eq!(surplus.mail("a@example.org").await, ["432"]);
    assert_eq!(
        oldest.mail("a@example.org").await,
        ["250", "250", "354", "250"]
    );
    assert_eq!(oldest.mail("b@example.org").await, ["250", "250", "452"]);
    assert_eq!(oldest.say("QUIT").await, "221 2.0.0 bye");
    assert_eq!(oldest.reply().await, "");
    // Now it is the only one.
    assert_eq!(
        surplus.mail("b@example.org").await,
        ["250", "250", "354", "250"]
    );
    assert_eq!(server.most_open(), 2);
}

#[tokio::test]
async fn greylisting_takes_the_same_recipient_later() {
    let script = Script::default().greylists(2, 1, Reply::line("451 4.7.1 Greylisted"));
    let server = ScriptedSmtp::start(script).await;
    let (mut client, _) = Client::connect(&server).await;
    for (to, code) in [
        ("a", 250),
        ("b", 451),
        ("c", 250),
        ("d", 451),
        ("b", 250),
        ("a", 250),
    ] {
        let codes = client.mail(&format!("{to}@example.org")).await;
        assert_eq!(codes[1], code.to_string(), "{to}");
    }
    assert_eq!(server.times_accepted()["b@example.org"], 1);
}

#[tokio::test]
async fn what_lies_behind_a_text_can_be_refused() {
    let refusal = Reply::line("503 Bad sequence of commands - pipelined after end of DATA");
    let server = ScriptedSmtp::start(Script::default().refuses_behind_dot(refusal)).await;
    let (mut client, _) = Client::connect(&server).await;
    let next = "MAIL FROM:<news@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n";
    client.write(&next.replace('b', "a")).await;
    for code in ["250", "250", "354"] {
        assert!(client.reply().await.starts_with(code));
    }
    client.write(&format!("Text\r\n.\r\n{next}")).await;
    for code in ["250", "503", "503", "503"] {
        assert!(client.reply().await.starts_with(code), "{code}");
    }
    assert_eq!(
        client.mail("b@example.org").await,
        ["250", "250", "354", "250"]
    );
    assert_eq!(server.accepted().len(), 2);
}

#[tokio::test]
async fn everybody_who_is_connected_can_be_told_something() {
    let server = ScriptedSmtp::start(Script::default()).await;
    let (mut idle, _) = Client::connect(&server).await;
    server.tell_everybody(Reply::line("421 4.4.2 idle for too long").and_close());
    assert_eq!(idle.reply().await, "421 4.4.2 idle for too long");
    assert_eq!(idle.reply().await, "");
    let (mut later, _) = Client::connect(&server).await;
    assert_eq!(
        later.say("NOOP").await,
        "250 2.0.0 ok",
        "who comes later hears nothing"
    );
}

#[tokio::test]
async fn a_login_is_asked_for_in_the_words_of_the_script() {
    let script = Script::default()
        .asks_for_login("me", "secret")
        .login_prompts(["", "b3RoZXI="])
        .on(Stage::Auth, |moment| {
            (moment.line == "AUTH CRAM-MD5").then(|| Reply::line("504 5.5.4 not that"))
        })
        .ehlo_signs_out();
    let server = ScriptedSmtp::start(script).await;
    assert_eq!(
        server.url(),
        format!("smtp://me:secret@127.0.0.1:{}", server.port())
    );
    let (mut client, _) = Client::connect(&server).await;
    assert_eq!(client.mail("a@example.org").await, ["530"]);
    assert_eq!(client.say("AUTH CRAM-MD5").await, "504 5.5.4 not that");
    let encoded = |text: &str| BASE64.encode(text.as_bytes());
    for (password, code) in [("wrong", "535"), ("secret", "235")] {
        let plain = encoded(&format!("\0me\0{password}"));
        assert!(
            client
                .say(&format!("AUTH PLAIN {plain}"))
                .await
                .starts_with(code)
        );
        assert_eq!(client.say("AUTH LOGIN").await, "334");
        assert_eq!(client.say(&encoded("me")).await, "334 b3RoZXI=");
        assert!(client.say(&encoded(password)).await.starts_with(code));
        let token = encoded(&format!("user=me\x01auth=Bearer {password}\x01\x01"));
        assert!(
            client
                .say(&format!("AUTH XOAUTH2 {token}"))
                .await
                .starts_with(code)
        );
    }
    assert_eq!(client.mail("a@example.org").await.len(), 4);
    client.say("EHLO again.example.org").await;
    assert_eq!(
        client.mail("a@example.org").await,
        ["530"],
        "EHLO has signed out"
    );
}

#[tokio::test]
async fn a_script_sees_where_the_conversation_stands() {
    let script = Script::default().on(Stage::Rcpt, |moment| {
        let (open, sender) = (moment.open, &moment.sender);
        let told = format!(
            "250 connection {} of {open} for {sender}",
            moment.connection
        );
        Some(Reply::line(&told).after(Duration::from_millis(1)))
    });
    let server = ScriptedSmtp::start(script).await;
    let (_first, _) = Client::connect(&server).await;
    let (mut second, _) = Client::connect(&server).await;
    second.say("MAIL FROM:<news@example.org>").await;
    assert_eq!(
        second.say("RCPT TO:<a@example.org>").await,
        "250 connection 2 of 2 for news@example.org"
    );
}
