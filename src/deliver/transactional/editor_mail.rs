//! Mails to editors about their accounts.

use super::compose::{MailError, Prepared, ready};
use crate::domain::{EditorId, MailKind, NewsletterId};
use crate::links::DeskLink;
use crate::mail::{MailLinks, SystemMail, render_system_mail};
use crate::service::Service;
use crate::store;
use crate::store::accounts::editor;
use crate::store::outbox::ClaimedMail;
use crate::texts::TextOverrides;

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
    let purpose = match mail.kind {
        MailKind::EditorInvitation if account.password_hash.is_some() => {
            return Ok(Prepared::NotWanted("the editor has a password already"));
        }
        MailKind::EditorInvitation => DeskLink::Invitation,
        MailKind::PasswordReset => DeskLink::Reset,
        _ => return Ok(Prepared::NotWanted("this kind of mail is not for editors")),
    };
    let all = store::newsletter::list(&mut db).await?;
    drop(db);
    let roles = &account.editor.roles;
    let has_role = |id: NewsletterId| roles.in_newsletter(id).is_some();
    let own = all.iter().find(|newsletter| has_role(newsletter.id));
    let Some(newsletter) = own.or(all.first()) else {
        return Ok(Prepared::NotWanted("there is no newsletter to send it"));
    };
    let hash = account.password_hash.as_deref().unwrap_or_default();
    let url = service.links.desk(purpose, id, hash, mail.created_at);
    let hours_valid = purpose.hours();
    let links = match purpose {
        DeskLink::Invitation => MailLinks::EditorInvitation {
            invitation_url: &url,
            hours_valid,
        },
        DeskLink::Reset => MailLinks::PasswordReset {
            reset_url: &url,
            hours_valid,
        },
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
