//! What most programs do: lettre's pooled transport, each message built by lettre's builder.
//! `benches/measure send` compares the service with it.
//!
//! Arguments: the relay's address, connections, messages, octets of a message.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use lettre::message::MultiPart;
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio::task::JoinSet;

/// A line of the text, as quoted-printable has to encode it.
const LINE: &str = "<p>Le sommet s’est tenu à Astana : transports, climat, coopération.</p>\n";

fn message(number: usize, text: &str, html: &str) -> Result<Message, Box<dyn Error + Send + Sync>> {
    let message = Message::builder()
        .from("Asie centrale <sender@example.org>".parse()?)
        .to(format!("reader{number}@example.net").parse()?)
        .subject("L’essentiel de la semaine")
        .multipart(MultiPart::alternative_plain_html(
            text.to_owned(),
            html.to_owned(),
        ))?;
    Ok(message)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [relay, connections, messages, octets] = arguments.as_slice() else {
        return Err("give relay, connections, messages, octets".into());
    };
    let (host, port) = relay.split_once(':').ok_or("the relay is HOST:PORT")?;
    let (connections, messages) = (connections.parse()?, messages.parse()?);
    let octets: usize = octets.parse()?;
    let lines = |share: usize| {
        let encoded = message(0, LINE, "").map(|one| one.formatted().len());
        let empty = message(0, "", "").map(|none| none.formatted().len());
        encoded.and_then(|encoded| Ok(LINE.repeat(share / (encoded - empty?).max(1))))
    };
    // A quarter is the text, as in a digest.
    let (text, html) = (lines(octets / 4)?, lines(octets - octets / 4)?);
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
        .port(port.parse()?)
        .pool_config(PoolConfig::new().max_size(u32::try_from(connections)?))
        .build();
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let mut senders = JoinSet::new();
    for _ in 0..connections {
        let (transport, next) = (transport.clone(), Arc::clone(&next));
        let (text, html) = (text.clone(), html.clone());
        senders.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= messages {
                    return Ok::<_, Box<dyn Error + Send + Sync>>(());
                }
                transport.send(message(number, &text, &html)?).await?;
            }
        });
    }
    while let Some(ended) = senders.join_next().await {
        ended??;
    }
    #[allow(clippy::cast_precision_loss)] // a count of messages
    let rate = messages as f64 / begun.elapsed().as_secs_f64();
    #[allow(clippy::print_stdout)] // its one result
    {
        println!("{rate:.1}");
    }
    Ok(())
}
