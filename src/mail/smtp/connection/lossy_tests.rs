//! Relays that announce PIPELINING and lose what is written ahead, and the setting against it.

use super::tests::SHORT;
use super::{Connection, Opened};
use crate::domain::Verdict;
use crate::mail::Relay;
use crate::mail::smtp::scripted_relay::{Outcome, ScriptedRelay, mail, polite, say};

async fn sends(connection: &mut Connection) -> Outcome {
    let opened = connection.open(&mail(SHORT)?).await;
    assert!(matches!(opened, Opened::Ready), "{opened:?}");
    let verdict = connection.finish_now(&mail(SHORT)?).await;
    assert!(matches!(verdict, Verdict::Accepted(_)), "{verdict:?}");
    Ok(())
}

#[tokio::test]
async fn a_relay_that_empties_its_buffer_after_each_command_gets_one_at_a_time() -> Outcome {
    let scripted = ScriptedRelay::start(|heard| match heard.ahead {
        true => say(""),
        false => polite(heard),
    });
    let scripted = scripted.await?;
    let relay = scripted.relay()?;
    let mut first = relay.connect().await?;
    tokio::time::pause();
    let opened = first.open(&mail(SHORT)?).await;
    tokio::time::resume();
    let retry = matches!(&opened, Opened::Lost(end) if end.retry);
    assert!(retry, "it costs nobody an attempt: {opened:?}");
    let mut second = relay.connect().await?;
    assert!(!second.takes_next());
    sends(&mut second).await?;
    sends(&mut second).await?;
    Ok(())
}

#[tokio::test]
async fn a_relay_that_empties_its_buffer_after_a_text_gets_the_next_mail_when_it_has_answered()
-> Outcome {
    let scripted = ScriptedRelay::start(|heard| {
        match heard.ahead && heard.texts > 0 && heard.connection == 0 {
            true => say(""),
            false => polite(heard),
        }
    });
    let scripted = scripted.await?;
    let relay = scripted.relay()?;
    let mut first = relay.connect().await?;
    let opened = first.open(&mail(SHORT)?).await;
    assert!(matches!(opened, Opened::Ready), "{opened:?}");
    let next = mail(SHORT)?;
    let at_once = std::future::ready(Ok::<_, Verdict>(()));
    let verdict = first
        .finish(SHORT.to_owned().into(), Some(&next), at_once)
        .await;
    assert!(matches!(&verdict, Ok(Verdict::Accepted(_))), "{verdict:?}");
    tokio::time::pause();
    let waits = tokio::time::Instant::now();
    let opened = first.next_opened().await.ok_or("nothing was ahead")?;
    assert_eq!(waits.elapsed().as_secs(), 60);
    tokio::time::resume();
    let retry = matches!(&opened, Opened::Lost(end) if end.retry);
    assert!(retry, "{opened:?}");
    let mut second = relay.connect().await?;
    assert!(!second.takes_next(), "it is remembered");
    sends(&mut second).await?;
    sends(&mut second).await?;
    Ok(())
}

#[tokio::test]
async fn without_the_setting_nothing_is_written_ahead() -> Outcome {
    let scripted = ScriptedRelay::start(|heard| match heard.ahead {
        true => say("503 5.5.1 ahead\r\n"),
        false => polite(heard),
    });
    let scripted = scripted.await?;
    let mut smtp = scripted.settings()?;
    smtp.pipelining = false;
    let mut connection = Relay::new("main", &smtp, true)?.connect().await?;
    assert!(!connection.takes_next());
    sends(&mut connection).await?;
    assert!(!scripted.verbs(0).contains("RSET"), "{}", scripted.verbs(0));
    Ok(())
}
