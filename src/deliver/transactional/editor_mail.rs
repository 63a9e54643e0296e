//! Mails to editors about their accounts.

use super::compose::{MailError, Prepared, ready};
use crate::domain::{EditorId, Language, MailKind, NewBrowser, Newsletter, NewsletterId};
use crate::links::DeskLink;
use crate::mail::{MailLinks, SystemMail, render_system_mail};
use crate::service::Service;
use crate::store;
use crate::store::accounts::editor;
use crate::store::outbox::ClaimedMail;
use crate::texts::{TextOverrides, local_time};

/// Composes a mail to an editor, in the name of a newsletter in which the person has a role.
pub(super) async fn prepare(
    service: &Service,
    mail: &ClaimedMail,
    id: EditorId,
) -> Result<Prepared, MailError> {
    let mut db = service.store.read().await?;
    let Some(account) = editor::by_id(&mut db, id).await? else {
        return Ok(Prepared::NotWanted("the account is gone"));
    };
    if mail.kind == MailKind::EditorInvitation && account.password_hash.is_some() {
        return Ok(Prepared::NotWanted("the editor has a password already"));
    }
    let all = store::newsletter::list(&mut db).await?;
    drop(db);
    let roles = &account.editor.roles;
    let has_role = |id: NewsletterId| roles.in_newsletter(id).is_some();
    let own = all.iter().find(|newsletter| has_role(newsletter.id));
    let Some(newsletter) = own.or(all.first()) else {
        return Ok(Prepared::NotWanted("there is no newsletter to send it"));
    };
    let hash = account.password_hash.as_deref().unwrap_or_default();
    let link = |link: DeskLink| service.links.desk(link, id, hash, mail.first_due_at);
    let (url, account_url, words);
    let links = match mail.kind {
        MailKind::EditorInvitation => {
            url = link(DeskLink::Invitation);
            MailLinks::EditorInvitation {
                invitation_url: &url,
                hours_valid: DeskLink::Invitation.hours(),
            }
        }
        MailKind::PasswordReset => {
            url = link(DeskLink::Reset);
            MailLinks::PasswordReset {
                reset_url: &url,
                hours_valid: DeskLink::Reset.hours(),
            }
        }
        MailKind::NewBrowser => {
            url = service.links.page("/desk/forgot");
            account_url = service.links.page("/desk/account");
            words = SignInWords::of(mail, account.editor.language, newsletter)?;
            MailLinks::NewBrowser {
                forgot_url: &url,
                account_url: &account_url,
                time: &words.time,
                zone: newsletter.zone_name(),
                browser: &words.browser,
                quiet_until: words.quiet_until.as_deref(),
            }
        }
        MailKind::CodesOff => {
            url = service.links.page("/desk/forgot");
            account_url = service.links.page("/desk/account");
            MailLinks::CodesOff {
                forgot_url: &url,
                account_url: &account_url,
            }
        }
        _ => return Ok(Prepared::NotWanted("this kind of mail is not for editors")),
    };
    let logo = newsletter.logo.as_ref();
    let logo = logo.map(|logo| service.links.logo(logo));
    let rendered = render_system_mail(&SystemMail {
        newsletter,
        several: &[],
        logo_url: logo.as_deref(),
        language: account.editor.language,
        links,
        greet: None,
        words: &TextOverrides::of(account.editor.language, &[]),
        latest: None,
    })?;
    let to = &account.editor.email;
    let outgoing = ready(service, mail, newsletter, to, &rendered, None)?;
    Ok(Prepared::Ready(outgoing, Vec::new()))
}

/// What a notice says of a sign-in.
struct SignInWords {
    time: String,
    browser: String,
    quiet_until: Option<String>,
}

impl SignInWords {
    fn of(
        mail: &ClaimedMail,
        language: Language,
        newsletter: &Newsletter,
    ) -> Result<Self, MailError> {
        let details = mail.details.as_deref().map(serde_json::from_str);
        let details = details.transpose().map_err(MailError::Details)?;
        let details: NewBrowser = details.unwrap_or_default();
        let time = |at| local_time(language, newsletter.time_zone.to_datetime(at));
        Ok(Self {
            time: time(mail.first_due_at),
            browser: details.browser,
            quiet_until: details.quiet_until.map(time),
        })
    }
}
